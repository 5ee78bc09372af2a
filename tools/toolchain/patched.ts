import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A program of another Go module in which one expression is replaced before it is built. */
export interface Patched {
  /** The module, as go.mod requires it. */
  readonly module: string;
  /** The package's folder in it. */
  readonly folder: string;
  readonly file: string;
  /** Must occur exactly once in the file. */
  readonly from: string;
  readonly to: string;
}

/**
 * Makes a Go module in `into` that holds the patched package as `./patched`, with the requirements of the module in
 * `source`: Go lets nobody replace a file of its module cache.
 *
 * @throws Error where the expression is not there exactly once: the module is another release then
 */
export function preparePatched(patch: Patched, source: string, into: string): void {
  const module = moduleFolder(patch.module, source);
  const folder = join(into, "patched");
  mkdirSync(folder, { recursive: true });
  for (const file of ["go.mod", "go.sum"]) {
    cpSync(join(source, file), join(into, file));
  }
  const original = join(module, patch.folder);
  const files = readdirSync(original).filter((name) => name.endsWith(".go") && !name.endsWith("_test.go"));
  for (const file of files) {
    const text = readFileSync(join(original, file), "utf8");
    writeFileSync(join(folder, file), file === patch.file ? replaceOnce(text, patch) : text);
  }
}

/** Where Go keeps a module that the one in `source` requires; fetched first, since nothing may have needed it so far. */
function moduleFolder(module: string, source: string): string {
  const told = execFileSync("go", ["mod", "download", "-json", module], { cwd: source, encoding: "utf8" });
  return (JSON.parse(told) as { readonly Dir: string }).Dir;
}

function replaceOnce(text: string, { module, folder, file, from, to }: Patched): string {
  const parts = text.split(from);
  if (parts.length !== 2) {
    throw new Error(
      `${module}/${folder}/${file} has ${from} ${String(parts.length - 1)} times, expected once: adapt tools/toolchain/sources.ts to this release`,
    );
  }
  return parts.join(to);
}
