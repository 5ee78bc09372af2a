import type { Host } from "../../support/lab";
import { FULL } from "../kinds";
import { type Post, guarded } from "./direct";

/** Of tests that kill the tool at one step after the other. */
export const LONG_MS = 3_600_000;

/**
 * How far it is from one step to the next: without `--full` every other one, for the steps are over a hundred and each
 * takes seconds. A change of the list, the run that there is most of, is killed at each of its steps always (`death.test.ts`).
 */
const STRIDE = FULL ? 1 : 2;

/**
 * Runs `act` for one step after the other until it says that there was none, while all of `posts` try: each with `--full`,
 * else every other one. Ends at the first that goes wrong. `least`: how many steps there are at least, so that a loop that
 * ends at once is no success.
 */
export async function stepByStep(
  what: string,
  posts: readonly Post[],
  least: number,
  act: (step: number) => Promise<string[] | undefined>,
): Promise<void> {
  let deaths = 0;
  const wrong = await guarded(posts, async () => {
    for (let step = 1; ; step += STRIDE) {
      const found = await act(step);
      if (found === undefined) return [];
      deaths += 1;
      if (found.length > 0) return found.map((line) => `step ${String(step)}: ${line}`);
    }
  });
  console.info(`${what}: died at ${String(deaths)} steps`);
  expect(wrong).toEqual([]);
  expect(deaths * STRIDE).toBeGreaterThanOrEqual(least);
}

/** What is wrong with the way in, or nothing. */
export async function sshCut(host: Host): Promise<string[]> {
  const { exitCode, all } = await host.ssh("true");
  return exitCode === 0 ? [] : [`SSH: ${all}`];
}
