/**
 * Does something while holding the lock on a file that is there, alone on this machine. Whoever dies lets go of it.
 *
 * @param waiting called when somebody else holds it
 */
export async function withLock<T>(path: string, work: () => Promise<T>, waiting: () => void): Promise<T> {
  const { execa } = await import("execa");
  // The lock lasts as long as this program, which lasts as long as its standard input: our end of the pipe.
  const holder = execa("flock", [path, "sh", "-c", "echo held; exec cat"], { buffer: false, reject: false });
  const timer = setTimeout(waiting, 500);
  try {
    await new Promise<void>((resolve, reject) => {
      holder.stdout.once("data", () => {
        resolve();
      });
      holder.once("exit", (code) => {
        reject(new Error(`flock ${path} ended with ${String(code)}, expected it to hold the lock`));
      });
    });
    clearTimeout(timer);
    return await work();
  } finally {
    clearTimeout(timer);
    holder.stdin.end();
    await holder;
  }
}
