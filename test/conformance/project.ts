import {
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
import type { Toolchain } from "../../tools/toolchain";

/** Runs a program where the hosts can be reached. */
export interface Runner {
  run(
    command: string,
    args: readonly string[],
    options: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
  ): Promise<{ readonly exitCode: number; readonly all: string }>;
}

/** One resource of the program; args and options are handed to the SDK as they are. */
export interface ResourceSpec {
  /** Default `remote.Command`. */
  readonly kind?: "Command" | "PrivateKey" | "SelfSignedCert" | "RandomPassword" | "RandomInteger";
  readonly args: Readonly<Record<string, unknown>>;
  /** Of `args`, those that are made secrets. */
  readonly secret?: readonly string[];
  /** Of `args`, those that come from another resource's output: `{ privateKeyPem: "key.privateKeyPem" }`. */
  readonly from?: Readonly<Record<string, string>>;
  readonly deleteBeforeReplace?: boolean;
  readonly dependsOn?: string;
  /** Outputs to export as `NAME.OUTPUT`, and as `NAME.OUTPUT.known` whether a preview knows them: it does not say itself. */
  readonly show?: readonly string[];
}

export type Program = Readonly<Record<string, ResourceSpec>>;

/** One run of the engine. */
export interface Run {
  readonly exitCode: number;
  readonly all: string;
  /** Per resource what was done, or is planned: `update`, `create-replacement`; `same` is left out. */
  readonly steps: Readonly<Record<string, readonly string[]>>;
  /** Per resource the text of its error, or of what its operation logged, by severity. */
  said(resource: string, severity: "error" | "warning" | "info"): string;
}

const PROGRAM = `
const pulumi = require("@pulumi/pulumi");
const kinds = {
  Command: require("@pulumi/command").remote.Command,
  PrivateKey: require("@pulumi/tls").PrivateKey,
  SelfSignedCert: require("@pulumi/tls").SelfSignedCert,
  RandomPassword: require("@pulumi/random").RandomPassword,
  RandomInteger: require("@pulumi/random").RandomInteger,
};
const made = {};
for (const [name, spec] of Object.entries(require("./program.json"))) {
  const args = { ...spec.args };
  for (const key of spec.secret ?? []) args[key] = pulumi.secret(args[key]);
  for (const [key, source] of Object.entries(spec.from ?? {})) {
    const [resource, output] = source.split(".");
    args[key] = made[resource][output];
  }
  const { deleteBeforeReplace, dependsOn } = spec;
  made[name] = new kinds[spec.kind ?? "Command"](name, args, { deleteBeforeReplace, dependsOn: made[dependsOn] });
  for (const output of spec.show ?? []) {
    exports[name + "." + output] = made[name][output];
    exports[name + "." + output + ".known"] = made[name][output].isKnown;
  }
}
`;

interface EngineEvent {
  readonly resourcePreEvent?: { readonly metadata: { readonly op: string; readonly urn: string } };
  readonly diagnosticEvent?: { readonly urn?: string; readonly message: string; readonly severity: string };
}

/** A Pulumi program made of a table, in a temporary folder with its own state, driven by the real engine. */
export class Project {
  private readonly folder = mkdtempSync(join(tmpdir(), "lqpt-conformance-"));
  private readonly env: Readonly<Record<string, string>>;
  private runs = 0;

  constructor(
    private readonly runner: Runner,
    private readonly chain: Toolchain,
    env: Readonly<Record<string, string>> = {},
  ) {
    this.env = {
      ...chain.env,
      PULUMI_BACKEND_URL: `file://${this.folder}/state`,
      PULUMI_CONFIG_PASSPHRASE: "conformance",
      PULUMI_DEBUG_COMMANDS: "true",
      // The operator's own agent must not help; a test that wants one names it.
      SSH_AUTH_SOCK: "",
      ...env,
    };
    mkdirSync(join(this.folder, "state"));
    symlinkSync(join(__dirname, "..", "..", "node_modules"), join(this.folder, "node_modules"));
    this.write("package.json", "{}");
    this.write(
      "Pulumi.yaml",
      "name: conformance\nruntime:\n  name: nodejs\n  options: {typescript: false}\n",
    );
    this.write("index.js", PROGRAM);
  }

  async init(): Promise<void> {
    const { exitCode, all } = await this.cli(["stack", "init", "dev"]);
    if (exitCode !== 0) {
      throw new Error(`pulumi stack init ended with ${String(exitCode)}, expected 0:\n${all}`);
    }
  }

  preview(program: Program, ...args: string[]): Promise<Run> {
    return this.engine("preview", program, args);
  }

  up(program: Program, ...args: string[]): Promise<Run> {
    return this.engine("up", program, ["--yes", "--skip-preview", ...args]);
  }

  refresh(program: Program): Promise<Run> {
    return this.engine("refresh", program, ["--yes", "--skip-preview"]);
  }

  destroy(program: Program): Promise<Run> {
    return this.engine("destroy", program, ["--yes", "--skip-preview"]);
  }

  /** A resource's outputs in the state, secrets decrypted; undefined when it is not in the state. */
  async outputs(resource: string): Promise<Readonly<Record<string, unknown>> | undefined> {
    const { all } = await this.cli(["stack", "export", "--show-secrets"]);
    const { deployment } = JSON.parse(all) as {
      deployment: { resources?: { urn: string; outputs?: Record<string, unknown> }[] };
    };
    return deployment.resources?.find(({ urn }) => nameOf(urn) === resource)?.outputs;
  }

  /** Every file of the state, as it lies on the disk. */
  stateText(): string {
    return readdirSync(join(this.folder, "state"), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"))
      .join("\n");
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async engine(verb: string, program: Program, args: readonly string[]): Promise<Run> {
    this.runs += 1;
    this.write("program.json", JSON.stringify(program));
    const log = join(this.folder, `events-${String(this.runs)}.jsonl`);
    const { exitCode, all } = await this.cli([verb, "--color", "never", "--event-log", log, ...args]);
    return readRun(exitCode, all, readFileSync(log, "utf8"));
  }

  private cli(args: readonly string[]): Promise<{ exitCode: number; all: string }> {
    const stack = args[1] === "init" ? [] : ["--stack", "dev"];
    const options = { cwd: this.folder, env: this.env };
    return this.runner.run(this.chain.pulumi, [...args, ...stack, "--non-interactive"], options);
  }

  private write(file: string, text: string): void {
    writeFileSync(join(this.folder, file), text);
  }
}

function nameOf(urn: string): string {
  return urn.split("::").at(-1) ?? urn;
}

function readRun(exitCode: number, all: string, log: string): Run {
  const events = log
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as EngineEvent);
  const steps: Record<string, string[]> = {};
  for (const { resourcePreEvent } of events) {
    if (
      resourcePreEvent !== undefined &&
      !["same", "read", "refresh"].includes(resourcePreEvent.metadata.op)
    ) {
      const { op, urn } = resourcePreEvent.metadata;
      (steps[nameOf(urn)] ??= []).push(op);
    }
  }
  const diagnostics = events.flatMap(({ diagnosticEvent }) => diagnosticEvent ?? []);
  return {
    exitCode,
    all,
    steps,
    said: (resource, severity) =>
      diagnostics
        .filter(
          ({ urn, severity: level }) =>
            urn !== undefined && nameOf(urn) === resource && level.startsWith(severity),
        )
        .map(({ message }) => message)
        .join("\n"),
  };
}
