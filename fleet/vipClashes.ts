import { formatNetwork, parsePlace } from "../config/addresses";
import type { ConfigIssue } from "../config/errors";
import { isPrivate } from "../config/ranges";
import type { HostConfig, StackConfig, VipConfig } from "../config/types";
import type { LintedStack } from "./clashes";

/** One with a shared address. */
interface Pair extends LintedStack {
  readonly config: StackConfig & { readonly vip: VipConfig };
}

/**
 * A shared address that another stack has too, as its own shared one or as a host's, and a virtual router that two pairs in
 * one network have. Told in the later file. Customers' private networks are apart, whatever their addresses are.
 */
export function vipClashes(stacks: readonly LintedStack[]): ConfigIssue[] {
  return stacks.flatMap((later, index) =>
    stacks
      .slice(0, index)
      // The rarer question last: there may be a thousand stacks.
      .flatMap((earlier) => clashesOf(earlier, later).filter(() => meet(earlier.config, later.config))),
  );
}

function clashesOf(earlier: LintedStack, later: LintedStack): ConfigIssue[] {
  const isOfHost = isPair(earlier) ? onEarlier(earlier, later) : [];
  if (!isPair(later)) return isOfHost;
  const host = hostAt(earlier.config, later.config.vip.address);
  if (host !== undefined) return [...isOfHost, takenBy(`${host} of ${earlier.file}`, later)];
  return [...isOfHost, ...(isPair(earlier) ? betweenPairs(earlier, later) : [])];
}

/** That a host has what an earlier pair shares. */
function onEarlier(earlier: Pair, later: LintedStack): ConfigIssue[] {
  const { address } = earlier.config.vip;
  const host = hostAt(later.config, address);
  if (host === undefined) return [];
  return [
    {
      ...{ file: later.file, path: `lqpt:hosts.${host}.address`, found: JSON.stringify(address) },
      problem: `lqpt:vip of ${earlier.file} is this address, which moves from host to host`,
      allowed: "the machine's own address",
    },
  ];
}

function betweenPairs(earlier: Pair, later: Pair): ConfigIssue[] {
  const [vip, other] = [later.config.vip, earlier.config.vip];
  if (vip.address === other.address) return [takenBy(`lqpt:vip of ${earlier.file}`, later)];
  if (vip.routerId !== other.routerId) return [];
  const network = networkOf(vip);
  if (network !== networkOf(other)) return [];
  return [
    {
      ...{ file: later.file, path: "lqpt:vip.routerId", found: String(vip.routerId) },
      problem: `lqpt:vip of ${earlier.file} is in ${network} too and has the same virtual router, so the two pairs could be taken for one`,
      allowed: "1 to 255: one that no other pair in this network has",
    },
  ];
}

function takenBy(whom: string, { file, config: { vip } }: Pair): ConfigIssue {
  return {
    ...{ file, path: "lqpt:vip.address", found: JSON.stringify(`${vip.address}/${vip.prefix}`) },
    problem: `${whom} is this address already`,
    allowed: "an address that no machine and no other pair has",
  };
}

function isPair(one: LintedStack): one is Pair {
  return one.config.vip !== undefined;
}

/** Which host has this address, as it is dialled or on the shared one's network. */
function hostAt({ hosts, vip }: StackConfig, address: string): string | undefined {
  return hosts.find((host) => host.address === address || vip?.own.get(host.name) === address)?.name;
}

function networkOf({ address, prefix }: VipConfig): string | undefined {
  const { network } = parsePlace(`${address}/${prefix}`);
  return network && formatNetwork(network);
}

/** Whether an address means the same machine in both: it is public, or both are reached by the same way, or one customer's. */
function meet(one: StackConfig, other: StackConfig): boolean {
  const shared = one.vip ?? other.vip;
  if (shared === undefined) return false;
  if (!isPrivate(shared.address)) return true;
  const name = one.customer?.name;
  const ways = new Set(one.hosts.map(wayTo));
  return (
    (name !== undefined && name === other.customer?.name) ||
    other.hosts.map(wayTo).some((way) => way !== undefined && ways.has(way))
  );
}

/** The network that a host is dialled in; undefined where its address is a public one or a name. */
function wayTo({ address, bastion, delivery }: HostConfig): string | undefined {
  if (bastion !== undefined) return `${bastion.address.toLowerCase()}:${bastion.port}`;
  return delivery === "ssh" && isPrivate(address) ? "directly" : undefined;
}
