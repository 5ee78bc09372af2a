/** Why a host's public key cannot be pinned, and what to do about it. */
export interface HostKeyProblem {
  readonly problem: string;
  readonly next: string;
}

/** Types of keys that can be pinned. Of those that a machine has, the first is taken. */
export const HOST_KEY_TYPES = [
  "ssh-ed25519",
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521",
] as const;
export type HostKeyType = (typeof HOST_KEY_TYPES)[number];

/** How a person gets a host's key; ADDRESS is replaced by them. */
export const GET_HOST_KEY =
  "run `ssh-keyscan -t ed25519 ADDRESS`, compare it with what the machine itself shows " +
  "(`cat /etc/ssh/ssh_host_ed25519_key.pub`), and write it here without the host name";

/** What is said of a key that another host is pinned to already. */
export function copiedKey(known: string): HostKeyProblem & { readonly allowed: string } {
  return {
    problem: `${known} has the same host key: it is the same machine, or a copy whose keys were not made anew`,
    allowed: "the key of this machine and no other",
    next: "of a copied machine: rm /etc/ssh/ssh_host_*, ssh-keygen -A, then pin the new key",
  };
}

const CURVES: Readonly<Record<string, { readonly name: string; readonly bytes: number }>> = {
  "ecdsa-sha2-nistp256": { name: "nistp256", bytes: 32 },
  "ecdsa-sha2-nistp384": { name: "nistp384", bytes: 48 },
  "ecdsa-sha2-nistp521": { name: "nistp521", bytes: 66 },
};

/** `TYPE BASE64` without the comment that a .pub file ends in. */
export function withoutComment(text: string): string {
  return text.trim().split(/\s+/).slice(0, 2).join(" ");
}

/** Undefined where the key can be pinned. */
export function hostKeyProblem(text: string): HostKeyProblem | undefined {
  const [type = "", encoded = ""] = text.trim().split(/\s+/);
  if (type === "ssh-rsa" || type.startsWith("rsa-sha2-")) return RSA;
  if (type !== "ssh-ed25519" && CURVES[type] === undefined) return unknownType(text);
  const blob = Buffer.from(encoded, "base64");
  const exact = blob.toString("base64").replace(/=+$/, "") === encoded.replace(/=+$/, "");
  if (encoded !== "" && exact && isWhole(type, readStrings(blob))) return undefined;
  return { problem: `what follows ${type} is not a whole key of that type`, next: GET_HOST_KEY };
}

const RSA: HostKeyProblem = {
  problem:
    "RSA host keys cannot be pinned: only the pinned type is offered to the host, for RSA that means " +
    "signatures by SHA-1 (ssh-rsa), and new versions of sshd refuse those",
  next: GET_HOST_KEY,
};

function unknownType(text: string): HostKeyProblem {
  const named = /\s(ssh-ed25519|ecdsa-sha2-nistp\d+)\s/.test(text);
  return {
    problem: named ? "something stands before the key's type" : "this does not begin with a known key type",
    next: named ? "leave out the host name that ssh-keyscan writes before it" : GET_HOST_KEY,
  };
}

/** The length-prefixed strings that an SSH public key consists of; undefined where the lengths do not fit. */
function readStrings(blob: Buffer): Buffer[] | undefined {
  const strings: Buffer[] = [];
  for (let at = 0; at < blob.length;) {
    if (at + 4 > blob.length) return undefined;
    const end = at + 4 + blob.readUInt32BE(at);
    if (end > blob.length) return undefined;
    strings.push(blob.subarray(at + 4, end));
    at = end;
  }
  return strings;
}

function isWhole(type: string, strings: readonly Buffer[] | undefined): boolean {
  const [typeAgain, ...rest] = strings ?? [];
  if (typeAgain?.toString("latin1") !== type) return false;
  const curve = CURVES[type];
  if (curve === undefined) return rest.length === 1 && rest[0]?.length === 32;
  const [name, point] = rest;
  const uncompressed = point?.length === 1 + 2 * curve.bytes && point[0] === 4;
  return rest.length === 2 && name?.toString("latin1") === curve.name && uncompressed;
}
