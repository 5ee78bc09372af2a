import { mkdirSync, renameSync, rmSync, statSync, utimes } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const BEAT_MS = 2_000;
/** A holder that has not been heard of for so long is dead, and its lock is taken over. */
const DEAD_MS = 20_000;

/**
 * Runs `work` while no other process holds the lock folder `path`. A living holder touches its lock
 * again and again, which also holds between process-id namespaces, where a pid would say nothing.
 *
 * @param waiting called every ten seconds while another process has the lock, with the seconds so far
 */
export async function withLock<T>(
  path: string,
  waiting: (seconds: number) => void,
  work: () => Promise<T>,
): Promise<T> {
  mkdirSync(dirname(path), { recursive: true });
  const start = Date.now();
  let told = 0;
  while (!acquire(path)) {
    await sleep(200);
    const seconds = Math.floor((Date.now() - start) / 1000);
    if (seconds >= told + 10) {
      told = seconds;
      waiting(seconds);
    }
  }
  // After a long sleep of the machine the lock may be another's by now; what is made here is renamed into place anyway.
  const beat = setInterval(() => utimes(path, new Date(), new Date(), () => undefined), BEAT_MS);
  try {
    return await work();
  } finally {
    clearInterval(beat);
    rmSync(path, { recursive: true, force: true });
  }
}

function acquire(path: string): boolean {
  try {
    mkdirSync(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") {
      throw error;
    }
  }
  const held = statSync(path, { throwIfNoEntry: false });
  if (held !== undefined && Date.now() - held.mtimeMs > DEAD_MS) {
    bury(path);
  }
  return false;
}

/** Of several who find a dead lock, the rename lets one through. */
function bury(path: string): void {
  const grave = `${path}.dead-${process.pid}`;
  try {
    renameSync(path, grave);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") {
      throw error;
    }
    return;
  }
  rmSync(grave, { recursive: true, force: true });
}
