import { mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Toolchain } from "../../tools/toolchain";

/** What runs a program at the place from which the hosts are reached. */
export interface Runner {
  run(command: string, args: readonly string[], options: RunOptions): Promise<RunResult>;
  start(command: string, args: readonly string[], options: RunOptions): RunningProgram;
}
export interface RunOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}
export interface RunResult {
  readonly exitCode: number;
  /** Both streams, in order. */
  readonly all: string;
}
export interface RunningProgram {
  readonly result: Promise<RunResult>;
  /** Ends the program and whatever it started, as a lost power supply would. */
  kill(): Promise<void>;
}

/** A run of `preview`, `up`, `refresh` or `destroy`. */
export interface EngineRun extends RunResult {
  /** In order; none where the engine did not get as far as that. */
  readonly events: readonly EngineEvent[];
}

/** Of an engine event, what somebody here looks at. */
export interface EngineEvent {
  /** A step as planned. */
  readonly resourcePreEvent?: { readonly metadata: Step };
  /** A step as done. */
  readonly resOutputsEvent?: { readonly metadata: Step };
  readonly diagnosticEvent?: { readonly urn?: string; readonly message: string; readonly severity: string };
}
interface Step {
  readonly op: string;
  readonly urn: string;
}

export interface EngineOptions {
  readonly runner: Runner;
  readonly toolchain: Toolchain;
  /** The project's, there already; the engine keeps its state and its event logs in it. */
  readonly folder: string;
  readonly passphrase: string;
  readonly env?: Readonly<Record<string, string>>;
}

const NODE_MODULES = join(__dirname, "..", "..", "node_modules");

/** The real Pulumi CLI in one project's folder, with a state of its own. */
export class Engine {
  readonly env: Readonly<Record<string, string>>;
  private readonly state: string;
  private runs = 0;

  constructor(private readonly options: EngineOptions) {
    const { toolchain, folder, passphrase, env } = options;
    this.state = join(folder, "state");
    this.env = {
      ...toolchain.env,
      PULUMI_BACKEND_URL: `file://${this.state}`,
      PULUMI_CONFIG_PASSPHRASE: passphrase,
      // Without it the CLI has no --event-log, the one place where an update's steps can be read exactly.
      PULUMI_DEBUG_COMMANDS: "true",
      ...env,
    };
    mkdirSync(this.state);
    symlinkSync(NODE_MODULES, join(folder, "node_modules"));
  }

  /** Runs a `pulumi` command to its end. */
  cli(args: readonly string[]): Promise<RunResult> {
    return this.options.runner.run(this.options.toolchain.pulumi, nonInteractive(args), this.place);
  }

  /** The same, and an error where it fails; what it printed. */
  async mustRun(args: readonly string[]): Promise<string> {
    const { exitCode, all } = await this.cli(args);
    if (exitCode !== 0) {
      throw new Error(`pulumi ${args.slice(0, 2).join(" ")} ended with ${exitCode}, expected 0:\n${all}`);
    }
    return all;
  }

  start(args: readonly string[]): RunningProgram {
    return this.options.runner.start(this.options.toolchain.pulumi, nonInteractive(args), this.place);
  }

  /** Runs a verb of the engine's, and reads what it did. */
  async run(verb: string, args: readonly string[]): Promise<EngineRun> {
    this.runs += 1;
    const log = join(this.options.folder, `events-${this.runs}.jsonl`);
    const { exitCode, all } = await this.cli([verb, "--color", "never", "--event-log", log, ...args]);
    return { exitCode, all, events: readEvents(log) };
  }

  write(file: string, text: string): void {
    writeFileSync(join(this.options.folder, file), text);
  }

  /** The state as it lies on the disk, every file of it, with its history and its copies. */
  stateText(): string {
    return readdirSync(this.state, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"))
      .join("\n");
  }

  /** Takes the folder away; what is on the hosts stays. */
  dispose(): void {
    rmSync(this.options.folder, { recursive: true, force: true });
  }

  private get place(): RunOptions {
    return { cwd: this.options.folder, env: this.env };
  }
}

/** What a resource is called in its program. */
export function nameOf(urn: string): string {
  return urn.split("::").at(-1) ?? urn;
}

function nonInteractive(args: readonly string[]): string[] {
  return [...args, "--non-interactive"];
}

function readEvents(log: string): EngineEvent[] {
  let text: string;
  try {
    text = readFileSync(log, "utf8");
  } catch {
    return []; // it failed before the engine began
  }
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as EngineEvent);
}
