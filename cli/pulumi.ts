import { spawnSync } from "node:child_process";
import { callError } from "../fleet/callError";

/**
 * Calls Pulumi in the project's folder. What it says on stderr is shown as it comes.
 *
 * @param input for its stdin, where secrets go: an argument could be read by everybody on this machine
 * @throws Error where it does not end well.
 */
export function pulumi(folder: string, words: readonly string[], input?: string): void {
  const { status, error } = spawnSync("pulumi", [...words, "--non-interactive"], {
    cwd: folder,
    env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" },
    stdio: [input === undefined ? "inherit" : "pipe", "ignore", "inherit"],
    ...(input === undefined ? {} : { input }),
  });
  if (error !== undefined) throw new Error(callError("pulumi", error));
  if (status !== 0) throw new Error(`pulumi ${words.join(" ")} ended with ${String(status)}`);
}
