import { readdirSync, readFileSync } from "node:fs";

/** Milliseconds between two looks. */
const EVERY = 200;

/** Watches how much memory all processes below this one have together, what they share counted once. */
export class PeakMemory {
  private highest = 0;
  private readonly timer = setInterval(() => {
    this.highest = Math.max(this.highest, sum(descendantsOf(process.pid).map(kibOf)));
  }, EVERY);

  /** The most that was seen, in MiB. */
  stop(): number {
    clearInterval(this.timer);
    return this.highest / 1024;
  }
}

function descendantsOf(root: number): number[] {
  const parents = new Map(
    readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map((name) => [Number(name), parentOf(name)]),
  );
  const isBelow = (pid: number | undefined): boolean =>
    pid !== undefined && pid !== 0 && (pid === root || isBelow(parents.get(pid)));
  return [...parents.keys()].filter((pid) => pid !== root && isBelow(parents.get(pid)));
}

/** Whoever ends meanwhile has none. */
function parentOf(pid: string): number {
  return Number(/^.*\) \S (\d+) /s.exec(textOf(`/proc/${pid}/stat`))?.[1] ?? 0);
}

function kibOf(pid: number): number {
  return Number(/^Pss: +(\d+) kB$/m.exec(textOf(`/proc/${String(pid)}/smaps_rollup`))?.[1] ?? 0);
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
