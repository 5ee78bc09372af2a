import { contains, formatNetwork, type Network, overlap, parseNetwork } from "../config/addresses";
import { UNDECIDED } from "../config/sources";
import type { Environment, ListenConfig } from "../config/types";
import type { FoundMachine, Seen } from "../documents/doctorReport";
import { IMPORT_WORDS, type ImportWords } from "../words/import";
import { type Decision, decision } from "./decision";
import { isOpen, ofHost, unknownCallers } from "./foundHost";
import { bySource, type Found } from "./foundSources";
import { IN_FILE } from "./takeOverWords";

/** A vendor's egress address. */
export interface VendorAddress {
  readonly network: Network;
  readonly environment: Environment;
  /** Whose it is, as the environment's file says. */
  readonly owner: string;
}

/** What is known before a machine is looked at. */
export interface Known {
  /** What the new stack inherits, so that it need not be written once more. */
  readonly inherited: readonly Network[];
  /** What it must not let in: another environment's, or in a private cloud all of the vendor's. */
  readonly unwanted: readonly VendorAddress[];
  /** What the listener is to speak. */
  readonly tls: "none" | "self-signed";
}

/** What of machines that run already goes into the new stack's file. */
export interface TakenOver {
  /** Whose each is, or that nobody knows yet. One whose owner begins with UNDECIDED makes the file a mistake. */
  readonly allow: Readonly<Record<string, string>>;
  readonly remove: Readonly<Record<string, string>>;
  readonly keepOpen: readonly string[];
  /** Whether an nginx is there already, which is to serve the site. */
  readonly hasNginx: boolean;
  readonly tls: ListenConfig["tls"];
  /** What a person must decide or do before the first `up`, one sentence each. */
  readonly decisions: readonly Decision[];
  /** Whether there may be callers whom the first `up` cuts off and the file does not name. */
  readonly callersUnknown: boolean;
}

/** What the owner of whoever was found begins with, until a person writes it down. */
export const NOT_KNOWN = "not known; ";

type Machines = ReadonlyMap<string, FoundMachine>;

/** What goes into the file of one kind of finding, and what there is to decide of it. */
export type Part = Partial<Pick<TakenOver, "allow" | "remove">> & { readonly decisions: readonly Decision[] };

/**
 * A file whose first `up` cuts nobody off: all that is in force is allowed, but for what a stack must not have. That
 * becomes a `remove`, which a reviewer agrees to by merging the file. Who calls a machine that is open to everyone is
 * somebody that `up` would cut off, or a stranger: as long as nobody decided which, the file is refused.
 *
 * @param machines what was found, by host
 * @param day of the look, for the words of the reviewer
 */
export function takeOver(machines: Machines, known: Known, day: string): TakenOver {
  const hosts = [...machines.keys()];
  const all = [...machines.values()];
  const speaksTls = all.some(({ proxy }) => proxy.servesTls === true);
  // Without its certificate, which a person must bring, the file is refused.
  const tls = known.tls === "none" && speaksTls ? "provided" : known.tls;
  const parts = [
    ...bySource(machines, ({ proxy }) => proxy.sources).map((found) => ofSource(found, known, day, hosts)),
    ...bySource(machines, callersOf).map((found) => ofCaller(found, known)),
    ...[...machines].map(([host, machine]) => ofHost(host, machine, tls, day)),
  ];
  return {
    // Of an address in force that called too, the first is said.
    allow: Object.assign({}, ...parts.map(({ allow }) => allow).reverse()) as Record<string, string>,
    remove: Object.assign({}, ...parts.map(({ remove }) => remove).reverse()) as Record<string, string>,
    keepOpen: [...new Set(all.flatMap(({ proxy }) => proxy.closedByStart))].sort(),
    hasNginx: all.some(({ nginx }) => nginx !== null),
    tls,
    decisions: parts.flatMap(({ decisions }) => decisions),
    callersUnknown: all.some((machine) => isOpen(machine) && unknownCallers("", machine).length > 0),
  };
}

/** Those whom no rule lets in. */
function callersOf(machine: FoundMachine): readonly Seen[] {
  return isOpen(machine) ? machine.proxy.callers : [];
}

function ofSource({ source, on, ...found }: Found, known: Known, day: string, all: readonly string[]): Part {
  const { network } = parseNetwork(source.replace(/\/32$/, ""));
  const hosts = on.join(", ");
  if (network === undefined) return { decisions: [decision("misspelt", () => [source, hosts])] };
  if (known.inherited.some((one) => contains(one, network))) return { decisions: [] };
  const cidr = formatNetwork(network);
  const when = (words: ImportWords): string =>
    words.seen(found, found.logs) + (found.runtime ? "" : words.onlyAfterStart);
  const inForce = IN_FILE.inForce(hosts, day, when(IMPORT_WORDS.en));
  const vendor = known.unwanted.find((one) => overlap(one.network, network));
  if (vendor === undefined) {
    const others = all.filter((host) => !on.includes(host)).join(", ");
    return {
      allow: { [cidr]: `${NOT_KNOWN}${inForce}` },
      decisions: [decision("allowed", (words) => [cidr, hosts, when(words), others])],
    };
  }
  if (contains(vendor.network, network)) {
    return {
      remove: { [cidr]: `${vendorIn(IMPORT_WORDS.en, vendor)}; ${inForce}` },
      decisions: [decision("vendors", (words) => [cidr, vendorIn(words, vendor), when(words)])],
    };
  }
  // Others may call from it, so it is not cut off as a whole, nor let in.
  const holds = (words: ImportWords): string =>
    `${formatNetwork(vendor.network)}, ${vendorIn(words, vendor)}`;
  return {
    allow: { [cidr]: `${UNDECIDED}: ${IN_FILE.wide(holds(IMPORT_WORDS.en))}` },
    decisions: [decision("tooWide", (words) => [cidr, holds(words)])],
  };
}

function vendorIn(words: ImportWords, { environment, owner }: VendorAddress): string {
  return words.vendor(environment, owner);
}

function ofCaller({ source, on, ...found }: Found, known: Known): Part {
  const { network } = parseNetwork(source);
  if (network === undefined || known.inherited.some((one) => contains(one, network)))
    return { decisions: [] };
  const when = (words: ImportWords): string => words.seen(found, found.logs);
  const hosts = on.join(", ");
  const vendor = known.unwanted.find((one) => contains(one.network, network));
  if (vendor !== undefined) {
    return {
      decisions: [decision("vendorsCaller", (words) => [source, vendorIn(words, vendor), when(words)])],
    };
  }
  return {
    allow: { [source]: `${UNDECIDED}: ${IN_FILE.called(hosts, when(IMPORT_WORDS.en))}` },
    decisions: [decision("caller", (words) => [source, hosts, when(words)])],
  };
}
