import { createHash } from "node:crypto";
import type { FleetSettings } from "./settings";

/**
 * Stacks in the order in which they are changed: the canaries first and alone, the others in groups, by name.
 *
 * @param stacks those that are to be changed
 */
export function wavesOf(stacks: readonly string[], { canary, group }: FleetSettings): string[][] {
  const first = stacks.filter((stack) => canary.includes(stack));
  const others = stacks.filter((stack) => !canary.includes(stack)).sort();
  const groups = Array.from({ length: Math.ceil(others.length / group) }, (_, index) =>
    others.slice(index * group, (index + 1) * group),
  );
  return [first, ...groups].filter((wave) => wave.length > 0);
}

/**
 * One of several jobs' share of stacks. A stack is in the same share of whatever plan: a job has the secrets of its own
 * stacks alone.
 *
 * @param shard counted from 1
 */
export function shardOf(stacks: readonly string[], shard: number, of: number): string[] {
  const shareOf = (stack: string): number => createHash("sha256").update(stack).digest().readUInt32BE() % of;
  return stacks.filter((stack) => shareOf(stack) === shard - 1).sort();
}
