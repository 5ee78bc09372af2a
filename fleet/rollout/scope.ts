import { ConfigError, showFound } from "../../config/errors";
import type { Fleet } from "../plan/rendered";
import type { ReviewedPlan } from "./reviewed";
import { FLEET_FILE, type FleetSettings } from "./settings";
import { shardOf } from "./waves";

/** One of several jobs' share of the stacks, counted from 1. */
export interface Shard {
  readonly shard: number;
  readonly of: number;
}

/**
 * The stacks that a run of a rollout is for. A change of the program is every stack's. One whose file is gone is left as it
 * is: nothing of it is to be done by `up`.
 *
 * @param shard undefined: all
 */
export function stacksOf(
  fleet: Fleet,
  plan: Pick<ReviewedPlan, "program" | "stacks">,
  shard: Shard | undefined,
): string[] {
  const all =
    plan.program.length === 0
      ? plan.stacks.filter(({ kind }) => kind !== "gone").map(({ stack }) => stack)
      : withHosts(fleet);
  return shard === undefined ? all : shardOf(all, shard.shard, shard.of);
}

/**
 * How a fleet is gone over: as the file says, but for what was given.
 *
 * @throws ConfigError for a canary that is no stack: whoever counts on it would find it missing when it is too late.
 */
export function settingsFor(file: FleetSettings, given: Partial<FleetSettings>, fleet: Fleet): FleetSettings {
  const settings = { ...file, ...given };
  const there = withHosts(fleet);
  const issues = settings.canary
    .filter((stack) => fleet.get(stack) === undefined || isList(fleet, stack))
    .map((stack) => ({
      ...{ file: given.canary === undefined ? FLEET_FILE : "--canary", path: "canary" },
      ...{ found: showFound(stack) ?? "", problem: "there is no such stack, so nothing would go first" },
      allowed: there.length === 0 ? "none: no stack has hosts" : named(there),
    }));
  if (issues.length > 0) throw new ConfigError(issues);
  return settings;
}

/** A list that others inherit has no hosts, and nothing goes anywhere first with it. */
function isList(fleet: Fleet, stack: string): boolean {
  return fleet.get(stack)?.sound?.hosts.length === 0;
}

function withHosts(fleet: Fleet): string[] {
  return [...fleet.values()].filter(({ sound }) => (sound?.hosts.length ?? 0) > 0).map(({ stack }) => stack);
}

/** How many stacks are named before they are only counted. */
const NAMED = 20;

function named(stacks: readonly string[]): string {
  const more = stacks.length > NAMED ? `, and ${String(stacks.length - NAMED)} more` : "";
  return `a stack that has hosts: ${stacks.slice(0, NAMED).join(", ")}${more}`;
}
