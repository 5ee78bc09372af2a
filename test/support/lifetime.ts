import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { mustRun, run } from "./programs";

const LABS = "/run/lqpt-lab";
/** How long the reaper of a run that was killed may take. */
const REAPING_MS = 20_000;
const REAPER = join(__dirname, "reap.sh");

/**
 * One lab's life. Its name is in the name of all that belongs to it, and a small process of its own takes everything
 * away when this process ends, in whatever way.
 */
export class Lifetime {
  private constructor(
    readonly name: string,
    private readonly end: () => Promise<void>,
  ) {}

  /** Where the lab's files are; gone when it ends. */
  get folder(): string {
    return join(LABS, this.name);
  }

  static async begin(): Promise<Lifetime> {
    await sweep();
    const name = randomBytes(3).toString("hex");
    const unfinished = join(LABS, `.${name}`);
    mkdirSync(unfinished, { recursive: true, mode: 0o700 });
    writeFileSync(join(unfinished, "owner"), identity(process.pid) ?? "");
    // A folder appears with its owner in it, so no sweep ever takes it for a dead run's.
    renameSync(unfinished, join(LABS, name));
    return new Lifetime(name, await startReaper(name));
  }

  /** Takes the lab away and returns when nothing of it is left; an error lists what could not be taken away. */
  async stop(): Promise<void> {
    await this.end();
  }
}

async function startReaper(name: string): Promise<() => Promise<void>> {
  const { execa } = await import("execa");
  // detached: a session of its own, which Ctrl-C and the end of the terminal do not reach
  const reaper = execa("sh", [REAPER, name], {
    detached: true,
    cleanup: false,
    reject: false,
    stdout: "ignore",
  });
  reaper.unref();
  return async () => {
    reaper.ref();
    reaper.stdin.end();
    const { exitCode, stderr } = await reaper;
    if (exitCode !== 0) {
      throw new Error(
        `of the lab ${name} this could not be taken away:\n${stderr}\nexpected nothing to be left`,
      );
    }
  };
}

/** Takes away what dead runs left behind; a live run's things are not touched. */
async function sweep(): Promise<void> {
  for (const name of deadRuns()) {
    await mustRun("sh", [REAPER, name, "now"]);
  }
}

function deadRuns(): string[] {
  if (!existsSync(LABS)) {
    return [];
  }
  return readdirSync(LABS)
    .filter((name) => !name.startsWith("."))
    .filter((name) => {
      const owner = readIfThere(join(LABS, name, "owner"));
      return owner === undefined || owner !== identity(Number(owner.split(" ")[0]));
    });
}

/** A process's number and the time of its start: together they name one process and never another. */
function identity(pid: number): string | undefined {
  const stat = readIfThere(`/proc/${String(pid)}/stat`);
  const started = stat?.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  return started === undefined ? undefined : `${String(pid)} ${started}`;
}

function readIfThere(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

/** What is there of a run: one line for each process, mount, namespace, control group and folder. */
export async function leftovers(name: string): Promise<readonly string[]> {
  const { stdout } = await run("sh", [REAPER, name, "list"]);
  return stdout.split("\n").filter((line) => line !== "");
}

/** Fails, with a list, where anything of this run is left, or of any run whose owner is dead. */
export async function assertNothingLeft(name: string): Promise<void> {
  const own = await leftovers(name);
  const deadline = Date.now() + REAPING_MS;
  let dead = await leftoversOfDead();
  while (dead.length > 0 && Date.now() < deadline) {
    await sleep(200);
    dead = await leftoversOfDead();
  }
  const found = [...own, ...dead];
  if (found.length > 0) {
    throw new Error(`expected nothing to be left of a lab, found:\n${found.join("\n")}`);
  }
}

async function leftoversOfDead(): Promise<string[]> {
  return (await Promise.all(deadRuns().map(leftovers))).flat();
}
