import { createHash } from "node:crypto";

/** A public key (`ssh-ed25519 AAAA…`) as `ssh-keygen -l` prints it on the machine: `SHA256:…`. */
export function fingerprint(hostKey: string): string {
  const [, encoded = ""] = hostKey.split(" ");
  const hash = createHash("sha256").update(Buffer.from(encoded, "base64")).digest("base64");
  return `SHA256:${hash.replace(/=+$/, "")}`;
}
