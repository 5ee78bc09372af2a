import { readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { lqptctl } from "../documents/tool";
import { type ProgramResult, run } from "../test/support/programs";

const ROOT = join(__dirname, "..");
const MODULES = join(ROOT, "node_modules");
const CACHE = join(MODULES, ".cache");

const USAGE = `npm run check            types, lint, format and shell; no host needed
npm run check -- --fix   the same, after repairing what a program can repair

The last line is "N passed, N failed[, N skipped]".`;

/** One program that judges the whole tree. */
interface Check {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  /** What the program gets on its standard input. */
  readonly input?: string;
  /** The arguments that make it repair what it can. */
  readonly fix?: readonly string[];
  /** The package that brings the program, where this machine may install it. */
  readonly aptPackage?: string;
  /** For programs that tell what is wrong by printing it, and end with 0 all the same. */
  readonly failsByOutput?: boolean;
}

interface Outcome {
  readonly name: string;
  readonly result: "passed" | "failed" | "skipped";
  readonly seconds: number;
  readonly output: string;
}

async function main(args: readonly string[]): Promise<number> {
  const unknown = args.find((arg) => arg !== "--fix" && arg !== "--help");
  if (unknown !== undefined || args.includes("--help")) {
    console.log(unknown === undefined ? USAGE : `found ${JSON.stringify(unknown)}\n\n${USAGE}`);
    return unknown === undefined ? 0 : 64;
  }
  const { passed, failed, skipped } = await check({ fix: args.includes("--fix") });
  console.log(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
  return failed > 0 ? 1 : 0;
}

/** How many checks ended in which way. */
export type Counts = Readonly<Record<Outcome["result"], number>>;

/**
 * Judges the whole tree, and prints each check's outcome and what those that did not pass have to say.
 *
 * @param options.fix whether what a program can repair is repaired first
 */
export async function check({ fix = false } = {}): Promise<Counts> {
  const all = checks();
  const missing = await installMissing(all);
  if (fix) await fixAll(all.filter(({ program }) => !missing.has(program)));
  const outcomes = await Promise.all(all.map((one) => perform(one, missing)));
  for (const { name, output } of outcomes.filter(({ result }) => result !== "passed")) {
    console.log(`\n${name}\n${output.trim()}`);
  }
  const count = (wanted: Outcome["result"]): number =>
    outcomes.filter(({ result }) => result === wanted).length;
  return { passed: count("passed"), failed: count("failed"), skipped: count("skipped") };
}

function checks(): Check[] {
  const scripts = shellScripts();
  const node = (file: string, ...args: string[]): Pick<Check, "program" | "args"> => ({
    program: process.execPath,
    args: [join(MODULES, file), ...args],
  });
  const eslint = ["eslint/bin/eslint.js", ".", "--max-warnings=0"] as const;
  const prettier = [
    "prettier/bin/prettier.cjs",
    "**/*.{ts,js,mjs,json,yaml,md}",
    "--log-level=warn",
  ] as const;
  const cached = (name: string): string[] => [
    "--cache",
    "--cache-strategy=content",
    `--cache-location=${join(CACHE, name)}`,
  ];
  const shellcheck = { program: "shellcheck", aptPackage: "shellcheck" };
  // `A && B || refuse …` is meant as it reads: whichever of the two fails; /etc/os-release is the host's own.
  const sh = ["-s", "sh", "-e", "SC1091,SC2015"];
  return [
    { name: "types (tsc)", ...node("typescript/bin/tsc") },
    {
      name: "lint (ESLint)",
      ...node(...eslint, ...cached("eslint-cache")),
      fix: node(...eslint, "--fix").args,
    },
    {
      name: "format (Prettier)",
      ...node(...prettier, "--check", ...cached("prettier-cache")),
      fix: node(...prettier, "--write", ...cached("prettier-cache")).args,
    },
    // The parts of lqptctl use each other's names, so they are judged as the one file that a host gets.
    { name: "shell, lqptctl (shellcheck)", ...shellcheck, args: [...sh, "-"], input: lqptctl().text },
    { name: "shell, others (shellcheck)", ...shellcheck, args: [...sh, ...scripts.filter(isWhole)] },
    {
      name: "shell, format (shfmt)",
      program: "shfmt",
      aptPackage: "shfmt",
      args: ["-d", "-i", "0", "-s", ...scripts],
      fix: ["-w", "-i", "0", "-s", ...scripts],
    },
    {
      name: "Go, format (gofmt)",
      program: "gofmt",
      args: ["-l", "tools"],
      fix: ["-w", "tools"],
      failsByOutput: true,
    },
  ];
}

function shellScripts(): string[] {
  return ["host", "tools", "test/support"].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".sh"))
      .map((file) => relative(ROOT, join(ROOT, folder, file)))
      .sort(),
  );
}

function isWhole(script: string): boolean {
  return !script.startsWith("host/");
}

/** Brings what apt-get can bring; the programs that are missing even so. */
async function installMissing(all: readonly Check[]): Promise<ReadonlySet<string>> {
  const missing = await findMissing(all);
  const packages = [...new Set(missing.flatMap(({ aptPackage }) => aptPackage ?? []))];
  if (packages.length === 0 || process.getuid?.() !== 0)
    return new Set(missing.map(({ program }) => program));
  console.error(`installing ${packages.join(", ")} by apt-get`);
  await run("apt-get", ["update", "-q"]);
  await run("apt-get", ["install", "-y", "-q", ...packages], { env: { DEBIAN_FRONTEND: "noninteractive" } });
  return new Set((await findMissing(missing)).map(({ program }) => program));
}

async function findMissing(all: readonly Check[]): Promise<Check[]> {
  const found = await Promise.all(
    all.map(
      async ({ program }) => (await run("sh", ["-c", 'command -v "$1"', "sh", program])).exitCode === 0,
    ),
  );
  return all.filter((_, index) => found[index] === false);
}

/** One after the other, because two of them write the same files. */
async function fixAll(all: readonly Check[]): Promise<void> {
  for (const { program, fix } of all) {
    if (fix !== undefined) await run(program, fix, { cwd: ROOT });
  }
}

async function perform(check: Check, missing: ReadonlySet<string>): Promise<Outcome> {
  const outcome = await judge(check, missing);
  const time = `${outcome.seconds.toFixed(1)} s`.padStart(7);
  console.log(`${outcome.result.padEnd(7)} ${time}  ${outcome.name}`);
  return outcome;
}

async function judge(check: Check, missing: ReadonlySet<string>): Promise<Outcome> {
  const { name, program, args, input } = check;
  if (missing.has(program))
    return { name, result: "skipped", seconds: 0, output: `there is no ${program} on PATH` };
  const start = performance.now();
  const result = await run(program, args, { cwd: ROOT, ...(input !== undefined && { input }) });
  const seconds = (performance.now() - start) / 1000;
  return { name, result: isGood(check, result) ? "passed" : "failed", seconds, output: result.all };
}

function isGood({ failsByOutput }: Check, { exitCode, stdout }: ProgramResult): boolean {
  return exitCode === 0 && (failsByOutput !== true || stdout.trim() === "");
}

if (require.main === module) {
  void main(process.argv.slice(2)).then((code) => {
    process.exitCode = code;
  });
}
