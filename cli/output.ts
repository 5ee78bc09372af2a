import { closeSync, fchmodSync, fstatSync, openSync, writeFileSync } from "node:fs";
import { styleText } from "node:util";
import { CommanderError, InvalidArgumentError, Option } from "commander";
import { ConfigError, type ConfigIssue, sentenceOf } from "../config/errors";
import { ProjectFolder } from "../config/projectFolder";
import { renderText } from "../fleet/report/render";
import type { Report } from "../fleet/report/report";
import { JSON_FORMAT } from "../fleet/report/json";
import { type Language, languageOf } from "../words/language";

/** How every command ends (docs/lqpt.md): all is well; something was found; it was called in a way that is not possible. */
export const EXIT = { ok: 0, found: 1, usage: 64 } as const;

/** The project that the working directory is in. */
export function project(): ProjectFolder {
  return ProjectFolder.above(process.cwd());
}

/** `--lang` of what is said and asked; default: the terminal's. */
export function languageOption(what: string, language: Language = languageOf(process.env)): Option {
  return new Option("--lang <language>", what).choices(["zh", "en"]).default(language);
}

/** Reads an option's number. */
export function whole(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= least) return value;
    throw new InvalidArgumentError(`expected a whole number from ${least} on`);
  };
}

/** Prints a command's one answer for programs. */
export function printJson(answer: object): void {
  console.log(JSON.stringify({ format: JSON_FORMAT, ...answer }, undefined, 2));
}

/** Says something to people: where the answer is for programs, it has stdout for itself. */
export function say(text: string, isForPrograms: boolean | undefined): void {
  if (isForPrograms) console.error(text);
  else console.log(text);
}

/** A mistake of a file, for programs: in one sentence, and in its parts. */
export function issueForPrograms(issue: ConfigIssue): object {
  const { file, path, ...parts } = issue;
  return { file, path, message: sentenceOf(issue), ...parts };
}

/** Rows as lines: each column as wide as its widest cell, but for the last, which may hold what a person wrote. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, index) => Math.max(...rows.map((row) => widthOf(row[index] ?? ""))));
  const padded = (cell: string, index: number): string =>
    cell + " ".repeat(Math.max(0, (widths[index] ?? 0) - widthOf(cell)));
  return rows.map((row) =>
    row.map((cell, index) => (index === row.length - 1 ? cell : padded(cell, index))).join("  "),
  );
}

/** What a terminal shows two columns wide: Chinese characters and their punctuation. */
const WIDE = /[\u2e80-\ua4cf\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/g;

function widthOf(text: string): number {
  return text.length + (text.match(WIDE)?.length ?? 0);
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

/** Ends with what went wrong, in words and as an exit code; for programs as JSON beside. */
export function failWith(error: unknown, isForPrograms: boolean): void {
  if (!(error instanceof Error)) throw error;
  // Help and the version are no failure.
  if (error instanceof CommanderError && error.exitCode === 0) return;
  const issues = error instanceof ConfigError ? { issues: error.issues.map(issueForPrograms) } : {};
  if (isForPrograms) printJson({ error: { message: error.message, ...issues } });
  if (error instanceof CommanderError) {
    // It has printed its message.
    process.exitCode = EXIT.usage;
    return;
  }
  console.error(error instanceof ConfigError ? error.message : `lqpt: ${error.message}`);
  process.exitCode = EXIT.found;
}
