import { execFile, spawn } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { callError } from "./callError";
import { lastWords } from "./lastWords";

/** No state and no output of a run is near it. */
const MOST_BYTES = 1024 ** 3;

/** How a run of the Pulumi CLI ended. */
export interface PulumiRan {
  /** Of one that a signal ended, 128 and the signal's number. */
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs Pulumi in the project's folder, beside others.
 *
 * @throws Error where there is no Pulumi.
 */
export async function runPulumi(folder: string, words: readonly string[]): Promise<PulumiRan> {
  try {
    const { stdout, stderr } = await promisify(execFile)("pulumi", [...words, "--non-interactive"], {
      ...{ cwd: folder, maxBuffer: MOST_BYTES, env: environment() },
    });
    return { status: 0, stdout, stderr };
  } catch (error) {
    const {
      code,
      signal,
      stdout = "",
      stderr = "",
    } = error as Partial<Record<"stdout" | "stderr", string>> & {
      readonly code?: number | string | null;
      readonly signal?: NodeJS.Signals | null;
    };
    if (typeof code === "number") return { status: code, stdout, stderr };
    if (signal) return endedBy(signal, stdout, stderr);
    throw new Error(callError("pulumi", error));
  }
}

/**
 * The same for what must not be cut off in the middle: it is reached neither by the terminal's Ctrl-C nor by the end of
 * this process, and so writes to a file and not to this process, which it could be ended for.
 *
 * @throws Error where there is no Pulumi.
 */
export async function runPulumiToItsEnd(folder: string, words: readonly string[]): Promise<PulumiRan> {
  const room = mkdtempSync(join(tmpdir(), "lqpt-pulumi-"));
  const files = ["out", "err"].map((name) => join(room, name)) as [string, string];
  const [out, err] = files.map((file) => openSync(file, "w", 0o600)) as [number, number];
  try {
    const child = spawn("pulumi", [...words, "--non-interactive"], {
      ...{ cwd: folder, env: environment(), detached: true, stdio: ["ignore", out, err] },
    });
    const [status, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
      child.once("error", (error) => reject(new Error(callError("pulumi", error))));
      child.once("exit", (...how) => resolve(how));
    });
    const [stdout, stderr] = files.map((file) => readFileSync(file, "utf8")) as [string, string];
    return status === null ? endedBy(signal ?? "SIGKILL", stdout, stderr) : { status, stdout, stderr };
  } finally {
    closeSync(out);
    closeSync(err);
    rmSync(room, { recursive: true, force: true });
  }
}

function environment(): NodeJS.ProcessEnv {
  return { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" };
}

/** Want of memory, or somebody's `kill`: of this one run, and nothing that concerns the others. */
function endedBy(signal: NodeJS.Signals, stdout: string, stderr: string): PulumiRan {
  const status = 128 + constants.signals[signal];
  return { status, stdout, stderr: `${stderr}\nerror: pulumi was ended by ${signal}\n` };
}

/**
 * The same for what it prints.
 *
 * @throws Error in Pulumi's own last words where it does not end well.
 */
export async function pulumiPrints(folder: string, words: readonly string[]): Promise<string> {
  const { status, stdout, stderr } = await runPulumi(folder, words);
  if (status === 0) return stdout;
  throw new Error(`pulumi ${words.join(" ")} ended with ${status}: ${lastWords(stderr)}`);
}
