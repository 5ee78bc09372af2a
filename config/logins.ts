import type * as v from "valibot";
import { removeAt, setSecretAt } from "./commands";
import { CERTIFICATE } from "./listener";
import { ARCHIVE } from "./nginxSource";
import { copiedKey } from "./hostKey";
import { isMapping, type Mapping, type Place, readEach } from "./read";
import { bastionSchema, bundleHostSchema, hostSchema, NAME, NAME_RULE, secretsSchema } from "./schema";
import { fullWidthProblem } from "./spelling";
import type { Bastion, HostConfig, LoginSecrets } from "./types";

type HostFields = Partial<v.InferOutput<typeof bundleHostSchema>>;
type BastionFields = Partial<v.InferOutput<typeof bastionSchema>>;
/** With each of its keys perhaps undefined. */
type Loose<T> = { [K in keyof T]: T[K] | undefined };

/** What a stack says of the machines, as far as it could be read. */
interface Written {
  readonly hosts: ReadonlyMap<string, HostFields>;
  readonly bastions: ReadonlyMap<string, BastionFields>;
  readonly secrets: Mapping;
}

/**
 * Reads the hosts with their bastions and checks the rules between them. What it returns is whole
 * only where nothing was told.
 */
export function readHosts(
  values: { readonly hosts: Mapping; readonly bastions: Mapping; readonly secrets: Mapping },
  stack: Place,
): HostConfig[] {
  const hosts = readNamed(values.hosts, readHost, stack.at("hosts"));
  const bastions = readNamed(values.bastions, readBastion, stack.at("bastions"));
  const written: Written = { hosts, bastions, secrets: values.secrets };
  checkNames(written, stack);
  checkTwins(hosts, stack.at("hosts"));
  for (const [name, host] of hosts) {
    checkHost(host, written, stack.at("hosts", name));
    checkSecrets(name, host, "hosts", written, stack);
  }
  for (const [name, bastion] of bastions) checkSecrets(name, bastion, "bastions", written, stack);
  return [...hosts].map(([name, host]) => toHost(name, host, bastions));
}

/** What is written under a host's name, as far as it can be read. */
export function readHost(written: unknown, place: Place): HostFields {
  return isMapping(written) && written["delivery"] === "bundle"
    ? readEach(bundleHostSchema, written, place)
    : readEach(hostSchema, written, place);
}

/** The same under a bastion's. */
export function readBastion(written: unknown, place: Place): BastionFields {
  return readEach(bastionSchema, written, place);
}

function readNamed<T>(
  values: Mapping,
  readOne: (written: unknown, place: Place) => T,
  place: Place,
): Map<string, T> {
  return new Map(
    Object.entries(values).map(([name, value]) => {
      if (!NAME.test(name))
        place
          .at(name)
          .wrong(name, { ...fullWidthProblem(name, (plain) => NAME.test(plain)), allowed: NAME_RULE });
      return [name, readOne(value, place.at(name))];
    }),
  );
}

function checkNames({ hosts, bastions, secrets }: Written, stack: Place): void {
  for (const name of bastions.keys()) {
    if (!hosts.has(name)) continue;
    stack.at("bastions", name).wrong(name, {
      problem: "a host has the same name, and secrets are told apart by the name",
      allowed: "a name that no host has",
    });
  }
  for (const [kind, names] of [["hosts", hosts] as const, ["bastions", bastions] as const]) {
    if (!names.has(CERTIFICATE)) continue;
    stack.at(kind, CERTIFICATE).wrong(CERTIFICATE, {
      problem: `lqpt:secrets.${CERTIFICATE} is the listener's`,
      allowed: "another name",
    });
  }
  for (const name of Object.keys(secrets)) {
    if (name === CERTIFICATE || name === ARCHIVE) continue;
    if (hosts.has(name) || bastions.has(name)) continue;
    const names = [...hosts.keys(), ...bastions.keys()];
    const place = stack.at("secrets", name);
    place.wrong(name, {
      problem: "there is no host or bastion of this name",
      allowed: names.length === 0 ? "nothing, in a stack without hosts" : names.join(", "),
      next: `correct the name, or remove it: ${removeAt(place)}`,
    });
  }
}

