import { usualSudo } from "../config/logins";
import type { NewHost, NewStack } from "../fleet/newStack";
import type { Asker } from "./asker";

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
  const { customer, creditCode, registeredIp, hostKey = [], allow = [] } = options;
  if (hostKey.length > host.length) {
    throw new Error(
      `${hostKey.length} of --host-key for ${host.length} of --host; expected one for each at most, in the same order`,
    );
  }
  return {
    ...{ environments: environment, topology, leqiId, tls, customer, creditCode, registeredIp },
    hosts: host.map((address, index) => hostOf(address, hostKey[index], options)),
    allow: sourcesOf(allow),
  };
}

function hostOf(address: string, hostKey: string | undefined, options: NewOptions): NewHost {
  const { delivery = "ssh", port = "22", user = "root", auth = "agent" } = options;
  const { sudo = usualSudo(user) } = options;
  return { address, port: Number(port), user, auth, sudo, delivery, hostKey };
}

function sourcesOf(texts: readonly string[]): Record<string, string> {
  const sources = texts.map(sourceOf);
  const twice = sources.find(([address], index) => sources.findIndex(([one]) => one === address) < index);
  if (twice !== undefined) throw new Error(`--allow ${twice[0]}: twice; expected each address once`);
  return Object.fromEntries(sources);
}

function sourceOf(text: string): readonly [string, string] {
  const at = text.indexOf("=");
  if (at > 0 && at < text.length - 1) return [text.slice(0, at).trim(), text.slice(at + 1).trim()];
  throw new Error(`--allow ${text}: expected ADDRESS=OWNER, such as 203.0.113.9=ACME`);
}

function flag(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** The same flags, with what is missing asked of a person. What has a default that fits is asked too: it is seldom right unseen. */
export async function askFor(options: NewOptions, ask: Asker): Promise<NewOptions> {
  const { words } = ask;
  const environment =
    options.environment ?? (await ask.choices(words.environments, { sandbox: "sandbox", prod: "prod" }));
  const topology =
    options.topology ??
    (await ask.choice(words.topology, { "public-cloud": words.public, "private-cloud": words.private }));
  const leqiId = options.leqiId ?? (await ask.text(words.leqiId));
  const customer = options.customer ?? (await ask.text(words.customer));
  const host = options.host ?? (await ask.text(words.host)).split(/\s+/).filter((address) => address !== "");
  const delivery =
    options.delivery ?? (await ask.choice(words.delivery, { ssh: words.ssh, bundle: words.bundle }));
  const tls =
    options.tls ?? (await ask.choice(words.tls, { "self-signed": words.selfSigned, none: words.http }));
  const allow = options.allow ?? (await askForSources(ask));
  return {
    ...{ ...options, environment, topology, leqiId, host, delivery, tls, allow },
    ...(customer === "" ? {} : { customer }),
    ...(delivery === "ssh" ? await askForLogin(options, ask) : {}),
  };
}

async function askForLogin(options: NewOptions, ask: Asker): Promise<NewOptions> {
  const { words } = ask;
  const user = options.user ?? (await ask.text(words.user));
  const auth =
    options.auth ??
    (await ask.choice(words.auth, { agent: words.agent, key: words.key, password: words.password }));
  if (user === "root" || options.sudo !== undefined) return { user, auth };
  const sudo = await ask.choice(words.sudo, { nopasswd: words.nopasswd, password: words.withPassword });
  return { user, auth, sudo };
}

async function askForSources(ask: Asker): Promise<string[]> {
  const sources: string[] = [];
  for (;;) {
    const text = await ask.text(ask.words.allow);
    if (text === "") return sources;
    sources.push(text);
  }
}
