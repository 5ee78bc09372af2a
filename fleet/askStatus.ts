import type { HostConfig } from "../config/types";
import { type HistoryEntry, parseHistory } from "../documents/historyReport";
import { type HostStatus, parseStatus } from "../documents/statusReport";
import { type Answer, askHosts, stdoutOf } from "./askHosts";
import type { SecretsByName } from "./line";

/** Until a host must have read itself back. A long access log takes its time. */
const SECONDS = 120;

/**
 * What each host says of itself.
 *
 * @param told is called with each answer as it comes
 * @param tool see `Question`
 */
export function askStatus(
  hosts: readonly HostConfig[],
  secrets: SecretsByName,
  told?: (answer: Answer<unknown>) => void,
  tool?: string,
): Promise<Answer<HostStatus>[]> {
  const question = { words: ["status"], seconds: SECONDS, ...(tool === undefined ? {} : { tool }) };
  return askHosts(hosts, secrets, question, (ran) => parseStatus(stdoutOf(ran, [0])), told);
}

/**
 * What each host remembers of who changed it, oldest first.
 *
 * @param seconds after which nobody waits any longer
 */
export function askHistory(
  hosts: readonly HostConfig[],
  secrets: SecretsByName,
  seconds: number,
): Promise<Answer<HistoryEntry[]>[]> {
  const question = { words: ["history"], seconds };
  return askHosts(hosts, secrets, question, (ran) => parseHistory(stdoutOf(ran, [0])));
}
