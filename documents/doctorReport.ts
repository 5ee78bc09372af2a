import * as v from "valibot";
import { parseNetwork } from "../config/addresses";
import { isPlainPath } from "../config/removals";
import { showFound } from "../config/errors";
import { printable, tryJson } from "./report";

/** What `lqptctl doctor --port` says of a machine that somebody set up by hand. */
export interface FoundMachine {
  /** The system's own name for itself; null where it has none. */
  readonly os: string | null;
  /** nginx's version; null where there is none. */
  readonly nginx: string | null;
  /** `active` where firewalld runs. */
  readonly firewalldActive: string | null;
  /** Foreign rulesets in force: ufw, iptables, nftables. */
  readonly rulesets: readonly string[];
  readonly proxy: {
    readonly port: number;
    /** `lqpt:id` of the stack that holds it; null where none does. */
    readonly owner: string | null;
    /** Whom firewalld lets in to the port by rules as in the vendor's document. */
    readonly sources: readonly FoundSource[];
    /** What opens the port, and no other, to everybody. */
    readonly openings: readonly string[];
    /** What else lets somebody reach the port. */
    readonly foreign: readonly string[];
    /** Files by which nginx has a server on the port. */
    readonly sites: readonly string[];
    /** Who called, by nginx's log, and is not among the sources; those that called most. */
    readonly callers: readonly string[];
    /** What a start of firewalld would close, as in `lqpt:firewall.keepOpen`; empty where it runs. */
    readonly closedByStart: readonly string[];
  };
}

/** An address or network in force, with the days of its first and last call where nginx's log tells them. */
export interface FoundSource {
  readonly source: string;
  readonly firstSeen: string | null;
  readonly lastSeen: string | null;
  readonly requests: number;
}

const line = v.pipe(printable, v.maxLength(2000));
const maybe = v.nullable(line);
const network = v.pipe(
  v.string(),
  v.check(
    (text) => parseNetwork(text.replace(/\/32$/, "")).network !== undefined,
    "no IPv4 address or network",
  ),
);
const day = v.nullable(v.pipe(v.string(), v.regex(/^\d{4}-\d\d-\d\d$/)));
const machine = v.object({
  ...{ os: maybe, nginx: maybe, firewalldActive: maybe, rulesets: v.array(line) },
  proxy: v.object({
    port: v.number(),
    owner: maybe,
    sources: v.array(v.object({ source: network, firstSeen: day, lastSeen: day, requests: v.number() })),
    ...{ openings: v.array(line), foreign: v.array(line), callers: v.array(line) },
    // They become keys of a stack's file: what is no path, or no port, stays out of it.
    sites: v.array(v.pipe(v.string(), v.maxLength(256), v.check(isPlainPath, "no plain path"))),
    closedByStart: v.array(v.pipe(v.string(), v.regex(/^\d{1,5}\/[a-z]{2,7}$/))),
  }),
});

/** @throws Error where the last line is no such report. */
export function parseFound(stdout: string): FoundMachine {
  const last = stdout.trimEnd().split("\n").at(-1) ?? "";
  const { success, output, issues } = v.safeParse(machine, tryJson(last));
  if (success) return output;
  throw new Error(
    `its answer is no report of \`lqptctl doctor\`, by its ${v.getDotPath(issues[0]) ?? "JSON"}: found ${showFound(last) ?? ""}; expected one JSON object. Does the login shell print something of its own?`,
  );
}
