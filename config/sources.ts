import { collapse, type Collapsed, formatNetwork, type Network, parseNetwork } from "./addresses";
import { isMapping, type Place, read } from "./read";
import { ownerSchema, sourceSchema } from "./schema";
import type { Source } from "./types";

/** The most sources a stack may have once collapsed. */
const MAX_SOURCES = 256;

const MAX_OWNERS_LENGTH = 200;

/** One entry of a `lqpt:allow`, and where it stands. */
export interface Entry extends Omit<Source, "cidr"> {
  readonly network: Network;
  readonly place: Place;
}

/** What the owner of an address begins with as long as nobody decided whether it is to get in; such a file is refused. */
export const UNDECIDED = "to decide";

export const SOURCE_RULE = "an IPv4 address or CIDR, such as 203.0.113.9 or 203.0.113.0/28";

/** Reads one file's `lqpt:allow`; what has a mistake is told and left out. */
export function readAllow(values: Readonly<Record<string, unknown>>, place: Place): Entry[] {
  return Object.entries(values).flatMap(([key, value]) => {
    const network = readNetwork(key, place.at(key));
    const entry = readSource(value, place.at(key));
    if (network === undefined || entry === undefined) return [];
    if (entry.owner.startsWith(UNDECIDED)) {
      place.at(key).wrong(entry.owner, {
        problem: "nobody decided yet whether it may reach the proxy",
        allowed: "whose address it is",
        next: "write that, or take the line out: then it is cut off",
      });
      return [];
    }
    return [{ network, ...entry, from: place.file, place: place.at(key) }];
  });
}

/** An owner alone, or a mapping with one. */
function readSource(value: unknown, place: Place): Pick<Source, "owner" | "kind" | "filteredBy"> | undefined {
  if (isMapping(value)) {
    const source = read(sourceSchema, value, place);
    return source && { filteredBy: undefined, ...source };
  }
  const owner = read(ownerSchema, value, place);
  return owner === undefined ? undefined : { owner, kind: "backend", filteredBy: undefined };
}

/** Joins the stack's own entries with those inherited: in numeric order, none inside another. */
export function joinSources(own: readonly Entry[], inherited: readonly Entry[], place: Place): Source[] {
  const others = inherited.filter((entry) => !isSpokenFor(entry, own));
  const sources = collapse([...own, ...others]).map(toSource);
  if (sources.length > MAX_SOURCES) {
    place.wrong(sources.length, {
      problem: "these are the sources left when addresses inside a wider network are counted with it",
      allowed: `at most ${MAX_SOURCES}`,
      next: "name the networks that they are in, as narrow as can be",
    });
  }
  return sources;
}

/** Where both files name an address, the stack's own owner holds. */
function isSpokenFor({ network, owner, place }: Entry, own: readonly Entry[]): boolean {
  const cidr = formatNetwork(network);
  const same = own.find((entry) => formatNetwork(entry.network) === cidr);
  same?.place.warn(
    `${cidr} (${same.owner}) is inherited from ${place.file} (${owner}) as well; one rule serves both, with this file's owner`,
  );
  return same !== undefined;
}

function readNetwork(key: string, place: Place): Network | undefined {
  const parsed = parseNetwork(key);
  if (parsed.network === undefined) {
    place.wrong(key, { problem: parsed.problem, allowed: SOURCE_RULE, next: parsed.next });
  }
  return parsed.network;
}

function toSource({ kept, absorbed }: Collapsed<Entry>): Source {
  const cidr = formatNetwork(kept.network);
  for (const { network, owner, place } of absorbed) {
    place.warn(
      `${formatNetwork(network)} (${owner}) is allowed by ${cidr} (${kept.owner}) already; one rule serves both`,
    );
  }
  const owner = joinOwners([kept, ...absorbed].map((entry) => entry.owner));
  return { cidr, owner, kind: kept.kind, filteredBy: kept.filteredBy, from: kept.from };
}

/** An owner stays one line that a person reads, however many entries were collapsed into one. */
function joinOwners(owners: readonly string[]): string {
  const distinct = [...new Set(owners)];
  const whole = distinct.join("; ");
  if (distinct.length === 1 || [...whole].length <= MAX_OWNERS_LENGTH) return whole;
  return `${distinct[0] ?? ""}; and ${distinct.length - 1} more`;
}
