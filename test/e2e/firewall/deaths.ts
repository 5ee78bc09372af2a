import type { Host } from "../../support/lab";
import { type Post, guarded } from "./direct";

/** Of tests that kill the tool at one step after the other. */
export const LONG_MS = 3_600_000;

/**
 * Runs `act` for the 1st step, the 2nd … until it says that there was none, while all of `posts` try. Ends at the first
 * that goes wrong. `least`: how many steps there are at least, so that a loop that ends at once is no success.
 */
export async function atEveryStep(
  what: string,
  posts: readonly Post[],
  least: number,
  act: (step: number) => Promise<string[] | undefined>,
): Promise<void> {
  let deaths = 0;
  const wrong = await guarded(posts, async () => {
    for (;;) {
      const found = await act(deaths + 1);
      if (found === undefined) return [];
      deaths += 1;
      if (found.length > 0) return found.map((line) => `step ${String(deaths)}: ${line}`);
    }
  });
  console.info(`${what}: died at ${String(deaths)} steps`);
  expect(wrong).toEqual([]);
  expect(deaths).toBeGreaterThanOrEqual(least);
}

/** What is wrong with the way in, or nothing. */
export async function sshCut(host: Host): Promise<string[]> {
  const { exitCode, all } = await host.ssh("true");
  return exitCode === 0 ? [] : [`SSH: ${all}`];
}
