import { closeSync, fchmodSync, fstatSync, openSync, writeFileSync } from "node:fs";
import { styleText } from "node:util";
import { CommanderError, InvalidArgumentError, Option } from "commander";
import { ConfigError } from "../config/errors";
import { ProjectFolder } from "../config/projectFolder";
import { renderText } from "../fleet/report/render";
import type { Report } from "../fleet/report/report";
import type { Language } from "../forms/form";

/** How every command ends (docs/lqpt.md): all is well; something was found; it was called in a way that is not possible. */
export const EXIT = { ok: 0, found: 1, usage: 64 } as const;

/** The project that the working directory is in. */
export function project(): ProjectFolder {
  return ProjectFolder.above(process.cwd());
}

/** `--lang` of what is asked; default: the terminal's. */
export function languageOption(what: string): Option {
  return new Option("--lang <language>", what).choices(["zh", "en"]).default(languageOf(process.env));
}

function languageOf({ LC_ALL, LANG }: NodeJS.ProcessEnv): Language {
  return (LC_ALL ?? LANG ?? "").startsWith("zh") ? "zh" : "en";
}

/** Reads an option's number. */
export function whole(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= least) return value;
    throw new InvalidArgumentError(`expected a whole number from ${least} on`);
  };
}

/** Prints a value for programs. */
export function printJson(value: unknown): void {
  console.log(JSON.stringify(value, undefined, 2));
}

/** Rows as lines: each column as wide as its widest cell, but for the last, which may hold what a person wrote. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, index) => Math.max(...rows.map((row) => row[index]?.length ?? 0)));
  return rows.map((row) =>
    row.map((cell, index) => (index === row.length - 1 ? cell : cell.padEnd(widths[index] ?? 0))).join("  "),
  );
}

/** What must not be overlooked, where the terminal has colours (`NO_COLOR` is heeded). */
export function strong(text: string): string {
  return hasColours() ? styleText("red", text) : text;
}

/** Writes what others on this machine need not see, also where the file is there already and is theirs to read. */
export function writePrivate(path: string, text: string): void {
  const file = openSync(path, "w", 0o600);
  try {
    if (fstatSync(file).isFile()) fchmodSync(file, 0o600);
    writeFileSync(file, text);
  } finally {
    closeSync(file);
  }
}

const COLOURS = { "+": "green", "-": "red", "!": "yellow", "*": "bold", " ": undefined } as const;

/** A report as this terminal shows it. */
export function shownText(report: Report): string {
  return renderText(report, ({ sign }, text) => {
    const colour = COLOURS[sign];
    return colour === undefined || !hasColours() ? text : styleText(colour, text);
  });
}

function hasColours(): boolean {
  return process.stdout.isTTY && process.env["NO_COLOR"] === undefined;
}

/** Ends with what went wrong, in words and as an exit code. */
export function failWith(error: unknown): void {
  if (error instanceof CommanderError) {
    // It has printed its message; help and the version are no failure.
    process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    return;
  }
  if (!(error instanceof Error)) throw error;
  console.error(error instanceof ConfigError ? error.message : `lqpt: ${error.message}`);
  process.exitCode = EXIT.found;
}
