import { contains, formatNetwork, type Network, overlap, parseNetwork } from "../config/addresses";
import type { FoundMachine, FoundSource } from "../documents/doctorReport";

/** A vendor's egress address. */
export interface VendorAddress {
  readonly network: Network;
  /** Whose it is, and the file that says so. */
  readonly words: string;
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
  readonly decisions: readonly string[];
}

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
  const decisions: string[] = [];
  for (const found of proxy.sources) {
    const { network } = parseNetwork(found.source.replace(/\/32$/, ""));
    if (network === undefined || known.inherited.some((one) => contains(one, network))) continue;
    const cidr = formatNetwork(network);
    const vendor = known.unwanted.find((one) => overlap(one.network, network));
    if (vendor === undefined) {
      allow[cidr] = `${NOT_KNOWN} on ${host} on ${day}, ${seen(found)}`;
      decisions.push(
        `${cidr} may reach ${host}, ${seen(found)}: write whose it is, or move it to lqpt:remove`,
      );
    } else {
      remove[cidr] = `${vendor.words}; in force on ${host} on ${day}, ${seen(found)}`;
      decisions.push(`${cidr} is ${vendor.words}, ${seen(found)}: the first up cuts it off; agree to that`);
    }
  }
  if (proxy.openings.length > 0) {
    remove["everyone"] = `${host} was open to everyone on ${day}`;
    decisions.push(
      `${host} is open to everyone (${proxy.openings.join("; ")}): the first up closes that; agree to it${callers(machine)}`,
    );
  }
  for (const site of proxy.sites) {
    remove[site] = `served the port on ${host} on ${day}; ours takes its place`;
    decisions.push(
      `${site} on ${host} is taken away by the first up, and ours serves the port: agree to that`,
    );
  }
  decisions.push(...byHand(host, machine));
  return { allow, remove, keepOpen: proxy.closedByStart, hasNginx: machine.nginx !== null, decisions };
}

/** What no file can settle. */
function byHand(host: string, machine: FoundMachine): string[] {
  const { proxy, rulesets, firewalldActive } = machine;
  const runs = firewalldActive === "active";
  return [
    ...proxy.foreign.map(
      (words) => `${host}: ${words}: take that away there by hand, or the first up is refused`,
    ),
    ...(runs
      ? []
      : [
          `${host}: firewalld does not run, so whoever reaches the machine gets in; the first up starts it, and lets in lqpt:allow alone${callers(machine)}`,
          ...proxy.closedByStart.map(
            (port) =>
              `${host}: ${port} stays open to everyone (lqpt:firewall.keepOpen): agree, or move it to closes`,
          ),
          ...rulesets.map(
            (ruleset) =>
              `${host}: it filters by ${ruleset} already: name that in lqpt:firewall.closes, or set mode external`,
          ),
        ]),
  ];
}

function callers({ proxy }: FoundMachine): string {
  return proxy.callers.length === 0
    ? ""
    : `. By nginx's log there called: ${proxy.callers.join("; ")}; write those that are to stay to lqpt:allow`;
}

function seen({ firstSeen, lastSeen, requests }: FoundSource): string {
  return firstSeen === null || lastSeen === null
    ? "never seen in nginx's log"
    : `seen from ${firstSeen} to ${lastSeen} (${requests} calls)`;
}
