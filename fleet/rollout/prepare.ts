import type { ProjectFolder } from "../../config/projectFolder";
import { passwordAccounts, readCarefully } from "../drift/careful";
import { readBack } from "../drift/readBack";
import { type Fleet, renderFleet, type Sound } from "../plan/rendered";
import { pooled } from "../pool";
import { folderAt, type Revision } from "../revision";
import { lastRollout } from "./lastRollout";
import type { ReviewedPlan } from "./reviewed";
import { type LastRollout, type Verdict, verdict } from "./verdict";

/** What was decided on one stack, by its name. */
export interface Judged extends Verdict {
  readonly stack: string;
  /** Its newest update, as `lastRollout` tells it. */
  readonly newest?: string | undefined;
}

/** What a run has before it. */
export interface Prepared {
  readonly verdicts: readonly Judged[];
  readonly targets: ReadonlyMap<string, Sound>;
}

/** Pulumi tells each stack's history in a process of its own. */
const STACKS = 4;

/**
 * Decides on every stack of a reviewed plan, after all its hosts were read back. Changes nothing.
 *
 * @param stacks those of the plan that this run is for
 * @param head what is checked out, which is what would be rolled out
 * @param fleet the same, rendered
 */
export async function prepare(
  folder: ProjectFolder,
  plan: ReviewedPlan,
  stacks: readonly string[],
  head: Revision,
  fleet: Fleet,
): Promise<Prepared> {
  const accounts = new Map(
    stacks.map((stack) => [stack, passwordAccounts(fleet.get(stack)?.sound?.config ?? { hosts: [] })]),
  );
  const reads = await readCarefully(stacks, accounts, (some) => readBack(folder, some));
  const bases = basesOf(folder, plan.from);
  const now = Date.now();
  const verdicts = await pooled(stacks, STACKS, async (stack): Promise<Judged> => {
    const read = reads.get(stack);
    if (read === undefined) return { stack, kind: "silent", why: { kind: "account" } };
    try {
      const last = await lastRollout(folder, stack, head, plan.from);
      return {
        stack,
        newest: last.newest,
        ...verdict({
          ...{ target: fleet.get(stack)?.sound, read, last, now },
          reviewed: plan.stacks.find((one) => one.stack === stack),
          base: () => bases(last).get(stack)?.sound,
        }),
      };
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      return { stack, kind: "silent", why: { kind: "said", text } };
    }
  });
  const targets = new Map(
    [...fleet].flatMap(([stack, { sound }]) => (sound ? [[stack, sound] as const] : [])),
  );
  return { verdicts, targets };
}

/**
 * What stacks had, by the revision that was rolled out to them last. The latest one is kept, since most have the same; not
 * all of them, since a fleet whose stacks were changed one by one has as many as it has stacks.
 */
function basesOf(folder: ProjectFolder, reviewed: Revision): (last: LastRollout) => Fleet {
  let known: { readonly commit: string; readonly fleet: Fleet } | undefined;
  return ({ commit, isPast }) => {
    const revision = commit !== undefined && isPast === true ? { name: commit, commit } : reviewed;
    if (known?.commit !== revision.commit) {
      known = { commit: revision.commit, fleet: fleetAt(folder, revision) };
    }
    return known.fleet;
  };
}

/** Empty where the review was made elsewhere, and its older revision is not known here. */
function fleetAt({ path }: ProjectFolder, revision: Revision): Fleet {
  try {
    return renderFleet(folderAt(path, revision));
  } catch {
    return new Map();
  }
}
