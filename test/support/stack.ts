import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
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

/** A stack's own keys, without the `lqpt:` prefix and without secrets. */
export type StackValues = Readonly<Record<string, unknown>>;

/** One run of the Pulumi CLI, as seen from outside. */
export interface PulumiRun {
  readonly exitCode: number;
  /** Everything it printed, both streams in order. */
  readonly all: string;
  /** What it did, or would do, to each resource that does not stay the same: `update proxy-1-state`. */
  readonly steps: readonly string[];
}

export interface StackOptions {
  readonly runner: Runner;
  readonly toolchain: Toolchain;
  /** Default `acme-prod`. */
  readonly name?: string;
  readonly values: StackValues;
  /** By path under `lqpt:secrets`: `proxy-1.privateKey`. */
  readonly secrets?: Readonly<Record<string, string>>;
}

const PROJECT = join(__dirname, "..", "..");
const PROGRAM = [
  ...["Pulumi.yaml", "Pulumi.prod.yaml", "Pulumi.sandbox.yaml", "package.json", "tsconfig.json", "index.ts"],
  ...["components", "config", "documents", "host"],
];
export const PASSPHRASE = "a passphrase for tests";

/**
 * A customer's stack in a project folder of its own, driven by the real Pulumi CLI. The folder holds the stack's and
 * the environments' files, and a copy of the program of this checkout.
 */
export class Stack {
  readonly folder = mkdtempSync(join(tmpdir(), "lqpt-stack-"));
  name: string;
  readonly env: Readonly<Record<string, string>>;
  private runs = 0;

  private constructor(private readonly options: StackOptions) {
    this.name = options.name ?? "acme-prod";
    this.env = {
      ...options.toolchain.env,
      PULUMI_BACKEND_URL: `file://${this.folder}/state`,
      PULUMI_CONFIG_PASSPHRASE: PASSPHRASE,
      // Without it the CLI has no --event-log, the one place where an update's steps can be read exactly.
      PULUMI_DEBUG_COMMANDS: "true",
    };
    this.layOut();
  }

  /** Makes the folder, the stack (`pulumi stack init`) and its file, secrets encrypted. */
  static async create(options: StackOptions): Promise<Stack> {
    const stack = new Stack(options);
    await stack.cli(["stack", "init", stack.name]);
    stack.write(options.values);
    const secrets = Object.entries(options.secrets ?? {});
    if (secrets.length > 0) {
      await stack.setSecrets(Object.fromEntries(secrets));
    }
    return stack;
  }

  /** The stack's file; holds its secrets encrypted. */
  get file(): string {
    return join(this.folder, `Pulumi.${this.name}.yaml`);
  }

  /** Replaces all the stack's own keys but its secrets. */
  write(values: StackValues): void {
    const before = this.readFile();
    const secrets = before.config?.["lqpt:secrets"];
    const config = Object.fromEntries(Object.entries(values).map(([key, value]) => [`lqpt:${key}`, value]));
    this.writeText(
      stringify({
        ...before,
        config: { ...config, ...(secrets === undefined ? {} : { "lqpt:secrets": secrets }) },
      }),
    );
  }

  /** Changes some of the stack's own keys. */
  change(values: StackValues): void {
    const current = Object.entries(this.readFile().config ?? {})
      .filter(([key]) => key !== "lqpt:secrets")
      .map(([key, value]) => [key.replace(/^lqpt:/, ""), value] as const);
    this.write({ ...Object.fromEntries(current), ...values });
  }

  /** Takes one secret out of the file, whoever may decrypt it. */
  dropSecret(login: string, name: string): void {
    const file = parse(this.readText()) as {
      config: { "lqpt:secrets": Record<string, Record<string, unknown>> };
    };
    delete file.config["lqpt:secrets"][login]?.[name];
    this.writeText(stringify(file));
  }

  writeText(text: string): void {
    writeFileSync(this.file, text);
  }

  readText(): string {
    return readFileSync(this.file, "utf8");
  }

  /** Sets secrets by path under `lqpt:secrets`, as `pulumi config set --secret --path` does. */
  async setSecrets(secrets: Readonly<Record<string, string>>): Promise<void> {
    const pairs = Object.entries(secrets).flatMap(([path, value]) => [
      "--secret",
      `lqpt:secrets.${path}=${value}`,
    ]);
    await this.mustRun(["config", "set-all", "--path", ...pairs, "--stack", this.name]);
  }

  /** `pulumi preview`; changes nothing. */
  preview(...args: string[]): Promise<PulumiRun> {
    return this.engine("preview", args);
  }

  /** `pulumi up` without a preview of its own. */
  up(...args: string[]): Promise<PulumiRun> {
    return this.engine("up", ["--yes", "--skip-preview", ...args]);
  }

