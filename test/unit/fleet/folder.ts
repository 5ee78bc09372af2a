import { cpSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT, type Values } from "../config/stacks";

/** A project's folder of its own, with the environments' files of this one. Whoever makes it removes it. */
export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "lqpt-folder-"));
  for (const file of ["Pulumi.yaml", "Pulumi.prod.yaml", "Pulumi.sandbox.yaml"]) {
    cpSync(join(ROOT, file), join(folder, file));
  }
  return folder;
}

/** Writes a stack's file. */
export function writeStack(folder: string, stack: string, values: Values): void {
  const config = Object.entries(values).map(([key, value]) => [`lqpt:${key}`, value]);
  // JSON is YAML.
  const text = JSON.stringify({ config: Object.fromEntries(config) as Values });
  writeFileSync(join(folder, `Pulumi.${stack}.yaml`), text);
}
