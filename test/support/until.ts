import { setTimeout as sleep } from "node:timers/promises";

const PATIENCE_MS = 120_000;

/**
 * Waits until something holds, asked ten times a second.
 *
 * @param what it is, for the error
 * @throws Error where it does not come within two minutes.
 */
export async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`within two minutes it did not come that ${what}`);
    await sleep(100);
  }
}
