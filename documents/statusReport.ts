import * as v from "valibot";
import { showFound } from "../config/errors";
import { printable, tryJson } from "./report";

/** What `lqptctl status` says of a machine, read by the host itself. */
export type HostStatus = NothingInForce | StatusInForce;

/** No document was ever in force there, or it was taken away. */
export interface NothingInForce {
  readonly owner: null;
  readonly lqptctl: string;
  /** `sha256:<hex>` of the lqptctl installed there, which need not be the one that answers; null where there is none. */
  readonly installed: string | null;
  /** What is left of runs that did not come to their end. */
  readonly deviations: readonly string[];
}

/** A document is in force. */
export interface StatusInForce {
  readonly owner: string;
  readonly lqptctl: string;
  /** See `NothingInForce`. */
  readonly installed: string | null;
  readonly host: string;
  /** `sha256:<hex>` of the document in force. */
  readonly digest: string;
  /** Whether the machine is as that document says. */
  readonly equal: boolean;
  /** What is not, one sentence each; an exposure begins with EXPOSED. */
  readonly deviations: readonly string[];
  /** Since when a person at the console closed it, and who; null where it is open. */
  readonly closed: string | null;
  /** What health checks are told; null where nobody may ask. */
  readonly health: HealthTold | null;
  readonly whitelist: readonly SourceInForce[];
  /** Who called and is on no list, with the time of the last call. */
  readonly refusedByNginx: readonly {
    readonly peer: string;
    readonly lastSeen: string;
    readonly requests: number;
  }[];
  /** Calls that `lqpt:site.enforce` would refuse, the most frequent first. */
  readonly wouldRefuse: readonly {
    readonly method: string;
    readonly path: string;
    readonly requests: number;
  }[];
  /** Null where it shares no address. */
  readonly vip: VipStatus | null;
  readonly nginx: {
    readonly version: string | null;
    /** Lines of lqpt.conf that this nginx does not know. */
    readonly leftOut: readonly string[];
    /** When the listener's certificate ends, as openssl prints it; null with plain http. */
    readonly certificateUntil: string | null;
    /** The addresses that Leqi's name stands for there. */
    readonly leqi: readonly string[];
  };
}

/** An address that the host shares with its peer, as the host sees it. */
export interface VipStatus {
  /** With its prefix, `10.0.0.100/24`. */
  readonly address: string;
  /** Whether the host has it now. */
  readonly holds: boolean;
  /** The other's own address. */
  readonly peer: string;
  /** systemd's word, `active`. */
  readonly keepalived: string;
}

/** The last look of the host at itself. */
export interface HealthTold {
  readonly healthy: boolean;
  /** Since when that is the answer, ISO 8601; null where nobody has looked since the host was started. */
  readonly since: string | null;
  /** Why it is not healthy, one sentence each. */
  readonly why: readonly string[];
}

/** An address or network that may open the port now. */
export interface SourceInForce {
  readonly source: string;
  /** Since when, ISO 8601; null where the host does not know. */
  readonly since: string | null;
  /** Until when, in seconds since 1970, of whom a person at the console let in for a while. */
  readonly until: number | null;
  /** Of its calls that the access log still has, 180 days. */
  readonly firstSeen: string | null;
  readonly lastSeen: string | null;
  readonly requests: number;
}

const text = v.pipe(printable, v.maxLength(4000));
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
/** The last one that JavaScript has a date for: a host may say any. */
const time = v.pipe(count, v.maxValue(8.64e12));
const maybe = v.nullable(text);
// One of before says nothing of it.
const installed = v.optional(maybe, null);
// Neither does it of this.
const vip = v.optional(
  v.nullable(v.object({ address: text, holds: v.boolean(), peer: text, keepalived: text })),
  null,
);
const source = v.object({
  ...{
    source: text,
    since: maybe,
    until: v.nullable(time),
    firstSeen: maybe,
    lastSeen: maybe,
    requests: count,
  },
});
const status = v.variant("owner", [
  v.object({ owner: v.null(), lqptctl: text, installed, deviations: v.array(text) }),
  v.object({
    ...{ owner: text, lqptctl: text, installed, host: text, digest: text, equal: v.boolean(), closed: maybe },
    deviations: v.array(text),
    health: v.optional(
      v.nullable(v.object({ healthy: v.boolean(), since: maybe, why: v.array(text) })),
      null,
    ),
    whitelist: v.array(source),
    refusedByNginx: v.array(v.object({ peer: text, lastSeen: text, requests: count })),
    wouldRefuse: v.array(v.object({ method: text, path: text, requests: count })),
    vip,
    nginx: v.object({
      ...{ version: maybe, leftOut: v.array(text), certificateUntil: maybe, leqi: v.array(text) },
    }),
  }),
]);

/**
 * @param stdout of `lqptctl status`; a login shell may have printed something before it
 * @throws Error where the last line is no status.
 */
export function parseStatus(stdout: string): HostStatus {
  const line = stdout.trimEnd().split("\n").at(-1) ?? "";
  const { success, output } = v.safeParse(status, tryJson(line));
  if (success) return output;
  throw new Error(
    `its answer is no status of lqptctl: found ${showFound(line) ?? ""}; expected one JSON object. Does the login shell print something of its own?`,
  );
}
