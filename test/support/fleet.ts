import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import type { Toolchain } from "../../tools/toolchain";
import { Engine, type RunResult, type Runner, type RunningProgram } from "./engine";
import { commitAll, git } from "./git";
import { IN_ENGLISH, LQPT, PASSPHRASE, PROGRAM, PROJECT, type StackValues } from "./stack";

interface FleetOptions {
  readonly runner: Runner;
  readonly toolchain: Toolchain;
  /** Default: files in the folder. */
  readonly backend?: string;
}

/** A project with many stacks, under version control as a team has it. */
export class Fleet {
  readonly folder = mkdtempSync(join(tmpdir(), "lqpt-fleet-"));
  private readonly pulumi: Engine;

  constructor(private readonly options: FleetOptions) {
    const { runner, toolchain, backend } = options;
    const env: Record<string, string> = backend === undefined ? {} : { PULUMI_BACKEND_URL: backend };
    this.pulumi = new Engine({ runner, toolchain, folder: this.folder, passphrase: PASSPHRASE, env });
    for (const entry of PROGRAM) cpSync(join(PROJECT, entry), join(this.folder, entry), { recursive: true });
    writeFileSync(join(this.folder, ".gitignore"), "/node_modules\n/state\n/events-*.jsonl\n/*.json.tmp\n");
    this.git("init", "--quiet", "--initial-branch", "main");
  }

  /** Makes a stack and its file, secrets encrypted. */
  async add(stack: string, values: StackValues, secrets: Readonly<Record<string, string>>): Promise<void> {
    await this.pulumi.mustRun(["stack", "init", stack]);
    this.change(stack, values);
    const pairs = Object.entries(secrets).flatMap(([path, value]) => [
      "--secret",
      `lqpt:secrets.${path}=${value}`,
    ]);
    await this.pulumi.mustRun(["config", "set-all", "--path", ...pairs, "--stack", stack]);
  }

  /** Changes some of the keys of a stack, or of an environment's file. */
  change(stack: string, values: StackValues): void {
    const added = Object.fromEntries(Object.entries(values).map(([key, value]) => [`lqpt:${key}`, value]));
    const config = { ...this.keys(stack), ...added };
    writeFileSync(this.fileOf(stack), stringify({ ...this.read(stack), config }));
  }

  /** What stands under `config:` in a stack's file, `lqpt:` and all. */
  keys(stack: string): Readonly<Record<string, unknown>> {
    return this.read(stack).config ?? {};
  }

  /** Commits all that there is, and what commit that is. */
  commit(message: string): string {
    return commitAll(this.folder, message);
  }

  git(...words: readonly string[]): string {
    return git(this.folder, ...words);
  }

  /** `lqpt WORDS`, as an operator calls it. */
  lqpt(...words: readonly string[]): Promise<RunResult> {
    return this.options.runner.run(process.execPath, [LQPT, ...words], this.place);
  }

  startLqpt(...words: readonly string[]): RunningProgram {
    return this.options.runner.start(process.execPath, [LQPT, ...words], this.place);
  }

  /** `pulumi up` of one stack, without a preview of its own. */
  up(stack: string): Promise<RunResult> {
    return this.cli("up", "--yes", "--skip-preview", "--stack", stack);
  }

  cli(...words: readonly string[]): Promise<RunResult> {
    return this.pulumi.cli(words);
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Where an operator calls programs, and with what in their environment. */
  get place(): { readonly cwd: string; readonly env: Readonly<Record<string, string>> } {
    return { cwd: this.folder, env: { ...this.pulumi.env, ...IN_ENGLISH } };
  }

  private fileOf(stack: string): string {
    return join(this.folder, `Pulumi.${stack}.yaml`);
  }

  private read(stack: string): { readonly config?: Readonly<Record<string, unknown>> } {
    return (parse(readFileSync(this.fileOf(stack), "utf8")) ?? {}) as ReturnType<Fleet["read"]>;
  }
}
