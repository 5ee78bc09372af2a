import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import type { Toolchain } from "../../tools/toolchain";
import { Engine, type EngineRun, type Runner, nameOf } from "../support/engine";

/** One resource of the program; args and options are handed to the SDK as they are. */
export interface ResourceSpec {
  /** Default `remote.Command`. */
  readonly kind?:
    "Command" | "CopyToRemote" | "PrivateKey" | "SelfSignedCert" | "RandomPassword" | "RandomInteger";
  readonly args: Readonly<Record<string, unknown>>;
  /** Of `args`, those that are made secrets. */
  readonly secret?: readonly string[];
  /** A local file that becomes `source` of `args`, a FileAsset. */
  readonly file?: string;
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
  CopyToRemote: require("@pulumi/command").remote.CopyToRemote,
  PrivateKey: require("@pulumi/tls").PrivateKey,
  SelfSignedCert: require("@pulumi/tls").SelfSignedCert,
  RandomPassword: require("@pulumi/random").RandomPassword,
  RandomInteger: require("@pulumi/random").RandomInteger,
};
const made = {};
for (const [name, spec] of Object.entries(require("./program.json"))) {
  const args = { ...spec.args };
  if (spec.file !== undefined) args.source = new pulumi.asset.FileAsset(spec.file);
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

export interface ProjectOptions {
  readonly runner: Runner;
  readonly chain: Toolchain;
  /** Where the project's own folder is made: one that is taken away whatever becomes of the test. */
  readonly folder: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** A Pulumi program made of a table, in a temporary folder with its own state, driven by the real engine. */
export class Project {
  private readonly pulumi: Engine;

  private constructor({ runner, chain, folder, env }: ProjectOptions) {
    this.pulumi = new Engine({
      runner,
      toolchain: chain,
      folder: mkdtempSync(join(folder, "conformance-")),
      passphrase: "conformance",
      // The operator's own agent must not help; a test that wants one names it.
      env: { SSH_AUTH_SOCK: "", ...env },
    });
    this.pulumi.write("package.json", "{}");
    this.pulumi.write(
      "Pulumi.yaml",
      "name: conformance\nruntime:\n  name: nodejs\n  options: {typescript: false}\n",
    );
    this.pulumi.write("index.js", PROGRAM);
  }

  /** Makes the folder and the stack. */
  static async create(options: ProjectOptions): Promise<Project> {
    const project = new Project(options);
    await project.pulumi.mustRun(["stack", "init", "dev"]);
    return project;
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
    const text = await this.pulumi.mustRun(["stack", "export", "--show-secrets", "--stack", "dev"]);
    const { deployment } = JSON.parse(text) as {
      deployment: { resources?: { urn: string; outputs?: Record<string, unknown> }[] };
    };
    return deployment.resources?.find(({ urn }) => nameOf(urn) === resource)?.outputs;
  }

  /** Every file of the state, as it lies on the disk. */
  stateText(): string {
    return this.pulumi.stateText();
  }

  dispose(): void {
    this.pulumi.dispose();
  }

  private async engine(verb: string, program: Program, args: readonly string[]): Promise<Run> {
    this.pulumi.write("program.json", JSON.stringify(program));
    return readRun(await this.pulumi.run(verb, ["--stack", "dev", ...args]));
  }
}

function readRun({ exitCode, all, events }: EngineRun): Run {
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
