import type { StackConfig } from "../config/types";
import type { HostStatus } from "../documents/statusReport";

/** That not just one of two hosts has the address that they share. */
export interface HolderFinding {
  readonly kind: "vip";
  /** Who has it, `proxy-1, proxy-2`; empty where nobody does. */
  readonly detail: string;
}

/** What one host said of itself. */
export interface Said {
  readonly host: string;
  readonly status: HostStatus | null | undefined;
}

/**
 * What neither host of a pair can tell alone. Nothing is said while a host that is in did not answer, or has another
 * address in force than the file says: then that is what is wrong.
 */
export function holderFindings({ hosts, vip }: StackConfig, said: readonly Said[]): HolderFinding[] {
  if (vip === undefined) return [];
  const address = `${vip.address}/${vip.prefix}`;
  const told = hosts
    .filter(({ state }) => state === "in")
    .map(({ name }) => {
      const status = said.find(({ host }) => host === name)?.status ?? undefined;
      const shared = status === undefined || status.owner === null ? null : status.vip;
      return { name, holds: shared?.address === address ? shared.holds : undefined };
    });
  if (told.some(({ holds }) => holds === undefined)) return [];
  const holders = told.filter(({ holds }) => holds === true).map(({ name }) => name);
  return holders.length === 1 || told.length === 0 ? [] : [{ kind: "vip", detail: holders.join(", ") }];
}
