import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { makeCgroups } from "./cgroups";
import type { Place } from "./network";

/** A booted operating system: systemd as process 1 in namespaces of its own, on its place in the lab's network. */
export class Container {
  private constructor(
    private readonly child: ChildProcess,
    private readonly exited: Promise<void>,
  ) {}

  /** @param consoleFile what the machine writes to its console */
  static async boot(
    place: Place,
    root: string,
    consoleFile: string,
    { cores }: { readonly cores?: number | undefined },
  ): Promise<Container> {
    const groups = await makeCgroups(place.namespace);
    const output = openSync(consoleFile, "a");
    // nsenter for nspawn itself: so that all processes of a lab are in its namespaces, and can be found there.
    const child = spawn(
      "sh",
      [
        ...[
          "-euc",
          `for group in $GROUPS; do echo $$ >"$group/cgroup.procs"; done; unset GROUPS; exec "$@"`,
          "sh",
        ],
        ...["nsenter", `--net=/run/netns/${place.namespace}`, "--"],
        ...onCores(cores, "systemd-nspawn", [
          ...["--quiet", `--directory=${root}`, "--boot", "--register=no", "--keep-unit", "--capability=all"],
          ...[`--network-namespace-path=/run/netns/${place.namespace}`, `--machine=${place.namespace}`],
          ...["--resolv-conf=off", "--timezone=off"],
        ]).flat(),
      ],
      {
        env: { ...process.env, GROUPS: groups.join(" ") },
        stdio: ["ignore", output, output],
        detached: true,
      },
    );
    closeSync(output);
    const exited = new Promise<void>((resolve) => {
      child.once("exit", () => {
        resolve();
      });
    });
    return new Container(child, exited);
  }

  get running(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** The number of its process 1, as this machine sees it; `undefined` while there is none. */
  get leader(): number | undefined {
    const pid = String(this.child.pid);
    const children = readIfThere(`/proc/${pid}/task/${pid}/children`) ?? "";
    // While it starts there are helpers too; process 1 is who is 1 in its innermost namespace.
    const found = children
      .split(" ")
      .find((child) => /^NSpid:.*\t1$/m.test(readIfThere(`/proc/${child}/status`) ?? ""));
    return found === undefined ? undefined : Number(found);
  }

  /** Whether somebody in it listens on this TCP port. */
  listens(port: number): boolean {
    const hex = port.toString(16).toUpperCase().padStart(4, "0");
    const LISTEN = "0A";
    return ["tcp", "tcp6"]
      .flatMap((table) => (readIfThere(`/proc/${String(this.leader)}/net/${table}`) ?? "").split("\n"))
      .map((line) => line.trim().split(/\s+/))
      .some(([, local, , state]) => state === LISTEN && local?.endsWith(`:${hex}`));
  }

  /** As if the plug were pulled. */
  async kill(): Promise<void> {
    while (this.running) {
      // nspawn's own death would leave process 1 alive, and process 1's takes all the others with it.
      process.kill(this.leader ?? this.child.pid ?? 0, "SIGKILL");
      await Promise.race([this.exited, sleep(200)]);
    }
  }

  /** Waits for it to go down by itself; `false` when it has not in time. */
  async down(timeoutMs: number): Promise<boolean> {
    return Promise.race([this.exited.then(() => true), sleep(timeoutMs, false, { ref: false })]);
  }
}

/** A command that sees as many processors as a machine has; `undefined`: all of this machine's. */
export function onCores(
  cores: number | undefined,
  command: string,
  args: readonly string[],
): [string, string[]] {
  return cores === undefined
    ? [command, [...args]]
    : ["taskset", ["--cpu-list", `0-${String(cores - 1)}`, command, ...args]];
}

function readIfThere(path: string): string | undefined {
  try {
    return existsSync(path) ? readFileSync(path, "utf8") : undefined;
  } catch {
    return undefined; // the process ended between the two
  }
}
