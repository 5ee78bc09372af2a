import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The files of a project, wherever they are kept: on the disk, or in a revision. */
export interface ProjectFiles {
  /** The names of the files beside Pulumi.yaml, in no order. */
  names(): readonly string[];
  /**
   * @param path below the folder, `Pulumi.prod.yaml` or `records/acme-prod/proxy-1.json`
   * @returns its content; undefined where there is no such file
   * @throws Error where it is there and cannot be read.
   */
  read(path: string): Buffer | undefined;
}

/** Those of a folder as they are now. */
export class FilesOnDisk implements ProjectFiles {
  constructor(private readonly folder: string) {}

  names(): string[] {
    return readdirSync(this.folder, { withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map(({ name }) => name);
  }

  read(path: string): Buffer | undefined {
    try {
      return readFileSync(join(this.folder, path));
    } catch (error) {
      if (["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
      throw error;
    }
  }
}
