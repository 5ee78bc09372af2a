import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";

/** A plugin to be found in the home: its name and version, and the program or the folder it is in. */
export interface HomePlugin {
  readonly name: string;
  readonly version: string;
  /** The program itself, or an official plugin's folder, of which everything is taken. */
  readonly from: string;
  readonly whole: boolean;
}

/**
 * A PULUMI_HOME for exactly these parts, made of links and named after what they point to, so that
 * another set of parts has another home and the user's own is neither needed nor touched.
 */
export function assembleHome(
  cache: string,
  programs: readonly string[],
  plugins: readonly HomePlugin[],
): string {
  const key = createHash("sha256")
    .update(JSON.stringify([programs, plugins]))
    .digest("hex")
    .slice(0, 16);
  const home = join(cache, "homes", key);
  if (existsSync(home)) {
    return home;
  }
  mkdirSync(dirname(home), { recursive: true });
  const partial = mkdtempSync(`${home}.partial-`);
  mkdirSync(join(partial, "bin"));
  for (const program of programs) {
    place(program, join(partial, "bin", basename(program)));
  }
  for (const plugin of plugins) {
    const folder = join(partial, "plugins", `resource-${plugin.name}-v${plugin.version}`);
    mkdirSync(folder, { recursive: true });
    const files = plugin.whole
      ? readdirSync(plugin.from).map((file) => join(plugin.from, file))
      : [plugin.from];
    for (const file of files) {
      symlinkSync(resolve(file), join(folder, basename(file)));
    }
  }
  try {
    renameSync(partial, home);
  } catch (error) {
    rmSync(partial, { recursive: true, force: true });
    // Another process was faster; its home holds the same.
    if (!existsSync(home)) {
      throw error;
    }
  }
  return home;
}

/**
 * A program proper and not a symbolic link: the CLI follows that to look beside itself for its
 * language host, and warns about one that it finds on PATH alone.
 */
function place(program: string, at: string): void {
  try {
    linkSync(program, at);
  } catch {
    copyFileSync(program, at);
  }
}
