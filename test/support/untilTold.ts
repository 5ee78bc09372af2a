import { createInterface } from "node:readline";

const STARTED_BY = process.ppid;

/**
 * Resolves when a person has had enough: Ctrl-C, SIGTERM, the end of the terminal. Until then none of these ends the
 * process, afterwards each does.
 *
 * @param options.enter Enter counts too, at a terminal alone: a script's standard input may be anything
 */
export async function untilTold({ enter = false } = {}): Promise<void> {
  const over = new AbortController();
  await new Promise<void>((resolve) => {
    const told = (): void => resolve();
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      // Not `once`: execa ends the process on a signal for which, when its own turn comes, nobody else listens.
      process.on(signal, told);
      over.signal.addEventListener("abort", () => process.off(signal, told));
    }
    // npm hands SIGTERM to the shell between it and this process, which dies of it alone; SIGKILL reaches npm alone.
    if (process.env["npm_lifecycle_event"] !== undefined) {
      const orphaned = setInterval(() => {
        if (process.ppid !== STARTED_BY) told();
      }, 500).unref();
      over.signal.addEventListener("abort", () => clearInterval(orphaned));
    }
    if (enter && process.stdin.isTTY) {
      const lines = createInterface({ input: process.stdin }).once("line", told);
      over.signal.addEventListener("abort", () => {
        lines.close();
        process.stdin.destroy();
      });
    }
  });
  over.abort();
}
