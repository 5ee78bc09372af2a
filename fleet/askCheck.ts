import type { HostConfig } from "../config/types";
import { type CheckReport, parseCheck, type Trouble, troublesOf } from "../documents/checkReport";
import { type Answer, askHosts, stdoutOf } from "./askHosts";
import type { SecretsByName } from "./line";

/** Two environments, two ways, two tries of at most 30 s each, and a pause between them. */
const SECONDS = 400;
/** lqptctl's exit statuses that come with a report: Leqi is reached, or is not. */
const REPORTED = [0, 14];

/**
 * Has each host call Leqi, a call or two of the few that it may make an hour.
 *
 * @param told is called with each answer as it comes
 */
export function askCheck(
  hosts: readonly HostConfig[],
  secrets: SecretsByName,
  told?: (answer: Answer<unknown>) => void,
): Promise<Answer<CheckReport>[]> {
  const question = { words: ["check"], seconds: SECONDS };
  return askHosts(hosts, secrets, question, (ran) => parseCheck(stdoutOf(ran, REPORTED)), told);
}

/** What keeps a host from Leqi; none where it is reached in every way. */
export function checkTroubles({ said, problem }: Answer<CheckReport>): readonly Trouble[] {
  return said === undefined ? [{ kind: "silent", detail: problem }] : troublesOf(said);
}
