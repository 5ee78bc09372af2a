import { stackFile } from "../../config/input";
import type { Change, Sign } from "./changes";
import type { Plan, StackPlan } from "./plan";

/** One line of the whitelist, and every stack where it comes or goes. */
export interface ListChange {
  readonly sign: Sign;
  readonly cidr: string;
  readonly owner: string;
  /** See `Change.within`. */
  readonly within: string | undefined;
  readonly stacks: readonly StackPlan[];
}

/** Stacks that change alike, for the same reason. */
export interface Group {
  readonly stacks: readonly StackPlan[];
  /** What all of them have in common, so any of them tells it. */
  readonly one: StackPlan;
  /** The files; a stack's own is told as `own`. */
  readonly because: readonly string[];
}

/** Who is let in and who is cut, over all stacks that were there before; the widest-reaching first. */
export function listChanges(plan: Plan): ListChange[] {
  const found = new Map<string, ListChange & { readonly stacks: StackPlan[] }>();
  for (const stack of plan.stacks.filter(({ kind }) => kind === "changed")) {
    for (const change of stack.changes.filter(({ of }) => of === "source")) {
      const { sign, what, within } = change;
      const owner = ownerOf(change);
      const key = JSON.stringify([sign, what, owner, within]);
      const known = found.get(key) ?? { sign, cidr: what, owner, within, stacks: [] };
      known.stacks.push(stack);
      found.set(key, known);
    }
  }
  return [...found.values()].sort((one, other) => other.stacks.length - one.stacks.length);
}

export function ownerOf({ before, after }: Change): string {
  return after ?? before ?? "";
}

/** Equal stacks together, the largest group first. */
export function groupsOf(stacks: readonly StackPlan[]): Group[] {
  const groups = new Map<string, Group & { readonly stacks: StackPlan[] }>();
  for (const one of stacks) {
    const because = one.because.map((file) => (file === stackFile(one.stack) ? "own" : file));
    const { kind, environment, changes, dangers, unreached } = one;
    // New machines differ in their names and addresses alone, and need no comparing.
    const alike = kind === "new" || kind === "gone" ? one.stack : [changes, dangers, unreached];
    const key = JSON.stringify([kind, environment, because, alike]);
    const group = groups.get(key) ?? { stacks: [], one, because };
    group.stacks.push(one);
    groups.set(key, group);
  }
  return [...groups.values()].sort((one, other) => other.stacks.length - one.stacks.length);
}

/** `+ 203.0.113.9` and `- 203.0.113.8` in the same stacks: whoever moves is cut off before his new address is let in. */
export function replacements(
  plan: Plan,
): readonly { readonly come: ListChange[]; readonly gone: ListChange[] }[] {
  const byStacks = new Map<string, { come: ListChange[]; gone: ListChange[] }>();
  for (const change of listChanges(plan).filter(({ within }) => within === undefined)) {
    const key = change.stacks.map(({ stack }) => stack).join(" ");
    const known = byStacks.get(key) ?? { come: [], gone: [] };
    known[change.sign === "+" ? "come" : "gone"].push(change);
    byStacks.set(key, known);
  }
  return [...byStacks.values()].filter(({ come, gone }) => come.length > 0 && gone.length > 0);
}

/** Whether nobody should merge it as it is: a file has a mistake, or two rollouts are in one. */
export function isRefused(plan: Plan): boolean {
  return plan.mistaken.length > 0 || isMixed(plan);
}

/** A change of the program together with one of stacks: which of them a host's new document comes from, nobody could tell. */
export function isMixed({ program, stacks }: Plan): boolean {
  return program.length > 0 && stacks.length > 0;
}
