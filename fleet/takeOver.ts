import { contains, formatNetwork, type Network, overlap, parseNetwork } from "../config/addresses";
import { UNDECIDED } from "../config/sources";
import type { ListenConfig } from "../config/types";
import type { FoundMachine, Seen } from "../documents/doctorReport";
import { bySource, type Found } from "./foundSources";
import { TAKE_OVER_WORDS as words } from "./takeOverWords";

/** A vendor's egress address. */
export interface VendorAddress {
  readonly network: Network;
  /** Whose it is, and the file that says so. */
  readonly words: string;
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
  readonly decisions: readonly string[];
  /** Whether there may be callers whom the first `up` cuts off and the file does not name. */
  readonly callersUnknown: boolean;
}

/** What the owner of whoever was found begins with, until a person writes it down. */
export const NOT_KNOWN = "not known; in force";

type Machines = ReadonlyMap<string, FoundMachine>;

/** What goes into the file of one kind of finding, and what there is to decide of it. */
type Part = Partial<Pick<TakenOver, "allow" | "remove">> & { readonly decisions: readonly string[] };

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
  const parts = [
    ...bySource(machines, ({ proxy }) => proxy.sources).map((found) => ofSource(found, known, day, hosts)),
    ...bySource(machines, callersOf).map((found) => ofCaller(found, known)),
    ...[...machines].map(([host, machine]) => ofHost(host, machine, known, day)),
  ];
  const all = [...machines.values()];
  const speaksTls = all.some(({ proxy }) => proxy.servesTls === true);
  return {
    // Of an address in force that called too, the first is said.
    allow: Object.assign({}, ...parts.map(({ allow }) => allow).reverse()) as Record<string, string>,
    remove: Object.assign({}, ...parts.map(({ remove }) => remove).reverse()) as Record<string, string>,
    keepOpen: [...new Set(all.flatMap(({ proxy }) => proxy.closedByStart))].sort(),
    hasNginx: all.some(({ nginx }) => nginx !== null),
    // Without its certificate, which a person must bring, the file is refused.
    tls: known.tls === "none" && speaksTls ? "provided" : known.tls,
    decisions: parts.flatMap(({ decisions }) => decisions),
    callersUnknown: all.some(
      (machine) => isOpen(machine) && (machine.proxy.callersLeftOut > 0 || machine.proxy.logs === 0),
    ),
  };
}

/** Whether more may reach the port than the rules name. */
function isOpen({ proxy, firewalldActive }: FoundMachine): boolean {
  return proxy.openings.length > 0 || firewalldActive !== "active";
}

/** Those whom no rule lets in. */
function callersOf(machine: FoundMachine): readonly Seen[] {
  return isOpen(machine) ? machine.proxy.callers : [];
}

function ofSource({ source, on, ...found }: Found, known: Known, day: string, all: readonly string[]): Part {
  const { network } = parseNetwork(source.replace(/\/32$/, ""));
  const hosts = on.join(", ");
  if (network === undefined) return { decisions: [words.misspelt(source, hosts)] };
  if (known.inherited.some((one) => contains(one, network))) return { decisions: [] };
  const cidr = formatNetwork(network);
  const when = words.seen(found, found.logs) + (found.runtime ? "" : words.onlyAfterStart);
  const inForce = words.inForce(hosts, day, when);
  const vendor = known.unwanted.find((one) => overlap(one.network, network));
  if (vendor === undefined) {
    const others = all.filter((host) => !on.includes(host)).join(", ");
    return {
      allow: { [cidr]: `${NOT_KNOWN}${inForce.slice("in force".length)}` },
      decisions: [words.allowed(cidr, hosts, when, others)],
    };
  }
  if (contains(vendor.network, network)) {
    return {
      remove: { [cidr]: `${vendor.words}; ${inForce}` },
      decisions: [words.vendors(cidr, vendor.words, when)],
    };
  }
  // Others may call from it, so it is not cut off as a whole, nor let in.
  const holds = `${formatNetwork(vendor.network)}, ${vendor.words}`;
  return {
    allow: { [cidr]: `${UNDECIDED}: ${words.wide(holds)}` },
    decisions: [words.tooWide(cidr, holds)],
  };
}

function ofCaller({ source, on, ...found }: Found, known: Known): Part {
  const { network } = parseNetwork(source);
  if (network === undefined || known.inherited.some((one) => contains(one, network)))
    return { decisions: [] };
  const when = words.seen(found, found.logs);
  const hosts = on.join(", ");
  const vendor = known.unwanted.find((one) => contains(one.network, network));
  if (vendor !== undefined) return { decisions: [words.vendorsCaller(source, vendor.words, when)] };
  return {
    allow: { [source]: `${UNDECIDED}: ${words.called(hosts, when)}` },
    decisions: [words.caller(source, hosts, when)],
  };
}

/** All that is not about one address. */
function ofHost(host: string, machine: FoundMachine, { tls }: Known, day: string): Part {
  const { proxy } = machine;
  const isOff = machine.firewalldActive !== "active";
  const remove = {
    ...(proxy.openings.length > 0 ? { everyone: words.wasOpen(host, day) } : {}),
    ...Object.fromEntries(proxy.sites.map((site) => [site, words.served(host, day)])),
  };
  const decisions = [
    ...(proxy.openings.length > 0 ? [words.open(host, proxy.openings.join("; "))] : []),
    ...(isOff ? [words.off(host)] : []),
    ...(isOpen(machine) ? unknownCallers(host, machine) : []),
    ...proxy.sites.map((site) => words.site(site, host)),
    ...ofServing(host, machine, tls),
    ...proxy.foreign.map((one) => words.foreign(host, one)),
    ...(isOff ? proxy.closedByStart.map((port) => words.keepOpen(host, port)) : []),
    ...(isOff ? machine.rulesets.map((ruleset) => words.ruleset(host, ruleset)) : []),
  ];
  return { remove, decisions };
}

function unknownCallers(host: string, { proxy }: FoundMachine): string[] {
  if (proxy.logs === 0) return [words.noLog(host)];
  return proxy.callersLeftOut > 0 ? [words.moreCallers(host, proxy.callersLeftOut)] : [];
}

/** What callers would meet otherwise than now. */
function ofServing(host: string, { proxy, listeners }: FoundMachine, tls: Known["tls"]): string[] {
  const { servesTls, accessRules } = proxy;
  return [
    ...(servesTls === null && isServed(proxy.port, listeners) ? [words.otherServer(host)] : []),
    ...(servesTls === true
      ? [tls === "none" ? words.ownCertificate(host) : words.otherCertificate(host)]
      : []),
    ...(servesTls === false && tls !== "none" ? [words.plainBefore(host)] : []),
    ...(accessRules.length > 0 ? [words.accessRules(host, accessRules.join("; "))] : []),
  ];
}

/** Whether anything listens on the port and can be reached. */
export function isServed(port: number, listeners: readonly string[]): boolean {
  return listeners.some((one) => one.includes(" on tcp ") && one.endsWith(`:${port}`));
}
