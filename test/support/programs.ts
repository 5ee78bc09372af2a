import { readFileSync, readdirSync } from "node:fs";
import { constants } from "node:os";

export interface ProgramOptions {
  readonly cwd?: string;
  /** Added to the environment of this process. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Written to the program's standard input, which is then closed. Default: empty. */
  readonly input?: string | Uint8Array;
  /** After this many milliseconds the program is killed and counts as failed with exit code 124. Default: never. */
  readonly timeoutMs?: number;
}

export interface ProgramResult {
  /** What the program ended with; 128 + the signal's number where one killed it, 124 out of time, 127 not found. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Both streams, in the order in which they were written. */
  readonly all: string;
}

/** A program that was started and not yet waited for. */
export interface Program {
  /** Never rejects: a failure is an exit code. */
  readonly result: Promise<ProgramResult>;
  /** Sends the program itself a signal: `SIGINT` is what Ctrl-C sends. */
  signal(signal: NodeJS.Signals): Promise<void>;
  /** Ends the program and all that it started, as a lost power supply would; returns when it has ended. */
  kill(): Promise<void>;
}

/**
 * Starts a program, without a shell.
 *
 * @example
 * const up = start("pulumi", ["up", "--yes"]);
 * await up.kill();
 */
export function start(command: string, args: readonly string[], options: ProgramOptions = {}): Program {
  const starting = spawn(command, args, options);
  const result = starting.then(async ({ child }) => child).then(resultOf);
  return {
    result,
    signal: async (signal) => {
      (await starting).child.kill(signal);
    },
    kill: async () => {
      const { pid } = (await starting).child;
      if (pid !== undefined) {
        killTree(pid);
      }
      await result;
    },
  };
}

async function spawn(command: string, args: readonly string[], options: ProgramOptions) {
  // execa is an ES module alone; TypeScript lets CommonJS have it only this way.
  const { execa } = await import("execa");
  const child = execa(command, args, {
    reject: false,
    all: true,
    stripFinalNewline: false,
    input: options.input ?? "",
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.env === undefined ? {} : { env: options.env }),
    ...(options.timeoutMs === undefined ? {} : { timeout: options.timeoutMs, killSignal: "SIGKILL" }),
  });
  // In an object, because a promise of a promise is awaited to its end.
  return { child };
}

interface Ended {
  readonly exitCode?: number | undefined;
  readonly signal?: string | undefined;
  readonly timedOut: boolean;
  readonly stdout: string;
  readonly stderr: string;
  readonly all: string;
  readonly originalMessage?: string | undefined;
}

function resultOf(ended: Ended): ProgramResult {
  // A program that could not be started wrote nothing; why is all that there is to say.
  const why = ended.exitCode === undefined && ended.signal === undefined ? (ended.originalMessage ?? "") : "";
  return {
    exitCode: exitCodeOf(ended),
    stdout: ended.stdout,
    stderr: `${ended.stderr}${why}`,
    all: `${ended.all}${why}`,
  };
}

function exitCodeOf({ timedOut, exitCode, signal }: Ended): number {
  if (timedOut) {
    return 124;
  }
  if (exitCode !== undefined) {
    return exitCode;
  }
  return signal === undefined ? 127 : 128 + constants.signals[signal as NodeJS.Signals];
}

/** By the family tree and not by process group, because Pulumi puts its plugins into groups of their own. */
function killTree(pid: number): void {
  const children = childrenOf(pid);
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    return; // it had ended
  }
  children.forEach(killTree);
}

function childrenOf(pid: number): number[] {
  const tasks = `/proc/${String(pid)}/task`;
  try {
    return readdirSync(tasks)
      .flatMap((task) => readFileSync(`${tasks}/${task}/children`, "utf8").split(" "))
      .filter((child) => child !== "")
      .map(Number);
  } catch {
    return []; // it had ended
  }
}

/** Runs a program to its end. */
export async function run(
  command: string,
  args: readonly string[],
  options: ProgramOptions = {},
): Promise<ProgramResult> {
  return start(command, args, options).result;
}

/** Runs a program that the lab cannot do without; its standard output, or an error with all that it said. */
export async function mustRun(
  command: string,
  args: readonly string[],
  options: ProgramOptions = {},
): Promise<string> {
  const { exitCode, stdout, all } = await run(command, args, options);
  if (exitCode !== 0) {
    throw new Error(`${command} ${args.join(" ")}\nended with ${String(exitCode)}, expected 0:\n${all}`);
  }
  return stdout;
}
