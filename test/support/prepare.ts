import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type Log, SUITES, type Suite, image } from "./image";
import { mustRun } from "./programs";

/** Programs that the tests use, and the Debian package of each. */
const PROGRAMS: Readonly<Record<string, string>> = {
  mmdebstrap: "mmdebstrap",
  "systemd-nspawn": "systemd-container",
  ip: "iproute2",
  nft: "nftables",
  "apt-ftparchive": "apt-utils",
  openssl: "openssl",
  "ssh-keygen": "openssh-client",
  flock: "util-linux",
  nsenter: "util-linux",
  ps: "procps",
  // Not for the lab: lqptctl's functions are tried under it.
  busybox: "busybox",
  expect: "expect",
};

/** Where Debian keeps administrators' programs, which are not on everybody's PATH. */
const ADMIN = ["/usr/local/sbin", "/usr/sbin", "/sbin"];

/**
 * Why this machine cannot have a lab, or `undefined` where it can. Programs that are missing do not count where
 * apt-get can bring them; `prepareLab` does.
 */
export function labUnavailable(): string | undefined {
  if (process.platform !== "linux") {
    return `this is ${process.platform}; the lab's hosts are made of Linux namespaces`;
  }
  if (process.getuid?.() !== 0) {
    return "this is not root; making network namespaces and mounts needs it";
  }
  const missing = missingPrograms();
  if (missing.length > 0 && !onPath("apt-get")) {
    return `there is no ${missing.join(", ")}, and no apt-get to install ${packagesOf(missing).join(", ")} with`;
  }
  if (!readFileSync("/proc/filesystems", "utf8").includes("overlay") && !succeeds("modprobe", "overlay")) {
    return "the kernel has no overlayfs";
  }
  if (!succeeds("unshare", "--net", "--mount", "--pid", "--fork", "true")) {
    return "this machine lets nobody make namespaces (unshare --net --mount --pid failed)";
  }
  return undefined;
}

/**
 * `describe` where this machine can have a lab; else a block whose tests count as skipped, with the reason in its name.
 *
 * @example
 * describeLab("a host", () => { it("boots", async () => { … }); });
 * describeLab.each(["bookworm", "old"])("a %s host", (kind) => { … });
 */
export const describeLab = Object.assign(
  (name: string, tests: () => void): void => {
    describeLab.each([undefined])(name, tests);
  },
  {
    each<Row>(table: readonly Row[]): (name: string, tests: (row: Row) => void) => void {
      return (name, tests) => {
        const reason = labUnavailable();
        if (reason === undefined) {
          describe.each(table)(name, tests);
        } else {
          describe.skip.each(table)(`${name} (no lab: ${reason})`, tests);
        }
      };
    },
  },
);

/**
 * Brings everything that a lab needs: Debian packages that are missing on this machine, and the hosts' images. Where
 * all is there it takes no time.
 */
export async function prepareLab(log: Log, suites: readonly Suite[] = SUITES): Promise<void> {
  process.env["PATH"] = [...new Set([...searched(), ...ADMIN])].join(delimiter);
  await install(log, packagesOf(missingPrograms()));
  allowManyHosts();
  // Two at a time: one waits for the network while the other unpacks.
  const queue = [...suites];
  const worker = async (): Promise<void> => {
    for (let suite = queue.shift(); suite !== undefined; suite = queue.shift()) {
      await image(suite, log);
    }
  };
  await Promise.all([worker(), worker()]);
}

/** How many of the kernel's inotify instances one user may have; each host's systemd takes some, and the default ends at 18. */
const INOTIFY = "/proc/sys/fs/inotify/max_user_instances";
const INSTANCES = 1024;

function allowManyHosts(): void {
  if (Number(readFileSync(INOTIFY, "utf8")) < INSTANCES) writeFileSync(INOTIFY, String(INSTANCES));
}

/** Brings a program that one test or bench alone needs. Errors: apt-get's own words. */
export async function bringProgram(log: Log, program: string, debianPackage = program): Promise<void> {
  if (!onPath(program)) await install(log, [debianPackage]);
}

async function install(log: Log, packages: readonly string[]): Promise<void> {
  if (packages.length === 0) return;
  log(`installing Debian packages: ${packages.join(", ")}`);
  await aptGet("update");
  await aptGet("install", "--yes", "--no-install-recommends", ...packages);
}

async function aptGet(...args: string[]): Promise<void> {
  await mustRun("apt-get", ["-qq", "-o", "DPkg::Lock::Timeout=300", ...args], {
    env: { DEBIAN_FRONTEND: "noninteractive" },
  });
}

function missingPrograms(): string[] {
  return Object.keys(PROGRAMS).filter((program) => !onPath(program));
}

function packagesOf(programs: readonly string[]): string[] {
  return [...new Set(programs.map((program) => PROGRAMS[program] ?? program))];
}

function searched(): string[] {
  return (process.env["PATH"] ?? "").split(delimiter);
}

function onPath(program: string): boolean {
  return [...searched(), ...ADMIN].some((folder) => existsSync(join(folder, program)));
}

function succeeds(command: string, ...args: string[]): boolean {
  try {
    execFileSync(command, args, { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
