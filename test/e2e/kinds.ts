import { type HostKind, KINDS } from "../support/hostOptions";

/** Whether `--full` was asked for: every case on every kind of host, and the long ones too. */
export const FULL = process.env["LQPT_FULL"] === "1";

/** The kinds of host that a suite runs on: these few, which differ from suite to suite; or all, with `--full`. */
export function kindsOf(...few: readonly HostKind[]): readonly HostKind[] {
  return FULL ? KINDS : few;
}
