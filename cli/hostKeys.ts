import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { fingerprint } from "../config/fingerprint";
import { HOST_KEY_TYPES, hostKeyProblem } from "../config/hostKey";
import { callError } from "../fleet/callError";
import { hostKeyThrough } from "../fleet/hostKeyThrough";
import { BASTION_NAME, type NewLogin, type NewStack } from "../fleet/newStack";
import type { Language } from "../words/language";
import { NEW_STACK_WORDS } from "../words/newStack";
import type { Asker } from "./asker";
import { byLogin, type Secret, type SecretFiles, secretsOfBastion } from "./newSecrets";

/** How long a machine may take to answer, seconds. */
const PATIENCE = 10;
const BEHIND = "Is it behind a bastion (--bastion)?";

/** What says whose key is whose, and how a bastion is logged in to. */
interface KeyOptions extends SecretFiles {
  readonly lang: Language;
  /** Fingerprints, instead of the question. */
  readonly agreed?: readonly string[];
}

type Known<T extends NewLogin> = T & { readonly hostKey: string };
type Fetch = (address: string, port: number) => Promise<string>;

/** Machines that are known for what they are. */
interface KnownMachines extends Pick<NewStack, "hosts" | "bastion"> {
  /** The bastion's: the hosts are asked for their keys through it. */
  readonly secrets: readonly Secret[];
}

/**
 * Asks each machine for its key where it was not given, and a person whether it is the machine's own: the bastion first,
 * and the hosts through it.
 *
 * @throws Error where nobody answers, nobody agreed to a key, or a secret of the bastion's is missing.
 */
export async function withHostKeys(
  given: NewStack,
  options: KeyOptions,
  ask: Asker | undefined,
): Promise<KnownMachines> {
  if (given.bastion === undefined) {
    return { bastion: undefined, hosts: await known(given.hosts, fetchHostKey, options, ask), secrets: [] };
  }
  const bastion = await withHostKey(given.bastion, fetchHostKey, options, ask);
  const secrets = await secretsOfBastion(bastion, options, ask);
  const through: Fetch = async (address, port) =>
    hostKeyThrough({ ...bastion, name: BASTION_NAME }, byLogin(secrets), { address, port });
  return { bastion, hosts: await known(given.hosts, through, options, ask), secrets };
}

async function known(
  hosts: NewStack["hosts"],
  fetch: Fetch,
  options: KeyOptions,
  ask: Asker | undefined,
): Promise<NewStack["hosts"]> {
  const all: NewStack["hosts"][number][] = [];
  for (const host of hosts) {
    all.push(host.delivery === "bundle" ? host : await withHostKey(host, fetch, options, ask));
  }
  return all;
}

async function withHostKey<T extends NewLogin>(
  login: T,
  fetch: Fetch,
  { agreed = [], lang }: KeyOptions,
  ask: Asker | undefined,
): Promise<Known<T>> {
  const { address, port } = login;
  if (login.hostKey !== undefined) return { ...login, hostKey: login.hostKey };
  console.error(NEW_STACK_WORDS[lang].askingKey(address));
  const hostKey = await fetch(address, port);
  await agreeTo(address, fingerprint(hostKey), agreed, ask);
  return { ...login, hostKey };
}

async function agreeTo(
  address: string,
  print: string,
  agreed: readonly string[],
  ask: Asker | undefined,
): Promise<void> {
  if (agreed.includes(print)) return;
  if (ask !== undefined && agreed.length === 0 && (await ask.yes(ask.words.compare(address, print)))) return;
  throw new Error(
    `${address} answers with the host key ${print}, which nobody agreed to; expected ${agreed.join(" or ") || "--agreed with the fingerprint that the machine itself shows"}. Nothing was written`,
  );
}

/**
 * Asks a machine for its public key. Whoever answers at the address may be anybody: a person must compare it.
 *
 * @param address checked already, so that it is no option of ssh-keyscan's
 * @throws Error where nobody answers, or with no key that can be pinned.
 */
async function fetchHostKey(address: string, port: number): Promise<string> {
  const args = ["-T", String(PATIENCE), "-t", "ed25519,ecdsa", "-p", String(port), address];
  const { stdout } = await promisify(execFile)("ssh-keyscan", args).catch((error: unknown) => {
    throw new Error(
      `no host key of ${address}: ${callError("ssh-keyscan", error)}; expected an sshd at port ${port}. ${BEHIND}`,
    );
  });
  const keys = stdout
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => line.split(" ").slice(1).join(" "))
    .filter((key) => hostKeyProblem(key) === undefined);
  const [key] = HOST_KEY_TYPES.flatMap((type) => keys.filter((one) => one.startsWith(`${type} `)));
  if (key !== undefined) return key;
  throw new Error(
    `no host key of ${address}: nothing that can be pinned came from port ${port} within ${PATIENCE} s; expected an sshd with an ed25519 or ecdsa key. Is the address right, and does the network let you through? ${BEHIND}`,
  );
}
