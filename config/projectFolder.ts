import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { readBaseFile, readBaseFileIfThere } from "./baseFiles";
import type { BaseFile, StackInput } from "./input";
import type { Environment } from "./types";

/** The folder that holds Pulumi.yaml, and what stacks read from it. Each environment's file is read once. */
export class ProjectFolder {
  private readonly bases = new Map<Environment, BaseFile>();

  constructor(readonly path: string) {}

  /**
   * The nearest one at or above `start`.
   *
   * @throws Error where there is none.
   */
  static above(start: string): ProjectFolder {
    for (let folder = start; ; folder = dirname(folder)) {
      if (existsSync(join(folder, "Pulumi.yaml"))) return new ProjectFolder(folder);
      if (folder === dirname(folder)) {
        throw new Error(`no Pulumi.yaml in ${start} or above it; go to the project's folder`);
      }
    }
  }

  /** All stacks that have a file here, sorted by name; the environments' own among them. */
  stacks(): string[] {
    return readdirSync(this.path, { withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .flatMap(({ name }) => /^Pulumi\.(.+)\.yaml$/s.exec(name)?.[1] ?? [])
      .sort();
  }

  /** A file's text; undefined where there is no such file. */
  text(file: string): string | undefined {
    const path = join(this.path, file);
    return existsSync(path) ? readFileSync(path, "utf8") : undefined;
  }

  /** @throws ConfigError, as `readBaseFile`. */
  base(environment: Environment): BaseFile {
    const base = this.bases.get(environment) ?? readBaseFile(this.path, environment);
    this.bases.set(environment, base);
    return base;
  }

  /** The same; undefined where there is no such file. */
  baseIfThere(environment: Environment): BaseFile | undefined {
    const base = this.bases.get(environment) ?? readBaseFileIfThere(this.path, environment);
    if (base !== undefined) this.bases.set(environment, base);
    return base;
  }

  /** What a file below it is; undefined where it cannot be read. */
  fileAt(path: string): ReturnType<StackInput["fileAt"]> {
    try {
      const content = readFileSync(join(this.path, path));
      return { sha256: createHash("sha256").update(content).digest("hex"), bytes: content.length };
    } catch {
      return undefined;
    }
  }
}
