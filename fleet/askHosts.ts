import type { HostConfig } from "../config/types";
import { renderBrought, renderCall, renderStdin } from "../documents/remoteShell";
import { toPrintable } from "../documents/report";
import { type LoginRefusal, NotConnected } from "./dialErrors";
import { lastWords } from "./lastWords";
import type { SecretsByName } from "./line";
import { pooled } from "./pool";
import { type Ran, Session } from "./session";

/** How many hosts are asked at a time. */
const POOL = 16;

/** What lqptctl is called with on a host. */
export interface Question {
  /** The verb and its options. */
  readonly words: readonly string[];
  /** After which nobody waits any longer. */
  readonly seconds: number;
  /** lqptctl itself, packed, to be brought and called without being installed; undefined: the one that is there. */
  readonly tool?: string;
  /** What lqptctl reads, where it is the one that is there; default: nothing. */
  readonly stdin?: string;
}

/** What became of asking one host; the answer of lqptctl, or why there is none. */
export type Answer<T> = { readonly host: HostConfig } & (
  | { readonly said: T; readonly problem?: undefined; readonly refusal?: undefined }
  | {
      readonly problem: string;
      readonly said?: undefined;
      /** Where a password was tried in vain. */
      readonly refusal: LoginRefusal | undefined;
    }
);

/**
 * Calls lqptctl on each host over a connection of its own. That one does not answer keeps nobody from asking the others.
 *
 * @param read makes something of how it ended; throws where it cannot
 * @param told is called with each answer as it comes
 * @returns the answers in the order of the hosts
 */
export async function askHosts<T>(
  hosts: readonly HostConfig[],
  secrets: SecretsByName,
  question: Question,
  read: (ran: Ran) => T,
  told: (answer: Answer<T>) => void = () => undefined,
): Promise<Answer<T>[]> {
  return pooled(hosts, POOL, async (host) => {
    const answer = await askOne(host, secrets, question, read);
    told(answer);
    return answer;
  });
}

async function askOne<T>(
  host: HostConfig,
  secrets: SecretsByName,
  question: Question,
  read: (ran: Ran) => T,
): Promise<Answer<T>> {
  let ran: Ran | undefined;
  try {
    ran = await callOn(host, secrets, question);
    return { host, said: read(ran) };
  } catch (error) {
    // A host may say anything, and this ends up in a terminal.
    const problem = toPrintable(error instanceof Error ? error.message : String(error));
    return { host, problem, refusal: error instanceof NotConnected ? error.refusal : bySudo(host, ran) };
  }
}

/** What sudo ends with where it runs nothing; lqptctl never does. */
const NOT_ROOT = 1;

function bySudo({ sudo, user }: HostConfig, ran: Ran | undefined): LoginRefusal | undefined {
  return sudo === "password" && ran?.status === NOT_ROOT ? { kind: "sudo", account: user } : undefined;
}

/**
 * Calls lqptctl on one host over a connection of its own.
 *
 * @throws Error where no connection comes about, or the call does not end.
 */
export async function callOn(
  host: HostConfig,
  secrets: SecretsByName,
  { words, seconds, tool, stdin = "" }: Question,
): Promise<Ran> {
  const { sudo } = host;
  const password = sudo === "password" ? (secrets[host.name]?.sudoPassword ?? "") : undefined;
  // Nobody hears what it says later, so it ends there too.
  const options = { sudo, words, seconds };
  const line = tool === undefined ? renderCall(options) : renderBrought(options);
  const session = await Session.dial(host, secrets);
  try {
    return await session.run(line, renderStdin(tool ?? stdin, password), seconds);
  } finally {
    session.close();
  }
}

/** What the shell of the host says where there is no such program. */
const NOT_THERE = 127;

/**
 * @param fine statuses that come with an answer
 * @throws Error with lqptctl's own last words, where it ended otherwise.
 */
export function stdoutOf({ status, stdout, stderr }: Ran, fine: readonly number[]): string {
  if (fine.includes(status)) return stdout;
  if (status === NOT_THERE) {
    throw new Error("lqptctl is not on this machine; expected it since the stack's first `pulumi up`");
  }
  throw new Error(`lqptctl ended with ${status}: ${lastWords(stderr)}`);
}
