import type { ProjectFolder } from "../../config/projectFolder";
import { tryJson } from "../../documents/report";
import { pulumiPrints } from "../pulumi";
import { isPastOf, type Revision } from "../revision";
import type { LastRollout } from "./verdict";

/** By which a rollout's update is known in a stack's history. It is no output, which would change with every commit. */
export function messageOf({ commit }: Revision): string {
  return `lqpt rollout ${commit}`;
}

/** How many entries of a stack's history are looked at for its last update. */
const LOOKED_AT = 20;

/**
 * What was rolled out to a stack last, as its backend remembers it.
 *
 * @param head what is rolled out now
 * @throws Error where there is no such stack, or no backend.
 */
export async function lastRollout(
  folder: ProjectFolder,
  stack: string,
  head: Revision,
): Promise<LastRollout> {
  const words = ["stack", "history", "--stack", stack, "--json", "--page-size", String(LOOKED_AT)];
  const history = (tryJson(await pulumiPrints(folder.path, words)) ?? []) as readonly {
    readonly kind: string;
    readonly message?: string;
    readonly result?: string;
    readonly version?: number;
    readonly startTime?: string;
  }[];
  // A refresh, which clears what a killed run left, rolls nothing out.
  const update = history.find(({ kind }) => kind === "update");
  // A destroy or a refresh since has changed it, too.
  const [latest] = history;
  const newest = latest && [latest.version, latest.startTime, latest.result].join(" ");
  const commit = /^lqpt rollout ([0-9a-f]{40})$/.exec(update?.message ?? "")?.[1];
  if (commit === undefined) return { commit, isPast: undefined, isThis: false, newest };
  return {
    commit,
    isPast: isPastOf(folder.path, commit, head),
    isThis: commit === head.commit && update?.result === "succeeded",
    newest,
  };
}
