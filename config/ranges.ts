import { contains, formatNetwork, type Network, overlap, parseNetwork } from "./addresses";

/** A part of the IPv4 addresses that is kept for a purpose (IANA's special-purpose registry). */
export interface SpecialRange {
  readonly network: Network;
  /** What its addresses are. */
  readonly what: string;
}

/** What no back end comes from, whatever the topology. */
export const NEVER = ranges({
  "0.0.0.0/8": "unspecified addresses",
  "127.0.0.0/8": "loopback addresses, the machine itself",
  "169.254.0.0/16": "link-local addresses",
  "224.0.0.0/4": "multicast addresses",
  "240.0.0.0/4": "reserved addresses (class E)",
});

/** What is within a network of one's own, and never on the internet. */
export const PRIVATE = ranges({
  "10.0.0.0/8": "private addresses (RFC 1918)",
  "172.16.0.0/12": "private addresses (RFC 1918)",
  "192.168.0.0/16": "private addresses (RFC 1918)",
  "100.64.0.0/10": "addresses behind a carrier's NAT (CGNAT)",
});

/** Whether any of an address or network is within a network of one's own; a name is not. */
export function isPrivate(text: string): boolean {
  const { network } = parseNetwork(text);
  return network !== undefined && PRIVATE.some((range) => overlap(range.network, network));
}

/** What stands for an address in a text. */
export const EXAMPLES = ranges({
  "192.0.2.0/24": "addresses for documentation",
  "198.51.100.0/24": "addresses for documentation",
  "203.0.113.0/24": "addresses for documentation",
});

/** `this is in 10.0.0.0/8, private addresses`, for a network that meets the range. */
export function describeRange(network: Network, range: SpecialRange): string {
  const verb = contains(range.network, network) ? "this is in" : "it holds";
  return `${verb} ${formatNetwork(range.network)}, ${range.what}`;
}

function ranges(table: Readonly<Record<string, string>>): readonly SpecialRange[] {
  return Object.entries(table).map(([cidr, what]) => {
    const { network } = parseNetwork(cidr);
    if (network === undefined) throw new Error(`${cidr} is no network`);
    return { network, what };
  });
}