  /** `pulumi destroy` without a preview of its own. */
  destroy(...args: string[]): Promise<PulumiRun> {
    return this.engine("destroy", ["--yes", "--skip-preview", ...args]);
  }

  /** Starts an `up` and kills the CLI, its plugins and the program as soon as `moment` says so. */
  async upKilledWhen(moment: () => Promise<boolean>): Promise<void> {
    const run = this.options.runner.start(
      this.options.toolchain.pulumi,
      ["up", "--yes", "--skip-preview", "--stack", this.name, "--non-interactive"],
      { cwd: this.folder, env: this.env },
    );
    const deadline = Date.now() + 60_000;
    while (!(await moment())) {
      if (Date.now() > deadline) {
        throw new Error("the moment to kill the run did not come within 60 s");
      }
    }
    await run.kill();
    await run.result;
  }

  /** `pulumi stack rename`, which renames the stack's file too. */
  async rename(to: string): Promise<void> {
    await this.mustRun(["stack", "rename", to, "--stack", this.name]);
    this.name = to;
  }

  async exportState(): Promise<string> {
    return (await this.mustRun(["stack", "export", "--stack", this.name])).all;
  }

  async importState(state: string): Promise<void> {
    const file = join(this.folder, "imported.json");
    writeFileSync(file, state);
    await this.mustRun(["stack", "import", "--file", file, "--stack", this.name]);
  }

  /** Changes a file of the stack's own copy of the program. */
  replaceInProgram(file: string, from: RegExp, to: string): void {
    const path = join(this.folder, file);
    const before = readFileSync(path, "utf8");
    const after = before.replace(from, to);
    if (after === before) {
      throw new Error(`${file} has nothing that matches ${String(from)}`);
    }
    writeFileSync(path, after);
  }

  /** The stack's outputs, secrets shown as `[secret]`. */
  async outputs(): Promise<Readonly<Record<string, unknown>>> {
    const { all } = await this.mustRun(["stack", "output", "--json", "--stack", this.name]);
    return JSON.parse(all) as Record<string, unknown>;
  }

  /** The state as it lies on the disk, every file of it. */
  stateText(): string {
    const root = join(this.folder, "state", ".pulumi", "stacks");
    return readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"))
      .join("\n");
  }

  /** Any other `pulumi` command, run in the project's folder. */
  cli(args: readonly string[]): Promise<{ exitCode: number; all: string }> {
    return this.options.runner.run(this.options.toolchain.pulumi, [...args, "--non-interactive"], {
      cwd: this.folder,
      env: this.env,
    });
  }

  /** Takes the folder away; what is on the hosts stays. */
  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async engine(verb: string, args: readonly string[]): Promise<PulumiRun> {
    this.runs += 1;
    const events = join(this.folder, `events-${String(this.runs)}.jsonl`);
    const { exitCode, all } = await this.cli([
      ...[verb, "--stack", this.name, "--color", "never", "--event-log", events],
      ...args,
    ]);
    return { exitCode, all, steps: readSteps(events, verb === "preview") };
  }

  private async mustRun(args: readonly string[]): Promise<{ all: string }> {
    const run = await this.cli(args);
    if (run.exitCode !== 0) {
      throw new Error(
        `pulumi ${args[0] ?? ""} ${args[1] ?? ""} failed with ${String(run.exitCode)}:\n${run.all}`,
      );
    }
    return run;
  }

  private readFile(): { config?: Record<string, unknown> } {
    return (parse(this.readText()) ?? {}) as { config?: Record<string, unknown> };
  }

  /** Copies, so that a test may change them; what npm installed is linked. */
  private layOut(): void {
    mkdirSync(join(this.folder, "state"));
    for (const entry of PROGRAM) {
      cpSync(join(PROJECT, entry), join(this.folder, entry), { recursive: true });
    }
    symlinkSync(join(PROJECT, "node_modules"), join(this.folder, "node_modules"));
  }
}

/** The steps in an engine's event log that change something; a preview's are planned, an update's are done. */
function readSteps(eventLog: string, planned: boolean): string[] {
  let text: string;
  try {
    text = readFileSync(eventLog, "utf8");
  } catch {
    return [];
  }
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as EngineEvent)
    .map((event) => (planned ? event.resourcePreEvent : event.resOutputsEvent)?.metadata)
    .filter((step) => step !== undefined)
    .filter(({ op, urn }) => op !== "same" && op !== "read" && !urn.includes("pulumi:pulumi:Stack"))
    .map(({ op, urn }) => `${op} ${urn.split("::").at(-1) ?? urn}`);
}

interface EngineEvent {
  readonly resourcePreEvent?: { readonly metadata: Step };
  readonly resOutputsEvent?: { readonly metadata: Step };
}
interface Step {
  readonly op: string;
  readonly urn: string;
}
