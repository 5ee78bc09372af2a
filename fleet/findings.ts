import { stackFile } from "../config/input";
import type { HostConfig, Removal, StackConfig } from "../config/types";
import { renderDocument } from "../documents/document";
import type { HostStatus, StatusInForce } from "../documents/statusReport";

/**
 * What of a host is not as its stack's file says:
 *
 * - `silent`: it does not answer, or not with a status
 * - `exposed`: somebody may get in who must not
 * - `nothing`: nothing is in force there
 * - `stranger`: it is held as another host, or by another owner
 * - `deviates`: a rule, the site, nginx, firewalld or what starts them was changed
 * - `closed`: a person at the console closed it
 * - `unfit`: health checks are told that it is not to be called
 * - `vip`: both hosts of a pair have the address that they share, or neither does
 * - `other`: another document is in force than the file says
 */
export interface FileFinding {
  readonly kind:
    "silent" | "exposed" | "nothing" | "stranger" | "deviates" | "closed" | "unfit" | "vip" | "other";
  /** In the host's own words, or the value in question. */
  readonly detail: string;
  /** What the file says instead, of `stranger` and `other`. */
  readonly expected?: string;
}

/**
 * What of a machine is not as its stack's file says, the gravest first; none where all is well.
 *
 * @param status what the machine says of itself
 */
export function findingsOf(config: StackConfig, host: HostConfig, status: HostStatus): FileFinding[] {
  if (status.owner === null) return [{ kind: "nothing", detail: "" }, ...deviations(status)];
  const stranger = strangerOf(config, host, status);
  if (stranger !== undefined) return [stranger, ...deviations(status)];
  const { digest } = renderDocument(config, host);
  const found = deviations(status);
  return [
    ...found.filter(({ kind }) => kind === "exposed"),
    ...found.filter(({ kind }) => kind !== "exposed"),
    ...(status.closed === null ? [] : [{ kind: "closed", detail: status.closed } as const]),
    ...unfitness(status),
    ...(status.digest === digest
      ? []
      : [{ kind: "other", detail: status.digest, expected: digest } as const]),
  ];
}

/** That health checks are told not to call it, and why; the reasons are empty where nobody has looked since its start. */
export function unfitness({ health }: Pick<StatusInForce, "health">): { kind: "unfit"; detail: string }[] {
  return health === null || health.healthy ? [] : [{ kind: "unfit", detail: health.why.join("; ") }];
}

function deviations(status: HostStatus): FileFinding[] {
  return status.deviations.map((detail) => ({ kind: isExposure(detail) ? "exposed" : "deviates", detail }));
}

/** That the machine is held as another one than the file says; undefined where it is this one. */
export function strangerOf(
  config: StackConfig,
  host: HostConfig,
  { owner, host: held }: Pick<StatusInForce, "owner" | "host">,
): FileFinding | undefined {
  if (owner === config.id && held === host.name) return undefined;
  return { kind: "stranger", detail: `${held} of ${owner}`, expected: `${host.name} of ${config.id}` };
}

/**
 * Consent that nothing needs any more: what was to go is gone from each of a stack's hosts. Left in the file, it would let
 * the next one that somebody opens by hand be closed without a word.
 *
 * @param statuses of all hosts of the stack, each as the file says; so nothing that is to be removed is in force
 */
export function spentRemovals(
  { removals, stack }: StackConfig,
  statuses: readonly HostStatus[],
): Pick<Removal, "what" | "from">[] {
  if (statuses.length === 0) return [];
  // An environment's file is every stack's, and the others were not asked.
  return removals.filter(({ from }) => from === stackFile(stack)).map(({ what, from }) => ({ what, from }));
}

/** Whether somebody may get in who must not. */
export function isExposure(finding: string): boolean {
  return finding.startsWith("EXPOSED");
}
