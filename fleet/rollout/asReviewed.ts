import { isDeepStrictEqual } from "node:util";
import type { StackConfig } from "../../config/types";
import { comparePlans, type StackPlan } from "../plan/plan";
import type { Fleet, Sound } from "../plan/rendered";

/** A reviewed stack as the files of its two revisions have it: nothing in it is the plan file's word alone. */
export interface Reviewed {
  readonly plan: StackPlan;
  /** Undefined where the stack is new. */
  readonly before: StackConfig | undefined;
  readonly after: StackConfig;
}

/**
 * Finds a reviewed stack again in the files. A plan is a file that somebody kept and handed on: who changes it must not be
 * able to put an address, or words of his own, where a customer reads them.
 *
 * @param before the fleet by the revision that the plan compares with
 * @param after the fleet by the files here
 * @throws Error where the files are not what was reviewed, or mean another change.
 */
export function asReviewed(reviewed: StackPlan, before: Fleet, after: Fleet): Reviewed {
  const { stack } = reviewed;
  const now = after.get(stack)?.sound;
  if (now === undefined || !isOfDocuments(now, reviewed)) {
    throw new Error(
      `the files here say another document of ${stack} than was reviewed, or have a mistake; check out the revision that the plan is of, or plan again (lqpt plan --json)`,
    );
  }
  const [plan] = comparePlans(only(before, stack), only(after, stack), []).stacks;
  if (plan === undefined || !isDeepStrictEqual(meaningOf(plan), meaningOf(reviewed))) {
    throw new Error(
      `the plan says another change of ${stack} than the files of its two revisions; expected what lqpt plan --json of this version printed, unchanged: plan again`,
    );
  }
  return { plan, before: before.get(stack)?.sound?.config, after: now.config };
}

function isOfDocuments({ hosts: rendered }: Sound, { hosts }: StackPlan): boolean {
  const digests = new Map(rendered.map(({ host, document }) => [host.name, document.whole]));
  return hosts.every(({ host, after }) => (digests.get(host) ?? null) === after);
}

function only(fleet: Fleet, stack: string): Fleet {
  return new Map([...fleet].filter(([name]) => name === stack));
}

/** Which files it comes from is said to reviewers alone. */
function meaningOf({ kind, depth, environment, hosts, changes, unreached }: StackPlan): object {
  return { kind, depth, environment, hosts, changes, unreached };
}
