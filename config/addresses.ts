import { spellingProblem } from "./spelling";

/** A set of IPv4 addresses with a common prefix; one address is a network of prefix 32. */
export interface Network {
  /** The first address, as an unsigned 32-bit number. */
  readonly base: number;
  readonly prefix: number;
}

export type ParsedNetwork =
  | { readonly network: Network; readonly problem?: never; readonly next?: never }
  | { readonly network?: never; readonly problem: string; readonly next?: string };

/** Reads `203.0.113.9` or `203.0.113.0/28` in its one canonical spelling; all else gets a reason. */
export function parseNetwork(text: string): ParsedNetwork {
  const misspelt = spellingProblem(text);
  if (misspelt !== undefined) return misspelt;
  const match = /^(\d+)\.(\d+)\.(\d+)\.(\d+)(?:\/(\d+))?$/.exec(text);
  if (match === null) return { problem: "this is not an IPv4 address or CIDR" };
  const written = (match.slice(1) as (string | undefined)[]).filter((part) => part !== undefined);
  if (written.some((part) => /^0\d/.test(part))) {
    return {
      problem: "a number has leading zeros, which some programs read as octal",
      next: "write it without them",
    };
  }
  const [a = 0, b = 0, c = 0, d = 0, prefix = 32] = written.map(Number);
  if (Math.max(a, b, c, d) > 255) return { problem: "a part of the address is greater than 255" };
  if (prefix > 32) return { problem: "the prefix is longer than 32" };
  return withoutHostBits({ base: ((a << 24) | (b << 16) | (c << 8) | d) >>> 0, prefix });
}

/** Reads one IPv4 address, no network; all else gets a reason. */
export function parseAddress(text: string): ParsedNetwork {
  return text.includes("/") ? { problem: "this is a network, not one address" } : parseNetwork(text);
}

export type ParsedPlace =
  | { readonly address: Network; readonly network: Network; readonly problem?: never; readonly next?: never }
  | { readonly address?: never; readonly network?: never; readonly problem: string; readonly next?: string };

/** Reads `10.0.0.100/24`, one address and the network that it is in, as it stands on an interface. */
export function parsePlace(text: string): ParsedPlace {
  const [written = "", length, ...more] = text.split("/");
  const misspelt = spellingProblem(text);
  if (misspelt !== undefined) return misspelt;
  if (length === undefined)
    return {
      problem: "its network's prefix is not there",
      next: `write ${text}/24 where the network is one of 256 addresses`,
    };
  if (more.length > 0 || !/^(?:0|[1-9]\d?)$/.test(length) || Number(length) > 32) {
    return { problem: "this is not an address and a prefix" };
  }
  const { network: address, ...wrong } = parseAddress(written);
  if (address === undefined) return wrong as { readonly problem: string };
  const prefix = Number(length);
  return { address, network: { base: firstAddress(address.base, prefix), prefix } };
}

export function isAddress(text: string): boolean {
  return parseAddress(text).network !== undefined;
}

/** `203.0.113.9`, or `203.0.113.0/28`. */
export function formatNetwork({ base, prefix }: Network): string {
  const address = [24, 16, 8, 0].map((shift) => (base >>> shift) & 255).join(".");
  return prefix === 32 ? address : `${address}/${prefix}`;
}

/** True where every address of `inner` is one of `outer`. */
export function contains(outer: Network, inner: Network): boolean {
  return outer.prefix <= inner.prefix && firstAddress(inner.base, outer.prefix) === outer.base;
}

/** True where an address is in both: CIDRs nest or are apart. */
export function overlap(a: Network, b: Network): boolean {
  return contains(a, b) || contains(b, a);
}

/** Whether an address is a network's first or last, which no host has. */
export function isEdge(network: Network, { base }: Network): boolean {
  return base === network.base || base === network.base + sizeOf(network) - 1;
}

/** How many addresses it has. */
export function sizeOf({ prefix }: Network): number {
  return 2 ** (32 - prefix);
}

/** Numeric order; of two networks with the same first address the wider comes first. */
export function compareNetworks(a: Network, b: Network): number {
  return a.base - b.base || a.prefix - b.prefix;
}

/** An entry that stays, and those that say nothing more than it does. */
export interface Collapsed<T> {
  readonly kept: T;
  readonly absorbed: readonly T[];
}

/**
 * Leaves out every entry that lies inside another, in numeric order. Two neighbours that would make
 * one wider network stay two: a reviewer finds each address that was written, and adding a neighbour
 * never replaces (so never interrupts) one that is in force.
 */
export function collapse<T extends { readonly network: Network }>(entries: readonly T[]): Collapsed<T>[] {
  const collapsed: { kept: T; absorbed: T[] }[] = [];
  for (const entry of [...entries].sort((a, b) => compareNetworks(a.network, b.network))) {
    const last = collapsed.at(-1);
    // CIDRs nest or are apart, so in this order only the last one kept can contain the next.
    if (last !== undefined && contains(last.kept.network, entry.network)) last.absorbed.push(entry);
    else collapsed.push({ kept: entry, absorbed: [] });
  }
  return collapsed;
}

function firstAddress(address: number, prefix: number): number {
  // A shift by 32 is a shift by 0 in JavaScript.
  return prefix === 0 ? 0 : (address & (-1 << (32 - prefix))) >>> 0;
}

function withoutHostBits(network: Network): ParsedNetwork {
  const base = firstAddress(network.base, network.prefix);
  if (base === network.base) return { network };
  return {
    problem: `host bits are set beyond the prefix /${network.prefix}`,
    next:
      `write ${formatNetwork({ base, prefix: network.prefix })} for the whole network, ` +
      `or ${formatNetwork({ base: network.base, prefix: 32 })} for the one address`,
  };
}
