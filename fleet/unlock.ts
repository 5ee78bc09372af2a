import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { lastWords } from "./lastWords";
import { type PulumiRan, pulumiPrints, runPulumi } from "./pulumi";

/** A lock that a self-managed backend holds on a stack; none of them ever expires. */
export interface Lock {
  /** Who took it: `root`, on which machine, in which process. */
  readonly user: string;
  readonly machine: string;
  readonly pid: number;
  /** ISO 8601. */
  readonly since: string;
}

/** What Pulumi says of locks, wherever it says it. */
export function locksIn(output: string): Lock[] {
  return [...output.matchAll(/created by (\S+)@(\S+) \(pid (\d+)\) at (\S+)/g)].map(
    ([, user = "", machine = "", pid, since = ""]) => ({ user, machine, pid: Number(pid), since }),
  );
}

/** Whether whoever took it still runs, as far as it can be seen from this machine. */
export function isHeld({ machine, pid }: Lock): boolean {
  if (machine !== hostname()) return false;
  try {
    process.kill(pid, 0);
    return !hasEnded(pid);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Whether it is a process no more, and only nobody asked yet what it ended with. Where there is no /proc nobody knows. */
function hasEnded(pid: number): boolean {
  try {
    return / Z /.test(readFileSync(`/proc/${String(pid)}/stat`, "utf8").replace(/^.*\)/s, ""));
  } catch {
    return false;
  }
}

/**
 * Takes out of a stack's state what a killed run left pending there. It dials no host: a Command is never read back.
 *
 * @returns the locks that keep it from it; none where it is done
 * @throws Error in Pulumi's words where it did not come about for another reason.
 */
export async function clearPending(folder: string, stack: string): Promise<Lock[]> {
  const words = ["refresh", "--stack", stack, "--yes", "--skip-preview", "--clear-pending-creates"];
  const ran = await runPulumi(folder, words);
  if (ran.status === 0) return [];
  const locks = locksIn(textOf(ran));
  if (locks.length > 0) return locks;
  throw new Error(`pulumi refresh --stack ${stack} ended with ${ran.status}: ${lastWords(textOf(ran))}`);
}

/** @throws Error in Pulumi's words. */
export async function release(folder: string, stack: string): Promise<void> {
  await pulumiPrints(folder, ["cancel", "--yes", "--stack", stack]);
}

function textOf({ stdout, stderr }: PulumiRan): string {
  return `${stdout}\n${stderr}`;
}
