import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import type { ProjectFolder } from "../../config/projectFolder";
import { nodeOptions } from "./nodeOptions";

/** Seconds until a host must have said that it serves. */
const PATIENCE = 60;

/** A command and what follows it. */
type Words = readonly [string, ...string[]];

/** A process that has the SDK loaded and runs the project's program for one `pulumi up` after the other. */
class ProgramHost {
  private constructor(
    private readonly child: ChildProcess,
    /** For `pulumi --client`. */
    readonly address: string,
  ) {}

  /**
   * @param node the words that start Node
   * @returns undefined where none can be had: then Pulumi runs the program itself.
   */
  static async start(
    { path }: ProjectFolder,
    node: Words,
    options: string[],
  ): Promise<ProgramHost | undefined> {
    const [command, ...words] = node;
    const child = spawn(command, [...words, ...options, join(__dirname, "serving.ts")], {
      ...{ cwd: path, stdio: ["ignore", "ignore", "ignore", "ipc"] },
      // As Pulumi tells those that it starts itself.
      env: { ...process.env, PULUMI_NODEJS_ROOT_DIRECTORY: path },
    });
    const address = await new Promise<string | undefined>((resolve) => {
      const late = setTimeout(() => resolve(undefined), PATIENCE * 1000);
      const settle = (said?: unknown): void => {
        clearTimeout(late);
        resolve(typeof said === "string" ? said : undefined);
      };
      child.once("message", settle);
      child.once("error", () => settle()).once("exit", () => settle());
    });
    if (address !== undefined) return new ProgramHost(child, address);
    child.kill();
    return undefined;
  }

  get isThere(): boolean {
    return this.child.connected;
  }

  /** It ends once what it runs has ended. */
  close(): void {
    if (this.child.connected) this.child.disconnect();
  }
}

/**
 * Runs the project's program for many stacks: what loading Pulumi's SDK takes is paid once a process, and not once a
 * stack. A process runs one program at a time, so none meets another's errors or settings
 * (docs/decisions/0030-what-a-rollout-costs.md).
 */
export class ProgramHosts {
  private readonly idle: ProgramHost[] = [];
  private isClosed = false;
  private readonly options: string[] | undefined;

  /** @param node the words that start Node where Pulumi's engine runs; default: here, the one that runs this */
  constructor(
    private readonly folder: ProjectFolder,
    private readonly node: Words = [process.execPath],
  ) {
    this.options = nodeOptions(folder.text("Pulumi.yaml") ?? "");
  }

  /**
   * Calls `pulumi` with a host that is nobody else's meanwhile.
   *
   * @param call gets the options that `pulumi` takes for it; none where Pulumi is to run the program itself
   */
  async lend<T>(call: (options: readonly string[]) => Promise<T>): Promise<T> {
    const host = await this.take();
    if (host === undefined) return call([]);
    try {
      return await call([`--client=${host.address}`]);
    } finally {
      if (this.isClosed) host.close();
      else this.idle.push(host);
    }
  }

  /** Those that are lent end when they come back: nothing may keep this process from its end. */
  close(): void {
    this.isClosed = true;
    this.idle.forEach((host) => host.close());
  }

  private async take(): Promise<ProgramHost | undefined> {
    for (let host = this.idle.pop(); host !== undefined; host = this.idle.pop())
      if (host.isThere) return host;
    return this.options === undefined ? undefined : ProgramHost.start(this.folder, this.node, this.options);
  }
}
