import { type HostReport, parseReport } from "./report";

/** What is known of a host that nobody dials: what its administrator's run of a bundle reported, and when. */
export interface HostRecord extends HostReport {
  /** When it was written down, ISO 8601. */
  readonly recorded: string;
}

/** Whose host a report is of, as the host itself says. */
export interface Mark {
  readonly owner?: unknown;
  readonly host?: unknown;
}

/** @param report one that `parseReport` reads */
export function markIn(report: string): Mark {
  const { owner, host } = JSON.parse(report) as Mark;
  return { owner, host };
}

/** Where a host's record lies, below the folder of Pulumi.yaml. It is committed, as the stacks are. */
export function recordPath(stack: string, host: string): string {
  return `records/${stack}/${host}.json`;
}

/** A record as its file's text; each source on a line of its own, for a reviewer. */
export function renderRecord(report: HostReport, recorded: Date): string {
  return `${JSON.stringify({ recorded: recorded.toISOString(), ...report }, undefined, 2)}\n`;
}

/**
 * @throws Error where the text is no record: a person edited it, or a merge broke it.
 */
export function parseRecord(path: string, text: string): HostRecord {
  try {
    const parsed = JSON.parse(text) as { readonly recorded?: unknown };
    if (typeof parsed.recorded !== "string" || Number.isNaN(Date.parse(parsed.recorded))) {
      throw new Error("it has no time under recorded");
    }
    return { recorded: parsed.recorded, ...parseReport(JSON.stringify(parsed)) };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new Error(
      `${path} is no record (${problem}); expected what \`lqpt record\` wrote. Get it back from version control, or record the host's report again`,
    );
  }
}
