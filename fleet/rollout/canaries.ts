import type { OutcomeKind } from "./run";
import type { FleetSettings } from "./settings";
import type { VerdictKind } from "./verdict";

/**
 * What says something of a canary for the others: that it will be changed, that it was, or what came of it. One that nobody
 * reaches never goes first; one that was not begun since others failed has those to stop the run.
 */
const SAYS_SOMETHING: readonly (VerdictKind | OutcomeKind)[] = [
  ...(["go", "already", "unreached"] as const),
  ...(["done", "failed", "unhealthy", "stopped"] as const),
];

/** The canaries among some stacks that were left out: what they are to try for the others would be tried by nobody. */
export function untriedCanaries<
  T extends { readonly stack: string; readonly kind: VerdictKind | OutcomeKind },
>(stacks: readonly T[], { canary }: Pick<FleetSettings, "canary">): T[] {
  return stacks.filter(({ stack, kind }) => canary.includes(stack) && !SAYS_SOMETHING.includes(kind));
}
