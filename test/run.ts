import { readdirSync } from "node:fs";
import { join } from "node:path";
import { runCLI } from "jest";
import { type Counts, check } from "../tools/check";
import { toolchain } from "../tools/toolchain";
import { labUnavailable, prepareLab } from "./support/prepare";

const ROOT = join(__dirname, "..");
const E2E = join(__dirname, "e2e");

const NONE: Counts = { passed: 0, failed: 0, skipped: 0 };

const USAGE = `npm test                        every check of \`npm run check\`, then every test
npm run e2e -- AREA [--full]    the end-to-end tests of one area, on VM-like hosts, with the real Pulumi engine
npm test -- PATTERN             the test files whose path matches

areas: ${areas().join(", ")}
--full runs long soaks and full cross products too. The last line is "N passed, N failed[, N skipped]".`;

/** Runs jest over what the command line asks for and ends with the line that counts. */
async function main([what, ...args]: readonly string[]): Promise<number> {
  const words = args.filter((arg) => !arg.startsWith("--"));
  const flags = args.filter((arg) => arg.startsWith("--"));
  const unknown = flags.find((flag) => flag !== "--full" && flag !== "--help");
  if (flags.includes("--help")) {
    console.log(USAGE);
    return 0;
  }
  const wrong = unknown ?? (what === "e2e" ? wrongArea(words) : undefined);
  if (wrong !== undefined) {
    console.error(`found ${wrong}; expected what the usage says\n\n${USAGE}`);
    return 64;
  }
  if (flags.includes("--full")) {
    process.env["LQPT_FULL"] = "1";
  }
  const checked = what === "all" && words.length === 0 ? await check() : NONE;
  await prepare();
  return summarise(checked, await runJest(what === "e2e" ? [`test/e2e/${words.join()}/`] : words));
}

/** What is wrong with the words after `e2e`: expected is one area. */
function wrongArea(words: readonly string[]): string | undefined {
  const [area, ...more] = words;
  if (area === undefined) {
    return "no area";
  }
  return more.length === 0 && areas().includes(area) ? undefined : JSON.stringify(words.join(" "));
}

function areas(): string[] {
  return readdirSync(E2E, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
}

/** What is slow the first time is done here, once and with progress, and not in a test that then runs into its bound. */
async function prepare(): Promise<void> {
  const log = (line: string): void => {
    console.error(line);
  };
  await toolchain({ log });
  const reason = labUnavailable();
  if (reason === undefined) {
    await prepareLab(log);
  } else {
    log(`no lab on this machine: ${reason}; the tests that need one are skipped`);
  }
}

async function runJest(patterns: string[]): Promise<Counts> {
  // The end-to-end suites wait for hosts most of the time, so more of them than cores run side by side.
  const { results } = await runCLI({ _: patterns, $0: "jest", ci: true, maxWorkers: 3, forceExit: true }, [
    ROOT,
  ]);
  return {
    passed: results.numPassedTests,
    failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
    skipped: results.numPendingTests + results.numTodoTests,
  };
}

/** Prints the line that counts; the exit code, which is no success either where no test was found. */
function summarise(checked: Counts, tested: Counts): number {
  const [passed, failed, skipped] = (["passed", "failed", "skipped"] as const).map(
    (result) => checked[result] + tested[result],
  ) as [number, number, number];
  console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
  return failed === 0 && tested.passed + tested.skipped > 0 ? 0 : 1;
}

void main(process.argv.slice(2)).then((status) => {
  process.exitCode = status;
});
