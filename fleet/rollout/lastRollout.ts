import type { ProjectFolder } from "../../config/projectFolder";
import { tryJson } from "../../documents/report";
import { pulumiPrints } from "../pulumi";
import { isPastOf, type Revision } from "../revision";
import type { LastRollout } from "./verdict";

/** By which a rollout's update is known in a stack's history. It is no output, which would change with every commit. */
export function messageOf({ commit }: Revision): string {
  return `lqpt rollout ${commit}`;
}

interface Entry {
  readonly kind: string;
  readonly message?: string;
  readonly result?: string;
  readonly version?: number;
  readonly startTime?: string;
}

/** How many entries of a stack's history are looked at for its last update. */
const LOOKED_AT = 20;

/**
 * What was rolled out to a stack last, as its backend remembers it.
 *
 * @param head what is rolled out now
 * @param from the older revision of its review
 * @throws Error where there is no such stack, or no backend.
 */
export async function lastRollout(
  folder: ProjectFolder,
  stack: string,
  head: Revision,
  from: Revision,
): Promise<LastRollout> {
  const history = await historyOf(folder, stack);
  // A refresh, which clears what a killed run left, rolls nothing out.
  const update = history.find(({ kind }) => kind === "update");
  const newest = newestIn(history);
  const commit = /^lqpt rollout ([0-9a-f]{40})$/.exec(update?.message ?? "")?.[1];
  const hasSucceeded = update?.result === "succeeded";
  if (commit === undefined)
    return { commit, isPast: undefined, isThis: false, isSince: false, hasSucceeded, newest };
  return {
    commit,
    isPast: isPastOf(folder.path, commit, head),
    isThis: commit === head.commit && hasSucceeded,
    isSince: isPastOf(folder.path, from.commit, { name: commit, commit }) === true,
    ...{ hasSucceeded, newest },
  };
}

/**
 * What tells the newest entry of a stack's history from the next, as `lastRollout` tells it too.
 *
 * @throws Error where there is no such stack, or no backend.
 */
export async function newestOf(folder: ProjectFolder, stack: string): Promise<string | undefined> {
  return newestIn(await historyOf(folder, stack));
}

/** Of whatever kind: a destroy or a refresh has changed the stack, too. */
function newestIn([latest]: readonly Entry[]): string | undefined {
  return latest && [latest.version, latest.startTime, latest.result].join(" ");
}

async function historyOf({ path }: ProjectFolder, stack: string): Promise<readonly Entry[]> {
  const words = ["stack", "history", "--stack", stack, "--json", "--page-size", String(LOOKED_AT)];
  return (tryJson(await pulumiPrints(path, words)) ?? []) as readonly Entry[];
}
