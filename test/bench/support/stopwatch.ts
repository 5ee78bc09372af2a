import type { RunOptions, RunResult, Runner, RunningProgram } from "../../support/engine";

/** What one run of a program took, in seconds. */
export interface Lap {
  readonly wall: number;
  /** User and system time of the program and of all that it started and waited for. */
  readonly cpu: number;
}

const TIMED = 'TIMEFORMAT="lap %R %U %S"; time "$@"';
const LAP = /lap (\S+) (\S+) (\S+)\n$/;

/** Runs programs where another runner does, and tells what the last one took. */
export class Stopwatch implements Runner {
  private latest: Lap | undefined;

  constructor(private readonly runner: Runner) {}

  /** Of the last program that ran to its end. */
  get lap(): Lap {
    if (this.latest === undefined) {
      throw new Error("nothing has run yet that could have been timed");
    }
    return this.latest;
  }

  async run(command: string, args: readonly string[], options: RunOptions): Promise<RunResult> {
    const { exitCode, all } = await this.runner.run("bash", ["-c", TIMED, "bash", command, ...args], options);
    const [, wall, user, system] = LAP.exec(all) ?? [];
    this.latest = { wall: Number(wall), cpu: Number(user) + Number(system) };
    return { exitCode, all: all.replace(LAP, "") };
  }

  start(command: string, args: readonly string[], options: RunOptions): RunningProgram {
    return this.runner.start(command, args, options);
  }
}

/** The middle one; of an even number of values, the mean of the middle two. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.slice(Math.ceil(sorted.length / 2) - 1, Math.floor(sorted.length / 2) + 1);
  return middle.reduce((sum, value) => sum + value, 0) / middle.length;
}
