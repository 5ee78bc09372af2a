import { type ChildProcess, execFile, spawn } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { callError } from "./callError";
import { lastWords } from "./lastWords";

/** No state and no output of a run is near it. */
const MOST_BYTES = 1024 ** 3;

/** Seconds that a run takes at most which dials no host, whatever becomes of its backend. */
const PATIENCE = 600;

/**
 * Seconds that an update takes at most. A Command ends itself on its host after 15 minutes, but its host may be somebody
 * else's by now, and the provider waits for it without end. Nobody's stack has four that take so long.
 */
const UPDATE_PATIENCE = 3600;

/** Seconds that one has to end well once it was told to. */
const GRACE = 60;

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
      ...{ cwd: folder, maxBuffer: MOST_BYTES, env: environment(), timeout: PATIENCE * 1000 },
    });
    return { status: 0, stdout, stderr };
  } catch (error) {
    const {
      code,
      signal,
      stdout = "",
      stderr = "",
      killed = false,
    } = error as Partial<Record<"stdout" | "stderr", string>> & {
      readonly killed?: boolean;
      readonly code?: number | string | null;
      readonly signal?: NodeJS.Signals | null;
    };
    if (typeof code === "number") return { status: code, stdout, stderr };
    if (signal) return endedBy(signal, stdout, stderr, killed ? PATIENCE : undefined);
    throw new Error(callError("pulumi", error));
  }
}

/**
 * The same for what must not be cut off in the middle: it is reached neither by the terminal's Ctrl-C nor by the end of
 * this process, and so writes to a file and not to this process, which it could be ended for. One that does not come to its
 * end is told to, and then ended with whatever it started.
 *
 * @param patience in seconds
 * @param grace how many seconds it has then
 * @throws Error where there is no Pulumi.
 */
export async function runPulumiToItsEnd(
  folder: string,
  words: readonly string[],
  patience = UPDATE_PATIENCE,
  grace = GRACE,
): Promise<PulumiRan> {
  const room = mkdtempSync(join(tmpdir(), "lqpt-pulumi-"));
  const files = ["out", "err"].map((name) => join(room, name)) as [string, string];
  const [out, err] = files.map((file) => openSync(file, "w", 0o600)) as [number, number];
  try {
    const child = spawn("pulumi", [...words, "--non-interactive"], {
      ...{ cwd: folder, env: environment(), detached: true, stdio: ["ignore", out, err] },
    });
    const deadline = endingAfter(child, patience, grace);
    const [status, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
      child.once("error", (error) => reject(new Error(callError("pulumi", error))));
      child.once("exit", (...how) => resolve(how));
    }).finally(deadline.clear);
    const [stdout, stderr] = files.map((file) => readFileSync(file, "utf8")) as [string, string];
    const late = deadline.isOver() ? patience : undefined;
    if (status === null) return endedBy(signal ?? "SIGKILL", stdout, stderr, late);
    return { status, stdout, stderr: late === undefined ? stderr : `${stderr}\n${tooLong(late)}` };
  } finally {
    closeSync(out);
    closeSync(err);
    rmSync(room, { recursive: true, force: true });
  }
}

function environment(): NodeJS.ProcessEnv {
  return { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" };
}

/**
 * Has a process that takes too long end as by Ctrl-C, and where it does not, ends all of its group. Pulumi's plugins are in
 * groups of their own: they see within minutes that it is gone, and end by themselves.
 */
function endingAfter(
  child: ChildProcess,
  patience: number,
  grace: number,
): { readonly clear: () => void; readonly isOver: () => boolean } {
  let isOver = false;
  let timer = setTimeout(() => {
    isOver = true;
    child.kill("SIGINT");
    timer = setTimeout(() => {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    }, grace * 1000);
  }, patience * 1000);
  return { clear: () => clearTimeout(timer), isOver: () => isOver };
}

/**
 * Want of memory, or somebody's `kill`: of this one run, and nothing that concerns the others.
 *
 * @param late the seconds after which it was ended, where it is this process that did
 */
function endedBy(signal: NodeJS.Signals, stdout: string, stderr: string, late?: number): PulumiRan {
  const status = 128 + constants.signals[signal];
  const why = late === undefined ? `error: pulumi was ended by ${signal}\n` : tooLong(late);
  return { status, stdout, stderr: `${stderr}\n${why}` };
}

function tooLong(seconds: number): string {
  return `error: pulumi had not come to its end after ${seconds} s and was ended: a host or the backend does not answer any more. Where the stack is locked now, see lqpt unlock\n`;
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
