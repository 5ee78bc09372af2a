import * as v from "valibot";
import { showFound } from "../config/errors";
import type { HostConfig, StackConfig } from "../config/types";
import { type HostReport, hostReport, printable, tryJson, utcTime } from "./report";

/** A report as it comes back by mail or by hand: it says itself whose it is, and of when. */
export interface SentReport extends HostReport {
  /** When it was made, by the machine's clock: ISO 8601, UTC. */
  readonly at: string;
  /** `lqpt:id` of the stack, and the host's name in it. */
  readonly owner: string;
  readonly host: string;
  /** What the machine calls itself. */
  readonly machine: string;
  /** The version of the lqptctl that it came from. */
  readonly lqptctl: string;
}

/** What is known of a host that nobody dials: what its administrator's run of a bundle reported. */
export interface HostRecord extends SentReport {
  /** The host's address in the config when it was written down: another address is another machine. */
  readonly address: string;
  /** When it was written down, ISO 8601. */
  readonly recorded: string;
}

const name = v.pipe(v.string(), v.regex(/^[a-z][a-z0-9-]{0,62}$/));
const sentReport = v.object({
  at: utcTime,
  owner: name,
  host: name,
  machine: v.pipe(printable, v.maxLength(64)),
  lqptctl: v.pipe(v.string(), v.regex(/^[0-9][0-9A-Za-z.+-]{0,40}$/)),
  ...hostReport.entries,
});
const hostRecord = v.object({
  recorded: v.pipe(
    v.string(),
    v.check((text) => isTime(text) && new Date(text).toISOString() === text),
  ),
  address: v.pipe(v.string(), v.regex(/^[A-Za-z0-9.-]{1,255}$/)),
  ...sentReport.entries,
});

/**
 * @param line the report alone, out of what was sent
 * @throws Error where it is none.
 */
export function parseSent(line: string): SentReport {
  const { success, output } = v.safeParse(sentReport, tryJson(line));
  if (success) return output;
  throw new Error(
    `this is no report of a bundle: ${showFound(line) ?? ""}; expected the line that the bundle printed, as it is. Have it run again, and let the whole answer be sent`,
  );
}

/** What is written down of a report. */
export function recordOf(report: SentReport, { address }: HostConfig, now: Date): HostRecord {
  return { recorded: now.toISOString(), address, ...report };
}

/** A record as its file's text; each source on a line of its own, for a reviewer. */
export function renderRecord(record: HostRecord): string {
  return `${JSON.stringify(record, undefined, 2)}\n`;
}

/**
 * @throws Error where the text is no record: a person edited it, or a merge broke it.
 */
export function parseRecord(path: string, text: string): HostRecord {
  const { success, output, issues } = v.safeParse(hostRecord, tryJson(text));
  if (success) return output;
  const where = v.getDotPath(issues[0]) ?? "JSON";
  throw new Error(
    `${path} is no record, by its ${where}; expected what \`lqpt record\` wrote. Get it back from version control; or delete it and record the host's last report again`,
  );
}

/** A host as a stack knows it: at another address, or of another owner, it is another machine. */
export interface Machine {
  readonly host: string;
  /** `lqpt:id` of its stack. */
  readonly owner: string;
  readonly address: string;
}

/** The machine that a stack means by one of its hosts. */
export function machineOf(
  { id }: Pick<StackConfig, "id">,
  { name, address }: Pick<HostConfig, "name" | "address">,
): Machine {
  return { host: name, owner: id, address };
}

/** Whether a record says something of a host as the config has it now. */
export function isOf(record: HostRecord, { host, owner, address }: Machine): boolean {
  return record.host === host && record.owner === owner && record.address === address;
}

function isTime(text: string): boolean {
  return !Number.isNaN(Date.parse(text));
}
