import { withoutComment } from "../config/hostKey";
import { usualSudo } from "../config/logins";
import { fullWidthWords } from "../config/spelling";
import type { NewHost, NewLogin, NewStack } from "../fleet/newStack";

/** The flags of `lqpt new`, as commander hands them on. */
export interface NewOptions {
  readonly environment?: NewStack["environments"];
  readonly topology?: NewStack["topology"];
  readonly leqiId?: string;
  readonly customer?: string;
  readonly creditCode?: string;
  readonly registeredIp?: string;
  readonly tls?: NewStack["tls"];
  readonly host?: readonly string[];
  readonly hostKey?: readonly string[];
  readonly delivery?: NewHost["delivery"];
  readonly port?: string;
  readonly user?: string;
  readonly auth?: NewHost["auth"];
  readonly sudo?: NewHost["sudo"];
  readonly bastion?: string;
  readonly bastionHostKey?: string;
  readonly bastionPort?: string;
  readonly bastionUser?: string;
  readonly bastionAuth?: NewLogin["auth"];
  readonly allow?: readonly string[];
}

/** Flags that have no default: what must be given where nobody can be asked. */
const NEEDED = ["environment", "topology", "leqiId", "tls", "host"] as const;

/**
 * Everything about a new stack, from the flags alone.
 *
 * @throws Error naming the flags that are missing.
 */
export function answersOf(options: NewOptions): NewStack {
  const { environment, topology, leqiId, tls, host } = options;
  if (
    environment === undefined ||
    topology === undefined ||
    leqiId === undefined ||
    tls === undefined ||
    host === undefined
  ) {
    const missing = NEEDED.filter((name) => options[name] === undefined).map(flag);
    throw new Error(
      `missing: ${missing.join(", ")}; expected each of them, since there is no terminal to ask at. See lqpt new --help`,
    );
  }
  const { customer, creditCode, registeredIp, allow = [] } = options;
  // A .pub file ends in a comment, which is no part of the key.
  const hostKey = (options.hostKey ?? []).map(withoutComment);
  if (hostKey.length > host.length) {
    throw new Error(
      `${hostKey.length} of --host-key for ${host.length} of --host; expected one for each at most, in the same order`,
    );
  }
  return {
    ...{ environments: environment, topology, leqiId, tls, customer, creditCode, registeredIp },
    hosts: host.map((address, index) => hostOf(address, hostKey[index], options)),
    bastion: bastionOf(options),
    allow: sourcesOf(allow),
  };
}

function hostOf(address: string, hostKey: string | undefined, options: NewOptions): NewHost {
  const { delivery = "ssh", port = "22", user = "root", auth = "agent" } = options;
  const { sudo = usualSudo(user) } = options;
  return { address, port: portOf("--port", port), user, auth, sudo, delivery, hostKey };
}

/** Flags that mean something beside `--bastion` alone. */
export const BESIDE_BASTION = [
  ...(["bastionPort", "bastionUser", "bastionAuth", "bastionHostKey"] as const),
  ...(["bastionPrivateKey", "bastionPasswordFile"] as const),
];

function bastionOf(options: NewOptions): NewLogin | undefined {
  const { bastion: address, bastionUser: user, bastionPort: port = "22" } = options;
  if (address === undefined) {
    const lost = BESIDE_BASTION.filter((name) => name in options).map(flag);
    if (lost.length === 0) return undefined;
    throw new Error(`missing: --bastion; expected it beside ${lost.join(", ")}`);
  }
  if (options.delivery === "bundle") {
    throw new Error(
      "--bastion with --delivery bundle: nobody dials such a machine, through a bastion or not; expected one of the two",
    );
  }
  if (user === undefined)
    throw new Error("missing: --bastion-user; expected whom to log in to the bastion as");
  const { bastionAuth: auth = "agent", bastionHostKey } = options;
  const hostKey = bastionHostKey === undefined ? undefined : withoutComment(bastionHostKey);
  return { address, port: portOf("--bastion-port", port), user, auth, hostKey };
}

/**
 * A port as it was typed.
 *
 * @throws Error where it is none.
 */
export function portOf(option: string, text: string): number {
  if (isPort(text)) return Number(text);
  throw new Error(`${option} ${text}: ${fullWidthWords(text, isPort)}expected a number from 1 to 65535`);
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65535;
}

/** An address that two of `--allow` name. */
export class NamedTwice extends Error {
  override readonly name = "NamedTwice";

  constructor(address: string) {
    super(`--allow ${address}: twice; expected each address once`);
  }
}

function sourcesOf(texts: readonly string[]): Record<string, string> {
  const sources = texts.map(sourceOf);
  const twice = sources.find(([address], index) => sources.findIndex(([one]) => one === address) < index);
  if (twice !== undefined) throw new NamedTwice(twice[0]);
  return Object.fromEntries(sources);
}

function sourceOf(text: string): readonly [string, string] {
  // The sign of a Chinese input method can mean nothing else here; in the address it is named and refused.
  const [, address = "", owner = ""] = /^([^=＝]*)[=＝](.*)$/s.exec(text) ?? [];
  if (address.trim() !== "" && owner.trim() !== "") return [address.trim(), owner.trim()];
  throw new Error(`--allow ${text}: expected ADDRESS=OWNER, such as 203.0.113.9=ACME`);
}

/** An option as it is typed, by commander's name of it. */
export function flag(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
