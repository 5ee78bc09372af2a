import type { HostRead, StackRead } from "../../../../fleet/drift/readBack";
import type { StackPlan } from "../../../../fleet/plan/plan";
import type { Sound } from "../../../../fleet/plan/rendered";
import { type Evidence, type LastRollout, verdict } from "../../../../fleet/rollout/verdict";
import { whyText } from "../../../../fleet/rollout/why";
import { ROLLOUT_WORDS } from "../../../../words/rollout";
import { SMALL, type Values } from "../../config/stacks";
import { planOf, sound } from "../plan/fleets";

export const allowing = (...cidrs: string[]): Values => ({
  ...SMALL,
  topology: "private-cloud",
  allow: Object.fromEntries(cidrs.map((cidr) => [cidr, "ACME"])),
});
export const BEFORE = allowing("9.9.9.9");
export const AFTER = allowing("9.9.9.9", "9.9.9.7");
export const reviewed = (before: Values, after: Values): StackPlan => {
  const [found] = planOf({ "acme-prod": before }, { "acme-prod": after }).stacks;
  if (found === undefined) throw new Error("nothing changes");
  return found;
};

export const BY_HAND: LastRollout = {
  ...{ commit: undefined, isPast: undefined, isThis: false, isSince: false },
  ...{ hasSucceeded: true, newest: undefined },
};
export const ROLLED: LastRollout = { ...BY_HAND, commit: "a".repeat(40), isPast: true, newest: "1" };

/** A host that has this document, and whose state says so. */
export function hostWith(values: Values, more: Partial<HostRead> = {}): HostRead {
  const [{ document } = { document: undefined }] = sound(values).hosts;
  const report = { digest: document?.digest ?? "", whitelist: [], temporary: {}, warnings: [] };
  return {
    ...{ host: "proxy-1", address: "203.0.113.10", how: "asked", findings: [], remark: undefined },
    ...{ problem: undefined, refusal: undefined, status: undefined, record: undefined },
    kept: { document: document?.text, tool: undefined, report },
    ...more,
  };
}
export const readOf = (...hosts: HostRead[]): StackRead => ({
  stack: "acme-prod",
  config: undefined,
  problem: undefined,
  hosts,
  others: new Map(),
});

export function judged(
  more: Partial<Omit<Evidence, "base">> & { readonly base?: Sound | undefined },
): string {
  const base = "base" in more ? more.base : sound(BEFORE);
  const evidence: Evidence = {
    ...{ reviewed: reviewed(BEFORE, AFTER), target: sound(AFTER), last: ROLLED, now: 0 },
    read: readOf(hostWith(BEFORE)),
    ...more,
    base: () => base,
  };
  const { kind, why } = verdict(evidence);
  return why === undefined ? kind : `${kind}: ${whyText(why, ROLLOUT_WORDS.en)}`;
}
