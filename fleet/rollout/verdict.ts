import { isOpen } from "../../config/changeWindow";
import { isUntouched } from "../../documents/delivery";
import { enforcedDigestOf } from "../../documents/document";
import type { HostRead, StackRead } from "../drift/readBack";
import { type Finding, isDrift } from "../drift/judge";
import type { StackPlan } from "../plan/plan";
import type { Sound } from "../plan/rendered";
import { binding, isThere } from "./binding";
import type { HostTrouble, Why } from "./why";

/**
 * What is to be done with a stack:
 *
 * - `go`: change it
 * - `already`: it is what was reviewed
 * - `unreached`: no `up` reaches any of its hosts
 * - `waiting`: it is outside its window
 * - `silent`: a host of it does not answer, or cannot be read
 * - `drifted`: a host of it is not what its stack says
 * - `moved`: it has changed since the review, or its file has
 * - `old`: a newer revision than this one was rolled out to it
 */
export type VerdictKind = "go" | "already" | "unreached" | "waiting" | "silent" | "drifted" | "moved" | "old";

/** What is to be done with one stack, and why. */
export interface Verdict {
  readonly kind: VerdictKind;
  /** What a person should know of it. */
  readonly why?: Why;
}

/** What there is to judge a stack by. */
export interface Evidence {
  /** As it was reviewed; undefined where only the program changed, and with it whatever the program makes. */
  readonly reviewed: StackPlan | undefined;
  /** As the files have it now; undefined where they have a mistake, or no such stack. */
  readonly target: Sound | undefined;
  readonly read: StackRead;
  /** What was rolled out to it last, by its backend. */
  readonly last: LastRollout;
  /**
   * As the last rollout's revision has it; where there was none, as the older revision of the review. Asked only where it
   * decides: each revision is a whole fleet to be rendered.
   */
  readonly base: () => Sound | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** The last rollout, as the stack's backend remembers it. */
export interface LastRollout {
  /** 40 hexadecimal digits; undefined where the last update was no rollout's. */
  readonly commit: string | undefined;
  /** Whether the revision that is rolled out now has that one in its past; undefined where that one is not known here. */
  readonly isPast: boolean | undefined;
  /** Whether it is the very revision that is rolled out now, and ended well. */
  readonly isThis: boolean;
  /** Whether it has the older revision of the review in its past, or is that. */
  readonly isSince: boolean;
  /** Whether the stack's last update ended well, whoever's it was. */
  readonly hasSucceeded: boolean;
  /** What tells the newest entry of its history from the next, whoever's it was; undefined where there was none. */
  readonly newest: string | undefined;
}

/** Decides on one stack. Whatever is not plain is left alone, with why. */
export function verdict(evidence: Evidence): Verdict {
  const { target, reviewed, last, read, now } = evidence;
  if (target === undefined) return { kind: "moved", why: { kind: "mistaken" } };
  const hosts = target.hosts.filter(({ host }) => !isUntouched(host));
  if (target.hosts.length === 0 && reviewed?.hosts.some(({ before }) => before !== null))
    return { kind: "moved", why: { kind: "emptied" } };
  if (hosts.length === 0) return { kind: "unreached", why: { kind: "unreached" } };
  if (read.problem !== undefined) return { kind: "silent", why: { kind: "said", text: read.problem } };
  const { commit } = last;
  if (commit !== undefined && last.isPast !== true) {
    return { kind: "old", why: { kind: last.isPast === false ? "newer" : "unknown", commit } };
  }
  const asked = read.hosts.filter(({ how }) => how === "asked" || how === "silent");
  const silent = asked.flatMap(({ host, problem }): HostTrouble[] =>
    problem === undefined ? [] : [{ host, kind: "silent", detail: problem }],
  );
  if (silent.length > 0) return { kind: "silent", why: { kind: "hosts", hosts: silent } };
  const wanted = new Map(hosts.map(({ host, document }) => [host.name, document]));
  const isMoving = (name: string): boolean =>
    !last.isThis && reviewed?.changes.some(({ of, what }) => of === "host" && what === name) === true;
  const drifted = asked.flatMap((one) =>
    offending(one, wanted.get(one.host)?.digest, isMoving(one.host), () => lastOf(evidence, one.host)),
  );
  if (drifted.length > 0) return { kind: "drifted", why: { kind: "hosts", hosts: drifted } };
  if (isThere(evidence, asked)) return { kind: "already" };
  const bound = binding(evidence, asked);
  if (bound.kind !== "go") return bound;
  const { window } = target.config;
  if (window !== undefined && !isOpen(window, now)) {
    return { kind: "waiting", why: { kind: "window", text: window.text } };
  }
  const isUnremembered = commit === undefined && reviewed?.kind !== "new";
  return isUnremembered ? { kind: "go", why: { kind: "unremembered" } } : bound;
}

/**
 * What keeps a host from being changed. An update of this very change that was cut off is none, since it is begun again; nor
 * is the last rollout's, which a change that goes back or mends it follows.
 *
 * @param digest what is to be enforced there
 * @param isMoving whether it was reviewed that it is another machine now, on which nothing needs to be
 * @param last what the last rollout was to put in force there; asked only where an update did not come to its end
 */
function offending(
  { host, findings, kept, status }: HostRead,
  digest: string | undefined,
  isMoving: boolean,
  last: () => string | undefined,
): HostTrouble[] {
  const isUnfinished = findings.some(({ kind }) => kind === "unfinished");
  const begun = isUnfinished && kept?.document !== undefined ? enforcedDigestOf(kept.document) : undefined;
  const arrived = status?.digest === digest;
  // Where it came to its end, what deviates then is what held up that run, and an `up` that changes nothing mends it not.
  const isCutOff = begun !== undefined && (begun === digest || begun === last());
  const isBare = isMoving && findings.some(({ kind }) => kind === "nothing");
  const isOurs = ({ kind }: Finding): boolean =>
    kind === "never" ||
    (isBare && (kind === "nothing" || kind === "tool")) ||
    (kind === "other" && arrived) ||
    (isCutOff && (kind === "unfinished" || kind === "deviates"));
  return findings
    .filter((finding) => isDrift(finding) && !isOurs(finding))
    .map((finding) => ({ host, ...finding }));
}

/** The digest of what the last rollout was to put in force on a host, where one is remembered. */
function lastOf({ last, base }: Evidence, name: string): string | undefined {
  if (last.commit === undefined) return undefined;
  return base()?.hosts.find(({ host }) => host.name === name)?.document.digest;
}
