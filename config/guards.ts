import { formatNetwork, type Network, overlap, sizeOf } from "./addresses";
import { describeRange, EXAMPLES, NEVER, PRIVATE, type SpecialRange } from "./ranges";
import type { Place } from "./read";
import { MIN_WIDEST } from "./schema";
import { type Entry, SOURCE_RULE } from "./sources";
import type { Environment, Topology } from "./types";

/** The addresses of an environment that the stack has no part in. */
export interface ForeignList {
  readonly environment: Environment;
  readonly entries: readonly Entry[];
}

/** What a stack lets its list hold. */
export interface Limits {
  /** Undefined: unreadable, and so no reason to refuse. */
  readonly topology: Topology | undefined;
  /** The shortest prefix. */
  readonly widest: number;
  readonly foreign: readonly ForeignList[];
}

/** A mistake of one entry: what is wrong with it, what would be right, what to do. */
interface Objection {
  readonly problem: string;
  readonly allowed: string;
  readonly next: string;
}

/** Tells each entry that no stack with these limits may have; returns the others. */
export function guardSources(entries: readonly Entry[], limits: Limits): Entry[] {
  return entries.filter((entry) => {
    const objection =
      tooWide(entry, limits) ??
      neverASource(entry) ??
      privateInPublic(entry, limits) ??
      ofAnotherEnvironment(entry, limits);
    if (objection !== undefined) entry.place.wrong(formatNetwork(entry.network), objection);
    else if (lacksFilter(entry)) tellFilter(entry.place.at("filteredBy"));
    else return true;
    return false;
  });
}

/** Addresses of nobody, as they stand in documents: told once a stack, since a demo is full of them. */
export function warnOfExamples(entries: readonly Entry[], place: Place): void {
  const examples = entries.filter(({ network }) => findRange(EXAMPLES, network) !== undefined);
  const named = [...new Set(examples.map(({ network }) => formatNetwork(network)))];
  if (named.length === 0) return;
  const kept = EXAMPLES.map(({ network }) => formatNetwork(network)).join(", ");
  place.warn(`${named.join(", ")}: of the networks kept for documentation (${kept}), where no back end is`);
}

function tooWide({ network }: Entry, { widest }: Limits): Objection | undefined {
  const { prefix } = network;
  if (prefix >= widest) return undefined;
  if (prefix === 0) {
    return {
      problem: "this is everybody; Leqi bans an IP that it finds open to the world",
      allowed: SOURCE_RULE,
      next: "name the back ends that call this proxy, one by one",
    };
  }
  const wider = `this is ${sizeOf(network).toLocaleString("en")} addresses, a network wider than /${widest}`;
  const instead = "name the back ends that call this proxy, or networks as narrow as can be";
  return {
    problem: wider,
    allowed: `prefixes from /${widest} to /32`,
    next:
      prefix < MIN_WIDEST
        ? instead
        : `${instead}; where the whole network is meant, the stack's own file says so by lqpt:firewall.widest: ${prefix}`,
  };
}

function neverASource({ network }: Entry): Objection | undefined {
  const range = findRange(NEVER, network);
  return (
    range && {
      problem: `${describeRange(network, range)}: no back end can come from there`,
      allowed: SOURCE_RULE,
      next: "name the address that the proxy sees the back end come from",
    }
  );
}

function privateInPublic({ network, kind }: Entry, { topology }: Limits): Objection | undefined {
  if (topology !== "public-cloud" || kind !== "backend") return undefined;
  const range = findRange(PRIVATE, network);
  return (
    range && {
      problem: `${describeRange(network, range)}: from the internet nobody comes with such an address`,
      allowed:
        "public addresses; others only of a device in front of the proxy, with kind: frontend and filteredBy, or " +
        "with kind: healthcheck where it only asks whether a host is healthy",
      next:
        "name the public address that the back end comes out with; where this is a load balancer or NAT of the " +
        "customer, write kind: frontend, and under filteredBy who filters there",
    }
  );
}

function ofAnotherEnvironment({ network }: Entry, { topology, foreign }: Limits): Objection | undefined {
  for (const { environment, entries } of foreign) {
    const vendor = entries.find((entry) => overlap(entry.network, network));
    if (vendor === undefined) continue;
    const which = `the vendor's egress IP for ${environment} (in ${vendor.place.file}: ${vendor.owner})`;
    const holds = sizeOf(network) > sizeOf(vendor.network);
    const problem = holds ? `it holds ${formatNetwork(vendor.network)}, ${which}` : `this is ${which}`;
    return topology === "private-cloud"
      ? {
          problem: `${problem}, and in a private cloud none of the vendor's may call the proxy`,
          allowed: "addresses of the customer's own back ends",
          next: "take it out; where the back end runs in the vendor's cloud, lqpt:topology is public-cloud",
        }
      : {
          problem: `${problem}, which this stack does not serve`,
          allowed: "addresses that call for the stack's lqpt:environments",
          next: "take it out; a customer's stack whose one machine serves both says lqpt:environments: [sandbox, prod] and inherits it",
        };
  }
  return undefined;
}

/** Whoever reaches a device in front of the proxy reaches Leqi, unless somebody filters there. */
function lacksFilter({ kind, filteredBy }: Entry): boolean {
  return kind === "frontend" && filteredBy === undefined;
}

function tellFilter(place: Place): void {
  place.wrong(undefined, {
    problem: "all callers of a frontend come with its address, so the proxy cannot tell them apart",
    allowed: "who filters in front of it: one line of 1 to 200 characters",
    next: "name who answers for the list there, such as ACME network team; let nobody in by it until somebody does",
  });
}

function findRange(ranges: readonly SpecialRange[], network: Network): SpecialRange | undefined {
  return ranges.find((range) => overlap(range.network, network));
}
