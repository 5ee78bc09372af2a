import { enforcedDigestOf } from "../../documents/document";
import { lqptctl } from "../../documents/tool";
import type { HostStatus } from "../../documents/statusReport";
import { isExposure, unfitness } from "../findings";
import type { HostKept } from "../stateOf";

/**
 * What of a host is not as its stack's state says, the gravest first:
 *
 * - `exposed`: somebody may get in who must not
 * - `never`: no `up` has reached it
 * - `unfinished`: its last `up` did not come to its end
 * - `nothing`: nothing is in force there
 * - `stranger`: another owner's document is
 * - `other`: another document is than the last `up` left there
 * - `deviates`: a rule, the site, nginx, firewalld or what starts them was changed
 * - `closed`: a person at the console closed it
 * - `vip`: both hosts of a pair have the address that they share, or neither does
 * - `tool`: the lqptctl installed there is not the one that was brought
 *
 * Nothing is wrong by these, and a person should know:
 *
 * - `temporary`: somebody is let in at the console for a while
 * - `certificate`: the listener's certificate ends soon
 * - `unfit`: health checks are told that it is not to be called; what of that is ours to mend is told beside it
 */
export type FindingKind =
  | "exposed"
  | "never"
  | "unfinished"
  | "nothing"
  | "stranger"
  | "other"
  | "deviates"
  | "closed"
  | "vip"
  | "tool"
  | "temporary"
  | "certificate"
  | "unfit";

/** One thing about a host that is not as its stack's state says, or that a person should know. */
export interface Finding {
  readonly kind: FindingKind;
  /** In the host's own words, or the value in question. */
  readonly detail: string;
}

const NOTICES: readonly FindingKind[] = ["temporary", "certificate", "unfit"];

/** Whether the host is not what its stack says. */
export function isDrift({ kind }: Finding): boolean {
  return !NOTICES.includes(kind);
}

/** Whose host it is, as the stack's file says. */
export interface Mark {
  readonly id: string;
  readonly host: string;
}

/** How long before its end a certificate is spoken of, in days: as lqptctl warns. */
const SOON_DAYS = 30;

/**
 * @param kept what the stack's state says of the host; undefined where it says nothing
 * @param now milliseconds since 1970
 */
export function judge(
  { id, host }: Mark,
  kept: HostKept | undefined,
  status: HostStatus,
  now: number,
): Finding[] {
  if (kept?.report === undefined) {
    return [{ kind: "never", detail: "" }, ...deviations(status)];
  }
  if (status.owner === null)
    return [{ kind: "nothing", detail: "" }, ...deviations(status), ...tool(kept, status)];
  if (status.owner !== id || status.host !== host) {
    return [{ kind: "stranger", detail: `${status.host} of ${status.owner}` }, ...deviations(status)];
  }
  const { digest } = kept.report;
  const all: Finding[] = [
    ...deviations(status),
    ...(isUnfinished(kept) ? [{ kind: "unfinished", detail: "" } as const] : []),
    ...(status.digest === digest ? [] : [{ kind: "other", detail: status.digest } as const]),
    ...(status.closed === null ? [] : [{ kind: "closed", detail: status.closed } as const]),
    ...tool(kept, status),
    ...status.whitelist.flatMap(({ source, until }): Finding[] =>
      until === null
        ? []
        : [{ kind: "temporary", detail: `${source} ${new Date(until * 1000).toISOString()}` }],
    ),
    ...certificate(status.nginx.certificateUntil, now),
    ...unfitness(status),
  ];
  return [...all].sort((one, other) => Number(other.kind === "exposed") - Number(one.kind === "exposed"));
}

function isUnfinished({ document, report }: HostKept): boolean {
  return document !== undefined && report !== undefined && enforcedDigestOf(document) !== report.digest;
}

function deviations(status: HostStatus): Finding[] {
  return status.deviations.map((detail) => ({ kind: isExposure(detail) ? "exposed" : "deviates", detail }));
}

/** Only of the version that this program has is known what it must be. */
function tool(kept: HostKept, { installed }: HostStatus): Finding[] {
  const { version, digest } = lqptctl();
  if (kept.tool !== `lqptctl ${version}` || installed === digest) return [];
  return [{ kind: "tool", detail: installed ?? "" }];
}

function certificate(until: string | null, now: number): Finding[] {
  const end = until === null ? NaN : Date.parse(until);
  return end - now < SOON_DAYS * 86_400_000 ? [{ kind: "certificate", detail: until ?? "" }] : [];
}
