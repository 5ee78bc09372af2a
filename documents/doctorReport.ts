import * as v from "valibot";
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
  /** Whether the kernel holds firewalld's rules; null where firewalld does not run, or they cannot be read. */
  readonly firewalldFilters: boolean | null;
  /** Foreign rulesets in force: ufw, iptables, nftables. */
  readonly rulesets: readonly string[];
  /** What listens there and can be reached by others, a sentence each. */
  readonly listeners: readonly string[];
  readonly proxy: FoundProxy;
}

/** Who gets in to the port, and what serves it. */
export interface FoundProxy {
  readonly port: number;
  /** `lqpt:id` of the stack that holds it; null where none does. */
  readonly owner: string | null;
  /** Whom firewalld lets in to the port by rules as in the vendor's document. */
  readonly sources: readonly FoundSource[];
  /** What opens the port, and no other, to everybody. */
  readonly openings: readonly string[];
  /** What else lets somebody reach the port. */
  readonly foreign: readonly string[];
  /** Why nginx refuses its files as they lie there: then nobody knows what it serves; null where it takes them. */
  readonly nginxRefuses: string | null;
  /** The programs of other nginx that run there. */
  readonly otherNginx: readonly string[];
  /** Files by which nginx has a server on the port, and nothing else. */
  readonly sites: readonly string[];
  /** Files by which it has one, and with which other servers, or all of its configuration, would go. */
  readonly mixedSites: readonly string[];
  /** Whether nginx speaks TLS on the port; null where it does not serve it. */
  readonly servesTls: boolean | null;
  /** nginx's own `allow` and `deny`, whatever they are about. */
  readonly accessRules: readonly string[];
  /** Who called, by nginx's log, and is not among the sources; those that called most. */
  readonly callers: readonly Seen[];
  /** How many more called. */
  readonly callersLeftOut: number;
  /** How many of nginx's logs of calls to the port told of one. */
  readonly logs: number;
  /** Why other calls to it may have left nothing that can be read, a sentence each. */
  readonly unreadLogs: readonly string[];
  /** What a start of firewalld would close, as in `lqpt:firewall.keepOpen`; empty where it runs. */
  readonly closedByStart: readonly string[];
}

/** The days of an address's first and last call, where nginx's log tells them. */
export interface Seen {
  readonly source: string;
  readonly firstSeen: string | null;
  readonly lastSeen: string | null;
  readonly requests: number;
}

/** An address or network in force, as the rule has it. */
export interface FoundSource extends Seen {
  /** Let in now; else only once firewalld is started anew. */
  readonly runtime: boolean;
}

const line = v.pipe(printable, v.maxLength(2000));
const maybe = v.nullable(line);
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const day = v.nullable(v.pipe(v.string(), v.regex(/^\d{4}-\d\d-\d\d$/)));
// As firewalld prints it: with bits of a host, or a netmask, it is no network of ours, and a person's to decide.
const seen = {
  source: v.pipe(v.string(), v.regex(/^[\d./]{7,31}$/)),
  firstSeen: day,
  lastSeen: day,
  requests: count,
};
const path = v.pipe(line, v.startsWith("/"));
const machine = v.object({
  ...{ os: maybe, nginx: maybe, firewalldActive: maybe, firewalldFilters: v.nullable(v.boolean()) },
  ...{ rulesets: v.array(line), listeners: v.array(line) },
  proxy: v.object({
    port: v.number(),
    owner: maybe,
    sources: v.array(v.object({ ...seen, runtime: v.boolean() })),
    ...{ openings: v.array(line), foreign: v.array(line), accessRules: v.array(line) },
    ...{ callers: v.array(v.object(seen)), callersLeftOut: count, logs: count },
    ...{ unreadLogs: v.array(line), nginxRefuses: maybe, otherNginx: v.array(line) },
    servesTls: v.nullable(v.boolean()),
    ...{ sites: v.array(path), mixedSites: v.array(path) },
    // They become keys of a stack's file: what is no port stays out of it.
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
