import { randomBytes } from "node:crypto";
import { dump } from "js-yaml";
import { writtenKeys } from "../config/fromYaml";
import { stackFile } from "../config/input";
import { neededSecrets, usualSudo } from "../config/logins";
import { parseStack } from "../config/parse";
import type { ProjectFolder } from "../config/projectFolder";
import { toStackInput } from "../config/stackInput";
import { DEFAULT_PORT } from "../config/schema";
import { toPrintable } from "../documents/report";
import type { Environment, HostConfig, Login, LoginSecrets, StackConfig, Topology } from "../config/types";
import type { TakenOver } from "./takeOver";

/** How a machine of a new customer is dialled. */
export interface NewLogin extends Omit<Login, "hostKey"> {
  /** Undefined as long as it is not fetched, or where nobody dials. */
  readonly hostKey: string | undefined;
}

/** One machine of a new customer. */
export interface NewHost extends NewLogin {
  readonly sudo: HostConfig["sudo"];
  readonly delivery: HostConfig["delivery"];
}

/** All that is asked of a new customer; what is undefined is left to its default. */
export interface NewStack {
  readonly environments: readonly Environment[];
  readonly topology: Topology;
  readonly leqiId: string;
  readonly customer: string | undefined;
  readonly creditCode: string | undefined;
  readonly registeredIp: string | undefined;
  readonly tls: "none" | "self-signed";
  readonly hosts: readonly NewHost[];
  /** Through which all of them are dialled; undefined: directly. */
  readonly bastion: NewLogin | undefined;
  /** From each IPv4 address or network to whose it is, beside what the environments' files have. */
  readonly allow: Readonly<Record<string, string>>;
  /** Undefined where the machine is new. */
  readonly takenOver?: TakenOverStack;
}

/** What more the file says where the machine runs already, and the port that it serves. */
export type TakenOverStack = Omit<TakenOver, "allow" | "callersUnknown" | "decisions"> & {
  readonly port: number;
  /** Comments at the head of the file. */
  readonly comments: readonly string[];
};

/** Names of what `lqpt:secrets` must hold for a host. */
export type SecretName = keyof LoginSecrets;

/** How the bastion is called. */
export const BASTION_NAME = "jump-1";

/** How hosts are called, in the order in which they were given. */
export function hostName(index: number): string {
  return `proxy-${index + 1}`;
}

/** Which secrets reaching a host or a bastion takes. */
export function secretsOf(login: NewLogin & Partial<NewHost>): SecretName[] {
  return login.delivery === "bundle" ? [] : (Object.keys(neededSecrets(login)) as SecretName[]);
}

/** An owner's mark that no other stack has: the stack's name, as far as a mark allows it, and four random digits. */
export function newMark(stack: string): string {
  const plain = stack
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+|-+$/g, "");
  return `${plain.slice(0, 30) || "stack"}-${randomBytes(2).toString("hex")}`;
}

/** The text of a stack's file. Its secrets are set by Pulumi afterwards, which encrypts them. */
export function renderStackFile(mark: string, answers: NewStack): string {
  return [
    "# What each key means: docs/configuration.md. What counts in the end, with what is inherited: npx lqpt show",
    // Readers of YAML take other characters for a line's end than a person does, and what follows for keys.
    ...(answers.takenOver?.comments ?? []).map((comment) => `# ${toPrintable(comment)}`),
    dump({ config: configOf(mark, answers) }, { forceQuotes: true, quotingType: '"', lineWidth: -1 }),
  ].join("\n");
}

/**
 * Checks a stack before its file is written, as `lqpt lint` would: a host whose key is not known yet, and secrets that
 * are not set yet, are no mistakes.
 *
 * @throws ConfigError with all mistakes at once.
 */
export function checkNewStack(
  folder: ProjectFolder,
  stack: string,
  mark: string,
  answers: NewStack,
): StackConfig {
  const hosts = answers.hosts.map((host, index) => ({ ...host, hostKey: host.hostKey ?? noKey(index) }));
  const bastion = answers.bastion && { ...answers.bastion, hostKey: answers.bastion.hostKey ?? noKey() };
  const logins = [
    ...hosts.map((host, index) => [hostName(index), host] as const),
    ...(bastion === undefined ? [] : [[BASTION_NAME, bastion] as const]),
  ];
  const secrets = logins.flatMap(([login, how]) => {
    const names = secretsOf(how).map((name) => [name, { secure: "" }] as const);
    return names.length === 0 ? [] : [[login, Object.fromEntries(names)] as const];
  });
  const config = {
    ...configOf(mark, { ...answers, hosts, bastion }),
    ...(secrets.length === 0 ? {} : { "lqpt:secrets": Object.fromEntries(secrets) }),
  };
  const keys = writtenKeys(stackFile(stack), dump({ config }, { forceQuotes: true, lineWidth: -1 }));
  return parseStack(toStackInput(stack, folder, keys));
}

/** What stands for a key that is not asked for yet. No machine has it, and no two have one. */
function noKey(index = 255): string {
  const blob = [Buffer.from("0000000b", "hex"), Buffer.from("ssh-ed25519"), Buffer.from("00000020", "hex")];
  return `ssh-ed25519 ${Buffer.concat([...blob, Buffer.alloc(31), Buffer.of(index)]).toString("base64")}`;
}

function configOf(mark: string, answers: NewStack): Record<string, unknown> {
  const { environments, topology, leqiId, customer, creditCode, registeredIp, tls, allow } = answers;
  const { hosts, bastion } = answers;
  const via = bastion === undefined ? undefined : BASTION_NAME;
  const { port, tls: found, ...takenOver } = takenOverOf(answers.takenOver);
  const values = {
    id: mark,
    environments,
    topology,
    leqiId,
    customer: customer === undefined ? undefined : known({ name: customer, creditCode }),
    registeredIp,
    listen: known({ port, tls: found ?? tls }),
    allow: unlessEmpty(allow),
    ...takenOver,
    hosts: Object.fromEntries(hosts.map((host, index) => [hostName(index), hostOf(host, via)])),
    bastions: bastion && { [BASTION_NAME]: loginOf(bastion) },
  };
  return Object.fromEntries(Object.entries(known(values)).map(([key, value]) => [`lqpt:${key}`, value]));
}

/** What a machine that runs already adds: nothing of what it lets pass is refused at first. */
function takenOverOf(found: TakenOverStack | undefined): Record<string, unknown> {
  if (found === undefined) return {};
  const { port, remove, keepOpen, hasNginx, tls } = found;
  return {
    tls,
    port: port === DEFAULT_PORT ? undefined : port,
    remove: unlessEmpty(remove),
    site: { enforce: false },
    nginx: hasNginx ? { source: "existing" } : undefined,
    firewall: keepOpen.length === 0 ? undefined : { keepOpen },
  };
}

function unlessEmpty(texts: Readonly<Record<string, string>>): object | undefined {
  return Object.keys(texts).length === 0 ? undefined : texts;
}

function hostOf(host: NewHost, bastion: string | undefined): Record<string, unknown> {
  const { address, user, sudo, delivery } = host;
  if (delivery === "bundle") return { address, delivery };
  return { ...loginOf(host), ...known({ sudo: sudo === usualSudo(user) ? undefined : sudo, bastion }) };
}

/** Only what is not the default: a small file is read, a long one is not. */
function loginOf({ address, port, user, auth, hostKey }: NewLogin): Record<string, unknown> {
  return known({
    address,
    port: port === 22 ? undefined : port,
    user,
    auth: auth === "agent" ? undefined : auth,
    hostKey,
  });
}

function known(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
