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

/**
 * Reads the JSON object that `lqptctl apply` prints as its last line.
 *
 * @throws Error where it is none: the host then ran something else than our tool.
 */
export function parseReport(stdout: string): HostReport {
  const line = stdout.trimEnd().split("\n").at(-1) ?? "";
  const report: unknown = tryJson(line);
  if (!isReport(report)) {
    throw new Error(
      `the host's answer is no report of lqptctl: found ${JSON.stringify(line.slice(0, 80))}; expected one JSON object with digest, whitelist, temporary and warnings. Does the login shell print something of its own?`,
    );
  }
  const { digest, whitelist, temporary, warnings } = report;
  return { digest, whitelist, temporary, warnings };
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

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isReport(value: unknown): value is HostReport {
  if (typeof value !== "object" || value === null) {
    return false;
  }
  const report = value as Partial<Record<keyof HostReport, unknown>>;
  return (
    typeof report.digest === "string" &&
    isStrings(report.whitelist) &&
    isStrings(report.warnings) &&
    typeof report.temporary === "object" &&
    report.temporary !== null &&
    isStrings(Object.values(report.temporary))
  );
}

function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}
