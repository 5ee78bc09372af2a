import { compareNetworks, contains, formatNetwork, type Network, parseNetwork } from "./addresses";
import { type Place, read } from "./read";
import { removeSchema } from "./schema";
import type { Removal, Source } from "./types";

/** One entry of a `lqpt:remove`, and where it stands. */
export interface RemovalEntry extends Removal {
  /** Where an address or network is meant. */
  readonly network: Network | undefined;
  readonly place: Place;
}

export const REMOVAL_RULE =
  "an IPv4 address or CIDR, everyone, or the absolute path of a file (letters, digits, _ . - and /)";

/** Reads one file's `lqpt:remove`; what has a mistake is told and left out. */
export function readRemovals(values: Readonly<Record<string, unknown>>, place: Place): RemovalEntry[] {
  return Object.entries(values).flatMap(([key, value]) => {
    const here = place.at(key);
    const why = read(removeSchema, value, here);
    const what = readWhat(key, here);
    return why === undefined || what === undefined ? [] : [{ ...what, why, from: place.file, place: here }];
  });
}

/** Joins the stack's own removals, which come first, with those inherited; none may be a source as well. */
export function joinRemovals(entries: readonly RemovalEntry[], sources: readonly Source[]): Removal[] {
  const first = entries.filter(
    ({ what }, index) => entries.findIndex((entry) => entry.what === what) === index,
  );
  for (const { what, network, place } of first) {
    const source = network && sources.find(({ cidr }) => covers(cidr, network));
    if (source === undefined) continue;
    place.wrong(what, {
      problem: `${source.from} allows ${source.cidr} (${source.owner}), so it would stay allowed`,
      allowed: "what is not under lqpt:allow",
      next: "decide whether it may reach the proxy, and take it out of lqpt:allow or of lqpt:remove",
    });
  }
  return [...first].sort(byKindThenNumber).map(({ what, why, from }) => ({ what, why, from }));
}

function readWhat(key: string, place: Place): Pick<RemovalEntry, "what" | "network"> | undefined {
  const read = parseRemoval(key);
  if (read.what !== undefined) return read;
  place.wrong(key, { ...read, allowed: REMOVAL_RULE });
  return undefined;
}

/** Reads one thing that may be removed with consent; all else gets a reason. */
export function parseRemoval(
  text: string,
):
  | { readonly what: string; readonly network: Network | undefined }
  | { readonly what?: never; readonly problem: string; readonly next: string | undefined } {
  if (text === "everyone" || isPlainPath(text)) return { what: text, network: undefined };
  const parsed = parseNetwork(text);
  if (parsed.network !== undefined) return { what: formatNetwork(parsed.network), network: parsed.network };
  if (text.startsWith("/")) return { problem: "this is not a plain absolute path", next: undefined };
  return { problem: parsed.problem, next: parsed.next };
}

/** A path that is no key of anything else, wherever it is written. */
export function isPlainPath(key: string): boolean {
  return (
    /^(?:\/[A-Za-z0-9_.-]+)+$/.test(key) && !key.split("/").some((part) => part === "." || part === "..")
  );
}

function covers(cidr: string, network: Network): boolean {
  const { network: source } = parseNetwork(cidr);
  return source !== undefined && contains(source, network);
}

/** Addresses in numeric order, then `everyone`, then files. */
function byKindThenNumber(a: RemovalEntry, b: RemovalEntry): number {
  if (a.network && b.network) return compareNetworks(a.network, b.network);
  return rank(a) - rank(b) || (a.what < b.what ? -1 : 1);
}

function rank({ network, what }: RemovalEntry): number {
  if (network) return 0;
  return what === "everyone" ? 1 : 2;
}
