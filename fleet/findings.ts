import { stackFile } from "../config/input";
import type { HostConfig, StackConfig } from "../config/types";
import { renderDocument } from "../documents/document";
import type { HostStatus, StatusInForce } from "../documents/statusReport";

/**
 * What of a machine is not as its stack's file says, one sentence each, the gravest first; none where all is well.
 *
 * @param status what the machine says of itself
 */
export function findingsOf(config: StackConfig, host: HostConfig, status: HostStatus): string[] {
  if (status.owner === null) {
    return ["no document is in force there; `pulumi up` brings it", ...status.deviations];
  }
  const stranger = strangerOf(config, host, status);
  if (stranger !== undefined) return [stranger, ...status.deviations];
  const { digest } = renderDocument(config, host);
  return [
    ...[...status.deviations].sort((one, other) => Number(isExposure(other)) - Number(isExposure(one))),
    ...(status.closed === null
      ? []
      : [`it was closed at the console, ${status.closed}; \`lqptctl open\` there opens it again`]),
    ...(status.digest === digest
      ? []
      : [
          `the file says another document (${digest}) than is in force (${status.digest}); \`pulumi up\` brings it`,
        ]),
  ];
}

/** That the machine is held as another one than the file says; undefined where it is this one. */
export function strangerOf(
  config: StackConfig,
  host: HostConfig,
  { owner, host: held }: Pick<StatusInForce, "owner" | "host">,
): string | undefined {
  if (owner === config.id && held === host.name) return undefined;
  return `it is held as ${held} of ${owner}, not as ${host.name} of ${config.id}; whichever of the two is right, the other's file must give it up`;
}

/**
 * Consent that nothing needs any more: what was to go is gone from each of a stack's hosts. Left in the file, it would let
 * the next one that somebody opens by hand be closed without a word.
 *
 * @param statuses of all hosts of the stack, each as the file says; so nothing that is to be removed is in force
 */
export function spentRemovals({ removals, stack }: StackConfig, statuses: readonly HostStatus[]): string[] {
  if (statuses.length === 0) return [];
  // An environment's file is every stack's, and the others were not asked.
  return removals
    .filter(({ from }) => from === stackFile(stack))
    .map(({ what, from }) => `${from}: nothing needs lqpt:remove.${what} any more; take it out`);
}

/** Whether somebody may get in who must not. */
export function isExposure(finding: string): boolean {
  return finding.startsWith("EXPOSED");
}
