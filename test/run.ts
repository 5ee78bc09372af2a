import { readdirSync } from "node:fs";
import { join } from "node:path";
import { runCLI } from "jest";
import { toolchain } from "../tools/toolchain";
import { labUnavailable, prepareLab } from "./support/prepare";

const ROOT = join(__dirname, "..");
const E2E = join(__dirname, "e2e");

const USAGE = `npm test                        every test
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
  const area = words[0];
  if (unknown !== undefined || (what === "e2e" && (area === undefined || !areas().includes(area)))) {
    console.error(`found ${JSON.stringify(unknown ?? area ?? "no area")}\n\n${USAGE}`);
    return 64;
  }
  if (flags.includes("--full")) {
    process.env["LQPT_FULL"] = "1";
  }
  await prepare();
  return runJest(what === "e2e" ? [`test/e2e/${area ?? ""}/`] : words);
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

async function runJest(patterns: string[]): Promise<number> {
  // The end-to-end suites wait for hosts most of the time, so more of them than cores run side by side.
  const { results } = await runCLI({ _: patterns, $0: "jest", ci: true, maxWorkers: 4, forceExit: true }, [
    ROOT,
  ]);
  const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
  const skipped = results.numPendingTests + results.numTodoTests;
  const counts = `${String(results.numPassedTests)} passed, ${String(failed)} failed`;
  console.log(skipped === 0 ? counts : `${counts}, ${String(skipped)} skipped`);
  return failed === 0 && results.numPassedTests + skipped > 0 ? 0 : 1;
}

void main(process.argv.slice(2)).then((status) => {
  process.exitCode = status;
});
