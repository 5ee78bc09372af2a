import type { Toolchain } from "../../tools/toolchain";
import type { Runner } from "../support/engine";
import { type Program, Project } from "./project";
import { type Keys, type SshHost, PASSWORD, PORTS, RAN, USER } from "./sshd";

/** What every part of the table works with. */
export interface Context {
  readonly chain: Toolchain;
  readonly runner: Runner;
  readonly host: SshHost;
  readonly keys: Keys;
  /** Taken away when the lab is. */
  readonly folder: string;
  /** Socket of an agent that holds `keys.user`. */
  readonly agent: string;
}

/** One row: a sentence about behaviour, and what shows it in what the runs left behind. */
export type Row<Evidence> = readonly [sentence: string, check: (evidence: Evidence) => void];

/** A project with its stack made. */
export async function makeProject(
  context: Context,
  env: Readonly<Record<string, string>> = {},
): Promise<Project> {
  return Project.create({ ...context, env });
}

/** A connection to one of the sshds, by default as USER with a key and the right host key pinned. */
export function connection(
  { host, keys }: Context,
  port: keyof typeof PORTS,
  own: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> {
  const usual = { privateKey: keys.user, hostKey: keys.hostEd25519, dialErrorLimit: 0 };
  return { host: host.address, port: PORTS[port], user: USER, ...usual, ...own };
}

/** The same without a key: the password alone. */
export function passwordConnection(
  context: Context,
  port: keyof typeof PORTS,
  own: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> {
  return connection(context, port, { privateKey: undefined, password: PASSWORD, ...own });
}

/** A shell line that reads its standard input and does nothing: one that leaves it unread can fail with EOF. */
export const NOTHING = "cat >/dev/null";

/** A shell line that says in RAN that it ran, and with which standard input. */
export function note(what: string): string {
  return `echo "${what} [$(tr '\\n' ' ')]" >> ${RAN}`;
}

/** A program without some of its resources. */
export function without(program: Program, ...names: readonly string[]): Program {
  return Object.fromEntries(Object.entries(program).filter(([name]) => !names.includes(name)));
}
