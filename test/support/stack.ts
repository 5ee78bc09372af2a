import { cpSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { ProjectFolder } from "../../config/projectFolder";
import { ProgramHosts } from "../../fleet/program/programHost";
import type { Toolchain } from "../../tools/toolchain";
import { Engine, type EngineEvent, type RunResult, type Runner, nameOf } from "./engine";

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
  /**
   * The words that start Node where the engine runs: then a process that stays runs the program of one `preview` or `up`
   * after the other, as in a rollout, which takes half as much processor for each. Default: Pulumi starts one for each,
   * as for a person.
   */
  readonly stayingNode?: readonly [string, ...string[]] | undefined;
}

export const PROJECT = join(__dirname, "..", "..");
/** The command of this checkout. */
export const LQPT = join(PROJECT, "cli", "lqpt.js");
/** What `lqpt` says is read in English, whatever the language of whoever runs the tests. */
export const IN_ENGLISH = { LC_ALL: "C.UTF-8" } as const;
/** What a folder needs to be a project of ours. */
export const PROGRAM = [
  ...["Pulumi.yaml", "Pulumi.prod.yaml", "Pulumi.sandbox.yaml", "package.json", "tsconfig.json", "index.ts"],
  ...["components", "config", "documents", "host"],
  ...["tools/transpile.js", "tools/kept.js", "tools/deferred.js"],
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
  private readonly pulumi: Engine;
  private readonly programs: ProgramHosts | undefined;

  private constructor({ name = "acme-prod", runner, toolchain, stayingNode }: StackOptions) {
    this.name = name;
    this.pulumi = new Engine({ runner, toolchain, folder: this.folder, passphrase: PASSPHRASE });
    this.env = this.pulumi.env;
    // Copies, so that a test may change them.
    for (const entry of PROGRAM) {
      cpSync(join(PROJECT, entry), join(this.folder, entry), { recursive: true });
    }
    this.programs = stayingNode && new ProgramHosts(new ProjectFolder(this.folder), stayingNode);
  }

  /** Makes the folder, the stack (`pulumi stack init`) and its file, secrets encrypted. */
  static async create(options: StackOptions): Promise<Stack> {
    const stack = new Stack(options);
    try {
      await stack.pulumi.mustRun(["stack", "init", stack.name]);
      stack.write(options.values);
      const secrets = options.secrets ?? {};
      if (Object.keys(secrets).length > 0) {
        await stack.setSecrets(secrets);
      }
      return stack;
    } catch (error) {
      stack.dispose();
      throw error;
    }
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
    const left = Object.entries(file.config["lqpt:secrets"]).map(([owner, secrets]) => {
      const others = Object.entries(secrets).filter(([key]) => owner !== login || key !== name);
      return [owner, Object.fromEntries(others)] as const;
    });
    file.config["lqpt:secrets"] = Object.fromEntries(
      left.filter(([, secrets]) => Object.keys(secrets).length > 0),
    );
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
    await this.pulumi.mustRun(["config", "set-all", "--path", ...pairs, "--stack", this.name]);
  }

  /** `pulumi preview`; changes nothing. */
  preview(...args: string[]): Promise<PulumiRun> {
    return this.running("preview", args);
  }

  /** `pulumi up` without a preview of its own. */
  up(...args: string[]): Promise<PulumiRun> {
    return this.running("up", ["--yes", "--skip-preview", ...args]);
  }

  /** `pulumi destroy` without a preview of its own. */
  destroy(...args: string[]): Promise<PulumiRun> {
    return this.engine("destroy", ["--yes", "--skip-preview", ...args]);
  }

  /**
   * Starts an `up` and kills the CLI, its plugins and the program as soon as `moment` says so. Errors: it did not say so
   * within five minutes, or the run ended before; then with all that it printed.
   */
  async upKilledWhen(moment: () => Promise<boolean>): Promise<void> {
    const run = this.pulumi.start(["up", "--yes", "--skip-preview", "--stack", this.name]);
    let ended: RunResult | undefined;
    const result = run.result.then((how) => (ended = how));
    const deadline = Date.now() + 300_000;
    while (!(await moment())) {
      if (ended !== undefined) {
        throw new Error(`the run ended before the moment to kill it came:\n${ended.all}`);
      }
      if (Date.now() > deadline) {
        await run.kill();
        throw new Error(`the moment to kill the run did not come within 300 s:\n${(await result).all}`);
      }
    }
    await run.kill();
    await result;
  }

  /** `pulumi stack rename`, which renames the stack's file too. */
  async rename(to: string): Promise<void> {
    await this.pulumi.mustRun(["stack", "rename", to, "--stack", this.name]);
    this.name = to;
  }

  async exportState(): Promise<string> {
    return this.pulumi.mustRun(["stack", "export", "--stack", this.name]);
  }

  async importState(state: string): Promise<void> {
    const file = join(this.folder, "imported.json");
    writeFileSync(file, state);
    await this.pulumi.mustRun(["stack", "import", "--file", file, "--stack", this.name]);
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
    const text = await this.pulumi.mustRun(["stack", "output", "--json", "--stack", this.name]);
    return JSON.parse(text) as Record<string, unknown>;
  }

  /** The state as it lies on the disk, every file of it. */
  stateText(): string {
    return this.pulumi.stateText();
  }

  /** Any other `pulumi` command, run in the project's folder. */
  cli(args: readonly string[]): Promise<RunResult> {
    return this.pulumi.cli(args);
  }

  /** Takes the folder away; what is on the hosts stays. */
  dispose(): void {
    this.programs?.close();
    this.pulumi.dispose();
  }

  /** A verb that runs the program. */
  private running(verb: string, args: readonly string[]): Promise<PulumiRun> {
    if (this.programs === undefined) return this.engine(verb, args);
    return this.programs.lend((options) => this.engine(verb, [...options, ...args]));
  }

  private async engine(verb: string, args: readonly string[]): Promise<PulumiRun> {
    const { exitCode, all, events } = await this.pulumi.run(verb, ["--stack", this.name, ...args]);
    return { exitCode, all, steps: stepsIn(events, verb === "preview") };
  }

  private readFile(): { config?: Record<string, unknown> } {
    return (parse(this.readText()) ?? {}) as { config?: Record<string, unknown> };
  }
}

/** The steps that change something; a preview's are planned, an update's are done. */
function stepsIn(events: readonly EngineEvent[], planned: boolean): string[] {
  return events
    .map((event) => (planned ? event.resourcePreEvent : event.resOutputsEvent)?.metadata)
    .filter((step) => step !== undefined)
    .filter(({ op, urn }) => op !== "same" && op !== "read" && !urn.includes("pulumi:pulumi:Stack"))
    .map(({ op, urn }) => `${op} ${nameOf(urn)}`);
}
