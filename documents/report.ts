import * as v from "valibot";
import { parseNetwork } from "../config/addresses";
import { showFound, UNPRINTABLE } from "../config/errors";

/** What lqptctl read back from the machine after an apply. */
export interface HostReport {
  /** `sha256:<hex>` of the document in force. */
  readonly digest: string;
  /** Addresses and networks that may open the port, as the firewall holds them. */
  readonly whitelist: readonly string[];
  /** Who was let in at the console, beside the whitelist, each until this time (ISO 8601). */
  readonly temporary: Readonly<Record<string, string>>;
  /** What a person should know and nothing failed by, one line each; told on every run. */
  readonly warnings: readonly string[];
}

/** ISO 8601 in UTC, as `lqptctl` prints it. */
export const utcTime = v.pipe(v.string(), v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/));
const network = v.pipe(
  v.string(),
  v.check((text) => parseNetwork(text).network !== undefined, "not an IPv4 address or network"),
);
/** A host may say anything, and what it says ends up in a terminal. */
export const printable = v.pipe(v.string(), v.transform(toPrintable));

/** What a report must hold; other keys are left alone. */
export const hostReport = v.object({
  digest: v.pipe(v.string(), v.regex(/^sha256:[0-9a-f]{64}$/)),
  whitelist: v.array(network),
  temporary: v.record(network, utcTime),
  warnings: v.array(printable),
});

/**
 * Reads the JSON object that `lqptctl apply` prints as its last line.
 *
 * @throws Error where it is none: the host then ran something else than our tool.
 */
export function parseReport(stdout: string): HostReport {
  const line = stdout.trimEnd().split("\n").at(-1) ?? "";
  const { success, output } = v.safeParse(hostReport, tryJson(line));
  if (success) return output;
  throw new Error(
    `the host's answer is no report of lqptctl: found ${showFound(line) ?? ""}; expected one JSON object with digest, whitelist, temporary and warnings. Does the login shell print something of its own?`,
  );
}

/**
 * Whether a failed apply is to be tried again, over a new connection.
 *
 * @param errors newest first, all of this Command in this run. Once only: a host that asks again was reached by no new
 *   connection, and a third would change nothing
 */
export function asksForASecondDial(errors: readonly string[]): boolean {
  return errors.length === 1 && errors[0]?.includes("[E_CONFIRM]") === true;
}

/**
 * What a run tells of a host that was reported on, perhaps some runs ago: its warnings, and whoever is still let in for a
 * while.
 *
 * @param now milliseconds since 1970
 */
export function remarksOf({ warnings, temporary }: HostReport, now: number): readonly string[] {
  const still = Object.entries(temporary).filter(([, until]) => Date.parse(until) > now);
  return [
    ...warnings,
    ...still.map(
      ([source, until]) => `${source} was let in at the console until ${until}; no lqpt:allow names it`,
    ),
  ];
}

/** The same text with each character that a terminal would not show as itself replaced by a question mark. */
export function toPrintable(text: string): string {
  return text.replace(new RegExp(UNPRINTABLE, "gu"), "?");
}

/** Of what is none, undefined. */
export function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
