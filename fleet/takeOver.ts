import { contains, formatNetwork, type Network, overlap, parseNetwork } from "../config/addresses";
import type { Environment } from "../config/types";
import type { FoundMachine } from "../documents/doctorReport";
import { IMPORT_WORDS, type ImportWords } from "../words/import";

/** A vendor's egress address. */
export interface VendorAddress {
  readonly network: Network;
  readonly environment: Environment;
  /** Whose it is, as the environment's file says. */
  readonly owner: string;
}

/** What is known before a machine is looked at. */
export interface KnownLists {
  /** What the new stack inherits, so that it need not be written once more. */
  readonly inherited: readonly Network[];
  /** What it must not let in: another environment's, or in a private cloud all of the vendor's. */
  readonly unwanted: readonly VendorAddress[];
}

/** What of machines that run already goes into the new stack's file. */
export interface TakenOver {
  /** Whose each is, or that nobody knows yet. */
  readonly allow: Readonly<Record<string, string>>;
  readonly remove: Readonly<Record<string, string>>;
  readonly keepOpen: readonly string[];
  /** Whether an nginx is there already, which is to serve the site. */
  readonly hasNginx: boolean;
  /** What a person must decide or do before the first `up`, one sentence each. */
  readonly decisions: readonly Decision[];
}

/** A sentence, in whichever language it is said. */
export type Decision = (words: ImportWords) => string;

/** What is written to the file for good is in one language. */
const IN_FILE = IMPORT_WORDS.en;

/** What the owner of whoever was found begins with, until a person writes it down. */
export const NOT_KNOWN = "not known; in force";

/**
 * A file whose first `up` cuts nobody off: all that is in force is allowed, but for what a stack must not have. That
 * becomes a `remove`, which a reviewer agrees to by merging the file.
 *
 * @param machines what was found, by host
 * @param day of the look, for the words of the reviewer
 */
export function takeOver(
  machines: ReadonlyMap<string, FoundMachine>,
  known: KnownLists,
  day: string,
): TakenOver {
  const all = [...machines].map(([host, machine]) => takeOne(host, machine, known, day));
  return {
    allow: Object.assign({}, ...all.map(({ allow }) => allow)) as Record<string, string>,
    remove: Object.assign({}, ...all.map(({ remove }) => remove)) as Record<string, string>,
    keepOpen: [...new Set(all.flatMap(({ keepOpen }) => keepOpen))].sort(),
    hasNginx: all.some(({ hasNginx }) => hasNginx),
    decisions: all.flatMap(({ decisions }) => decisions),
  };
}

function takeOne(host: string, machine: FoundMachine, known: KnownLists, day: string): TakenOver {
  const { proxy } = machine;
  const allow: Record<string, string> = {};
  const remove: Record<string, string> = {};
  const decisions: Decision[] = [];
  for (const found of proxy.sources) {
    const { network } = parseNetwork(found.source.replace(/\/32$/, ""));
    if (network === undefined || known.inherited.some((one) => contains(one, network))) continue;
    const cidr = formatNetwork(network);
    const vendor = known.unwanted.find((one) => overlap(one.network, network));
    if (vendor === undefined) {
      allow[cidr] = `${NOT_KNOWN} on ${host} on ${day}, ${IN_FILE.seen(found)}`;
      decisions.push((words) => words.allowed(cidr, host, words.seen(found)));
    } else {
      const { environment, owner } = vendor;
      remove[cidr] =
        `${IN_FILE.vendor(environment, owner)}; in force on ${host} on ${day}, ${IN_FILE.seen(found)}`;
      decisions.push((words) => words.vendors(cidr, words.vendor(environment, owner), words.seen(found)));
    }
  }
  if (proxy.openings.length > 0) {
    remove["everyone"] = `${host} was open to everyone on ${day}`;
    decisions.push((words) => words.open(host, proxy.openings.join("; "), proxy.callers));
  }
  for (const site of proxy.sites) {
    remove[site] = `served the port on ${host} on ${day}; ours takes its place`;
    decisions.push((words) => words.site(site, host));
  }
  decisions.push(...byHand(host, machine));
  return { allow, remove, keepOpen: proxy.closedByStart, hasNginx: machine.nginx !== null, decisions };
}

/** What no file can settle. */
function byHand(host: string, { proxy, rulesets, firewalldActive }: FoundMachine): Decision[] {
  const foreign = proxy.foreign.map(
    (found): Decision =>
      (words) =>
        words.foreign(host, found),
  );
  if (firewalldActive === "active") return foreign;
  return [
    ...foreign,
    (words) => words.off(host, proxy.callers),
    ...proxy.closedByStart.map(
      (port): Decision =>
        (words) =>
          words.keepOpen(host, port),
    ),
    ...rulesets.map(
      (ruleset): Decision =>
        (words) =>
          words.ruleset(host, ruleset),
    ),
  ];
}