/** Two names for one machine would overwrite each other's document on every run. */
function checkTwins(hosts: ReadonlyMap<string, HostFields>, place: Place): void {
  const places = new Map<string, string>();
  const keys = new Map<string, string>();
  for (const [name, { address, port, hostKey }] of hosts) {
    const at = address === undefined || port === undefined ? undefined : `${address.toLowerCase()}:${port}`;
    const twin = firstOf(places, at, name);
    const copy = firstOf(keys, hostKey, name);
    if (twin !== undefined) {
      place.at(name, "address").wrong(address, {
        problem: `${twin} has the same address and port, so both names mean one machine`,
        allowed: "each machine once",
      });
    } else if (copy !== undefined) {
      place.at(name, "hostKey").wrong(hostKey, copiedKey(copy));
    }
  }
}

/** Whose `key` it is already; notes it down where it is nobody's. */
function firstOf(known: Map<string, string>, key: string | undefined, name: string): string | undefined {
  if (key === undefined) return undefined;
  const first = known.get(key);
  if (first === undefined) known.set(key, name);
  return first;
}

function checkHost(host: HostFields, { bastions }: Written, place: Place): void {
  if (host.bastion !== undefined && !bastions.has(host.bastion)) {
    const names = [...bastions.keys()];
    place.at("bastion").wrong(host.bastion, {
      problem: "lqpt:bastions has no entry of this name",
      allowed: names.length === 0 ? "nothing, while there is no lqpt:bastions" : names.join(", "),
    });
  }
  if (host.user === undefined || host.sudo === undefined) return;
  const isRoot = host.user === "root";
  if (isRoot && host.sudo !== "none") {
    place
      .at("sudo")
      .wrong(host.sudo, { problem: "root needs no sudo", allowed: "none, or leave the key out" });
  } else if (!isRoot && host.sudo === "none") {
    place.at("sudo").wrong(host.sudo, {
      problem: `${host.user} is not root, and the firewall and nginx are changed as root`,
      allowed: "nopasswd, password",
    });
  }
}

/** Each secret that is needed must be there, and no other: one that is not used is one to leak. */
function checkSecrets(
  name: string,
  login: HostFields,
  kind: "hosts" | "bastions",
  { secrets }: Written,
  stack: Place,
): void {
  const place = stack.at("secrets", name);
  const given = Object.hasOwn(secrets, name) ? secrets[name] : {};
  readEach(secretsSchema, given, place);
  if (!isMapping(given) || login.auth === undefined) return;
  const needed = neededSecrets(login);
  // Those of a host that is not dialled for now may wait for the day when it is.
  const dialled = login.delivery !== "bundle";
  for (const [secret, why] of Object.entries(needed)) {
    if (given[secret] !== undefined || !dialled) continue;
    place.at(secret).wrong(undefined, {
      problem: `lqpt:${kind}.${name} says ${why}`,
      allowed: "an encrypted text",
      next: setSecretAt(place.at(secret)),
    });
  }
  for (const secret of Object.keys(secretsSchema.entries)) {
    if (given[secret] === undefined || secret in needed) continue;
    place.at(secret).wrong(given[secret], {
      problem: `nothing in lqpt:${kind}.${name} uses it`,
      allowed: Object.keys(needed).join(", ") || "nothing, with the agent",
      next: removeAt(place.at(secret)),
    });
  }
}

/** The secrets that reaching a host or bastion takes, each with the words of its config that say so. */
export function neededSecrets({
  auth,
  sudo,
}: Pick<HostFields, "auth" | "sudo">): Readonly<Partial<Record<keyof LoginSecrets, string>>> {
  return {
    ...(auth === "key" && { privateKey: "auth: key" }),
    ...(auth === "password" && { password: "auth: password" }),
    ...(sudo === "password" && { sudoPassword: "sudo: password" }),
  };
}

/** How root is had where the config does not say. */
export function usualSudo(user: string | undefined): HostConfig["sudo"] {
  return user === "root" ? "none" : "nopasswd";
}

function toHost(name: string, host: HostFields, bastions: ReadonlyMap<string, BastionFields>): HostConfig {
  const { sudo = usualSudo(host.user), bastion } = host;
  const via = bastion === undefined ? undefined : bastions.get(bastion);
  return {
    ...toLogin(name, host),
    sudo,
    bastion: bastion === undefined || via === undefined ? undefined : toLogin(bastion, via),
    system: host.system,
    delivery: host.delivery ?? "ssh",
    state: host.state ?? "in",
  };
}

function toLogin(name: string, login: Loose<BastionFields>): Bastion {
  const { address = "", port = 22, user = "", auth = "agent", hostKey = "" } = login;
  return { name, address, port, user, auth, hostKey };
}
