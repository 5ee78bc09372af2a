import { isUntouched } from "../../documents/delivery";
import { digestOfText } from "../../documents/document";
import type { HostRead, StackRead } from "../drift/readBack";
import { changesBetween } from "../plan/changes";
import type { HostPlan } from "../plan/plan";
import type { Sound } from "../plan/rendered";
import { isToldByDocuments, wholeOf } from "../plan/whole";
import type { Evidence, Verdict } from "./verdict";

/** Whether a stack is what was reviewed. */
export function isThere(evidence: Evidence, asked: readonly HostRead[]): boolean {
  const { target, read } = evidence;
  if (target === undefined || read.others.size > 0) return false;
  const areThere = target.hosts
    .filter(({ host }) => !isUntouched(host))
    .every(({ host, document }) => {
      const { kept, findings } = asked.find((one) => one.host === host.name) ?? { findings: [] };
      const isBare = findings.some(({ kind }) => kind === "nothing");
      return !isBare && kept?.document === document.text && kept.report?.digest === document.digest;
    });
  return areThere && isAllTold(evidence, target);
}

/** Whether nothing is left to be done once the documents are there. */
function isAllTold({ reviewed, last, base: baseOf }: Evidence, target: Sound): boolean {
  if (last.isThis) return true;
  const isTold = reviewed?.whole === wholeOf(target) && reviewed.changes.every(isToldByDocuments);
  // A rollout in between may have brought the documents, and not what came after it.
  if (isTold && !last.isSince) return true;
  // Another program is in no file of the stack.
  if (reviewed === undefined || last.commit === undefined || !last.hasSucceeded) return false;
  const base = baseOf();
  return base !== undefined && changesBetween(base, target).length === 0;
}

/** Whether what would be done is what was reviewed. */
export function binding(evidence: Evidence, asked: readonly HostRead[]): Verdict {
  const { reviewed, target, last, base: baseOf, read } = evidence;
  if (reviewed === undefined) return ofProgramAlone(baseOf(), target, read);
  const hosts = (target?.hosts ?? []).filter(({ host }) => !isUntouched(host));
  const inForce = (name: string): string | null => {
    const kept = asked.find(({ host }) => host === name)?.kept ?? read.others.get(name);
    return kept?.document === undefined ? null : digestOfText(kept.document);
  };
  const planOf = (name: string): HostPlan | undefined => reviewed.hosts.find(({ host }) => host === name);
  const isReviewed = target !== undefined && reviewed.whole === wholeOf(target);
  const isExact = hosts.every(({ host }) => {
    const plan = planOf(host.name);
    return plan !== undefined && [plan.before, plan.after].includes(inForce(host.name));
  });
  // An `up` takes lqpt away from whatever the file does not name any more; of one that no `up` reaches no document is kept.
  const isTakenAwayAsReviewed = [...read.others.keys()].every((name) => {
    const plan = planOf(name);
    return plan?.after === null && [plan.before, null].includes(inForce(name));
  });
  if (isReviewed && isExact && isTakenAwayAsReviewed) return { kind: "go" };
  const base = baseOf();
  if (base === undefined || target === undefined) return { kind: "moved", why: { kind: "noBase" } };
  const isBase =
    base.hosts
      .filter(({ host }) => !isUntouched(host))
      .every(({ host, document }) => inForce(host.name) === document.whole) && namesAll(base, read);
  if (!isBase) return { kind: "moved", why: { kind: "otherBase" } };
  const again = changesBetween(base, target);
  if (JSON.stringify(again) === JSON.stringify(reviewed.changes))
    return { kind: "go", why: { kind: "same" } };
  // What was reviewed is more than one change, and this stack has the first of them.
  return isReviewed && last.isSince
    ? { kind: "go", why: { kind: "partly" } }
    : { kind: "moved", why: { kind: "otherwise" } };
}

/** Whether a revision names each host that the state has and the file does not. */
function namesAll(base: Sound, { others }: StackRead): boolean {
  return [...others.keys()].every((name) => base.hosts.some(({ host }) => host.name === name));
}

/**
 * Of a plan of the program alone no change of a stack's file was reviewed, so none may go along: neither one that waits for
 * its own rollout, nor one that somebody took out of the plan's file.
 */
function ofProgramAlone(base: Sound | undefined, target: Sound | undefined, { others }: StackRead): Verdict {
  if (base === undefined || target === undefined) return { kind: "moved", why: { kind: "noBase" } };
  return changesBetween(base, target).length === 0 && others.size === 0
    ? { kind: "go" }
    : { kind: "moved", why: { kind: "notOfProgram" } };
}
