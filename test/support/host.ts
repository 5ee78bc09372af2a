import { mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { quoteWord } from "../../documents/toolCalls";
import { Container, onCores } from "./container";
import type { HostOptions } from "./hostOptions";
import type { Image } from "./image";
import { Member } from "./member";
import type { Network } from "./network";
import { type ProgramOptions, type ProgramResult, run } from "./programs";
import { type Surroundings, makeRoot, publicHostKey } from "./rootfs";

/** How long a boot may take on a busy machine; a quiet one needs a tenth. */
const BOOT_MS = 60_000;

// Asked too early, systemd has no bus to answer on. And to systemd firewalld has started when it has its name on the bus,
// which is before its rules stand; it answers when they do.
const SETTLED = `
until state=$(systemctl is-system-running --wait 2>/dev/null); [ "$state" = running ] || [ "$state" = degraded ]; do
  sleep 0.1
done
if systemctl is-active --quiet firewalld; then firewall-cmd --state >/dev/null; fi`;

/** What a login on a Debian machine has in its environment, and nothing of this process's. */
const ENVIRONMENT = [
  "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  "HOME=/root",
  "TERM=dumb",
];

/** Whom to reach by SSH, and what to know him by. */
export interface Login {
  readonly user: string;
  readonly address: string;
  readonly port: number;
  readonly hostKey: string;
}

type Dial = (line: string, login: Login) => Promise<ProgramResult>;

/** A VM-like machine: systemd, sshd, firewalld, a disk of its own. */
export class Host extends Member {
  private container: Container | undefined;

  private constructor(
    name: string,
    private readonly network: Network,
    place: Awaited<ReturnType<Network["join"]>>,
    private readonly folder: string,
    private readonly root: string,
    private readonly options: HostOptions,
    private readonly dial: Dial,
  ) {
    super(name, place);
  }

  /** Makes a machine and boots it. */
  static async create(
    network: Network,
    folder: string,
    image: Image,
    around: Surroundings,
    options: HostOptions,
    dial: Dial,
  ): Promise<Host> {
    mkdirSync(folder);
    const [place, root] = await Promise.all([
      network.join(around.name, around.address),
      makeRoot(folder, image, around, options),
    ]);
    const host = new Host(around.name, network, place, folder, root, options, dial);
    await host.launch();
    return host;
  }

  /** The public host key, `ssh-ed25519 AAAA…`. */
  hostKey(type: "ed25519" | "ecdsa" | "rsa" = "ed25519"): string {
    return publicHostKey(this.root, type);
  }

  /** sshd's. */
  get port(): number {
    return this.options.sshd?.port ?? 22;
  }

  /**
   * Runs a line of shell as root on the host, not over SSH. Default time-out: a minute.
   *
   * @example
   * const { stdout } = await host.exec("firewall-cmd --list-all");
   */
  async exec(line: string, options: ProgramOptions = {}): Promise<ProgramResult> {
    const leader = this.container?.leader;
    if (leader === undefined) {
      throw new Error(`${this.name} is powered off; boot() it before running ${line}`);
    }
    const inside = [`--target=${String(leader)}`, "--mount", "--uts", "--ipc", "--net", "--pid", "--cgroup"];
    const args = [...inside, "--", "env", "-i", "-C", "/", ...ENVIRONMENT, "sh", "-c", line];
    return run(...onCores(this.options.cores, "nsenter", args), { timeoutMs: 60_000, ...options });
  }

  /** The same, and an error where it does not end with 0; its standard output. */
  async mustExec(line: string, options: ProgramOptions = {}): Promise<string> {
    const { exitCode, stdout, all } = await this.exec(line, options);
    if (exitCode !== 0) {
      throw new Error(`on ${this.name}: ${line}\nended with ${String(exitCode)}, expected 0:\n${all}`);
    }
    return stdout;
  }

  /**
   * Runs a line of shell over SSH, from the operator's place and with the operator's key; 255 is ssh's own failure.
   *
   * @param user default root
   */
  async ssh(line: string, user = "root"): Promise<ProgramResult> {
    return this.dial(line, { user, address: this.address, port: this.port, hostKey: this.hostKey() });
  }

  /** Writes a file. `mode`: octal, default 644. */
  async write(path: string, content: string | Uint8Array, mode = "644"): Promise<void> {
    const file = quoteWord(path);
    await this.mustExec(`mkdir -p ${quoteWord(dirname(path))} && cat >${file} && chmod ${mode} ${file}`, {
      input: content,
    });
  }

  async readFile(path: string): Promise<string> {
    return this.mustExec(`cat ${quoteWord(path)}`);
  }

  /** Moves the running machine to another address. */
  async setAddress(address: string): Promise<void> {
    this.place = await this.network.move(this.name, address);
  }

  /** Pulls the plug: nothing is written, no service is stopped, its address is free. */
  async powerOff(): Promise<void> {
    await this.container?.kill();
    await this.leave();
  }

  /** Shuts down as an administrator would. */
  async shutDown(): Promise<void> {
    await this.exec("systemctl poweroff");
    if (!(await this.container?.down(BOOT_MS))) {
      throw new Error(`${this.name} is still up a minute after "systemctl poweroff"; ${this.lastWords()}`);
    }
    await this.leave();
  }

  /** Boots the machine that was powered off, with the disk, address and host keys that it had. */
  async boot(): Promise<void> {
    this.place = await this.network.join(this.name, this.address);
    await this.launch();
  }

  async reboot(): Promise<void> {
    await this.shutDown();
    await this.boot();
  }

  private async leave(): Promise<void> {
    this.container = undefined;
    await this.network.leave(this.name);
  }

  private async launch(): Promise<void> {
    this.container = await Container.boot(this.place, this.root, this.consoleFile, this.options);
    await this.ready(this.container);
    if (this.options.memoryMiB !== undefined) {
      await this.mustExec("cat >/run/meminfo && mount --bind /run/meminfo /proc/meminfo", {
        input: meminfo(this.options.memoryMiB),
      });
    }
  }

  /** Waits until sshd listens, nothing is being started any more, and the firewall stands if it is to. */
  private async ready(container: Container): Promise<void> {
    const deadline = Date.now() + BOOT_MS;
    while (!container.listens(this.port)) {
      if (!container.running || Date.now() > deadline) {
        const found = container.running
          ? `no sshd on port ${String(this.port)} after a minute`
          : "the machine went down";
        throw new Error(`booting ${this.name}: ${found}; ${this.lastWords()}`);
      }
      await sleep(20);
    }
    await this.mustExec(SETTLED);
  }

  private get consoleFile(): string {
    return join(this.folder, "console");
  }

  private lastWords(): string {
    return `the end of its console:\n${readFileSync(this.consoleFile, "utf8").split("\n").slice(-20).join("\n")}`;
  }
}

function meminfo(mebibytes: number): string {
  const kilobytes = String(mebibytes * 1024);
  const names = ["MemTotal", "MemFree", "MemAvailable"];
  const zero = ["Buffers", "Cached", "SwapTotal", "SwapFree"];
  return [
    ...names.map((name) => `${name}: ${kilobytes} kB`),
    ...zero.map((name) => `${name}: 0 kB`),
    "",
  ].join("\n");
}
