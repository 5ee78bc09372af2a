import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { readBaseFile, readBaseFileIfThere } from "./baseFiles";
import { decodeText } from "./encoding";
import type { BaseFile, StackInput } from "./input";
import { FilesOnDisk, type ProjectFiles } from "./projectFiles";
import type { Environment } from "./types";

/** The folder that holds Pulumi.yaml, and what stacks read from it. Each environment's file is read once. */
export class ProjectFolder {
  private readonly bases = new Map<Environment, BaseFile>();

  /**
   * @param path where it is, for whoever is told of it
   * @param files what is in it; default: what is there now
   */
  constructor(
    readonly path: string,
    private readonly files: ProjectFiles = new FilesOnDisk(path),
  ) {}

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
    return this.files
      .names()
      .flatMap((name) => /^Pulumi\.(.+)\.yaml$/s.exec(name)?.[1] ?? [])
      .sort();
  }

  /**
   * A file's text; undefined where there is no such file.
   *
   * @throws ConfigError where it is not UTF-8.
   */
  text(file: string): string | undefined {
    const content = this.content(file);
    return content && decodeText(file, content);
  }

  /** A file's bytes; undefined where there is no such file. */
  content(file: string): Buffer | undefined {
    return this.files.read(file);
  }

  /** @throws ConfigError, as `readBaseFile`. */
  base(environment: Environment): BaseFile {
    const base = this.bases.get(environment) ?? readBaseFile(this.files, environment);
    this.bases.set(environment, base);
    return base;
  }

  /** The same; undefined where there is no such file. */
  baseIfThere(environment: Environment): BaseFile | undefined {
    const base = this.bases.get(environment) ?? readBaseFileIfThere(this.files, environment);
    if (base !== undefined) this.bases.set(environment, base);
    return base;
  }

  /** What a file below it is; undefined where it cannot be read. */
  fileAt(path: string): ReturnType<StackInput["fileAt"]> {
    try {
      const content = this.files.read(path);
      return content && { sha256: createHash("sha256").update(content).digest("hex"), bytes: content.length };
    } catch {
      return undefined;
    }
  }
}
