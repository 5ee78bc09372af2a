import * as v from "valibot";
import { printable, tryJson } from "./report";

/** One change that a host remembers, 180 days. */
export interface HistoryEntry {
  /** ISO 8601, UTC. */
  readonly time: string;
  /** `apply`, `close`, `open`, `allow`, `expire`, `remove`. */
  readonly verb: string;
  readonly who: string;
  /** Empty where none was named. */
  readonly ticket: string;
  /** Addresses and networks that came, and that went. */
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

/** A line that says more is told all the same, less its end. */
const text = v.pipe(
  printable,
  v.transform((long) => (long.length <= 200 ? long : `${long.slice(0, 199)}…`)),
);
const entry = v.object({
  ...{ time: text, verb: text, who: text, ticket: text, added: v.array(text), removed: v.array(text) },
});

/** @param stdout of `lqptctl history`, oldest first; a line that is none, as a power cut leaves one, is passed over */
export function parseHistory(stdout: string): HistoryEntry[] {
  return stdout.split("\n").flatMap((line) => {
    const { success, output } = v.safeParse(entry, tryJson(line));
    return success ? [output] : [];
  });
}
