import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { quoteWord } from "../documents/toolCalls";
import { type Log, built } from "./toolchain/build";
import { downloadedPlugin } from "./toolchain/download";
import { assembleHome } from "./toolchain/home";
import { officialCli, officialPlugin } from "./toolchain/official";
import {
  INNER_LANGUAGE_HOST,
  PROVIDERS,
  type Provider,
  cliBuild,
  languageHostBuild,
  providerVersion,
  standInBuild,
} from "./toolchain/sources";

/** One program that a run of Pulumi needs, and what kind it is. */
export interface ToolchainPart {
  /** `pulumi`, `pulumi-language-nodejs` or `pulumi-resource-<provider>`. */
  readonly name: string;
  readonly version: string;
  /** A stand-in is a plugin of our own that behaves as the official one: for tests and the demo only. */
  readonly kind: "official" | "built from source" | "stand-in";
  /** Absolute path of the program. */
  readonly path: string;
}

/** Everything that it takes to run Pulumi on this machine, without a network. */
export interface Toolchain {
  /** Absolute path of the CLI. */
  readonly pulumi: string;
  /** To be added to a child process's environment: PULUMI_HOME, PATH and what keeps the CLI offline. */
  readonly env: Readonly<Record<string, string>>;
  readonly parts: readonly ToolchainPart[];
}

/**
 * Finds the tool chain, official parts first, and builds from pinned Go modules what is missing.
 * An official CLI on PATH is asked to download plugins that are not there; without one, or in a
 * closed network, stand-ins take their place.
 * A language host that is built gets Pulumi.yaml's runtime.options from a small program of ours before it, so that they
 * are in force as with the official one (tools/language-nodejs).
 * What was built is kept in `$LQPT_CACHE`, else `$XDG_CACHE_HOME/lqpt`, else `~/.cache/lqpt`: the
 * first call can take some minutes, a later one takes milliseconds.
 *
 * @param options.log gets one line at a time while something is built, and which parts are stand-ins
 *   the first time in this process; default standard error
 * @throws when something must be built and there is no Go, or the build fails; when LQPT_PLUGINS
 *   names no folder
 */
export async function toolchain(options?: { readonly log?: Log }): Promise<Toolchain> {
  const log = options?.log ?? ((line: string) => void process.stderr.write(`lqpt: ${line}\n`));
  const cache = cacheFolder();
  const parts = [...(await cliParts(cache, log)), ...(await pluginParts(cache, log))];
  announce(parts, log);
  return assemble(cache, parts);
}

function cacheFolder(): string {
  const xdg = process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache");
  return process.env["LQPT_CACHE"] || join(xdg, "lqpt");
}

async function cliParts(cache: string, log: Log): Promise<ToolchainPart[]> {
  const official = officialCli(cache);
  if (official !== undefined) {
    const { pulumi, languageHost, version } = official;
    return [
      { name: "pulumi", version, kind: "official", path: pulumi },
      { name: "pulumi-language-nodejs", version, kind: "official", path: languageHost },
    ];
  }
  const parts: ToolchainPart[] = [];
  for (const build of [cliBuild(), languageHostBuild()]) {
    const folder = await built(build, cache, log);
    for (const { name } of build.programs.filter((program) => program.name !== INNER_LANGUAGE_HOST)) {
      parts.push({ name, version: build.version, kind: "built from source", path: join(folder, name) });
    }
  }
  return parts;
}

async function pluginParts(cache: string, log: Log): Promise<ToolchainPart[]> {
  const parts: ToolchainPart[] = [];
  for (const provider of PROVIDERS) {
    const name = `pulumi-resource-${provider}`;
    const version = providerVersion(provider);
    const official = await findOfficialPlugin(provider, version, cache, log);
    const folder = official ?? (await built(standInBuild(), cache, log));
    const kind = official === undefined ? "stand-in" : "official";
    parts.push({ name, version: `v${version}`, kind, path: join(folder, name) });
  }
  return parts;
}

/** Where LQPT_PLUGINS says which plugins are official, nothing is downloaded. */
async function findOfficialPlugin(
  provider: Provider,
  version: string,
  cache: string,
  log: Log,
): Promise<string | undefined> {
  const present = officialPlugin(provider, version);
  const cli = officialCli(cache);
  return present !== undefined || cli === undefined || (process.env["LQPT_PLUGINS"] ?? "") !== ""
    ? present
    : downloadedPlugin(cli, provider, version, cache, log);
}

let announced = "";

function announce(parts: readonly ToolchainPart[], log: Log): void {
  const standIns = parts
    .filter((part) => part.kind === "stand-in")
    .map((part) => `${part.name} ${part.version}`);
  if (standIns.length > 0 && announced !== standIns.join()) {
    announced = standIns.join();
    log(`stand-ins, for tests and the demo only: ${standIns.join(", ")}; every other part is Pulumi's own`);
  }
}

/** A language host that was built is two programs, of which the CLI starts the first. */
function programsOf({ name, kind, path }: ToolchainPart): string[] {
  const inner = name === "pulumi-language-nodejs" && kind === "built from source";
  return inner ? [path, join(path, "..", INNER_LANGUAGE_HOST)] : [path];
}

function assemble(cache: string, parts: readonly ToolchainPart[]): Toolchain {
  const isPlugin = (part: ToolchainPart): boolean => part.name.startsWith("pulumi-resource-");
  const programs = parts.filter((part) => !isPlugin(part)).flatMap(programsOf);
  const plugins = parts.filter(isPlugin).map((part) => {
    const whole = part.kind === "official";
    const from = whole ? join(part.path, "..") : part.path;
    return { name: part.name.replace("pulumi-resource-", ""), version: part.version.slice(1), from, whole };
  });
  const home = assembleHome(cache, programs, plugins);
  return {
    pulumi: join(home, "bin", "pulumi"),
    env: {
      PULUMI_HOME: home,
      PATH: [join(home, "bin"), process.env["PATH"] ?? ""].join(delimiter),
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    },
    parts,
  };
}

/** `NAME=value` lines for a shell's `eval`; PATH keeps what the shell has. */
export function exportLines(chain: Toolchain): string {
  const own = (name: string, value: string): string =>
    name === "PATH"
      ? `${quoteWord(value.split(delimiter, 1)[0] ?? "")}${delimiter}"$PATH"`
      : quoteWord(value);
  return Object.entries(chain.env)
    .map(([name, value]) => `export ${name}=${own(name, value)}`)
    .join("\n");
}

/** The parts as a table for people. */
function partsTable(parts: readonly ToolchainPart[]): string {
  const rows = parts.map((part) => [part.name, part.version, part.kind, part.path]);
  const width = (column: number): number => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(width(column)))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

async function main(args: readonly string[]): Promise<void> {
  const unknown = args.find((arg) => arg !== "--env");
  if (unknown !== undefined) {
    throw new Error(`unknown argument ${unknown}; expected nothing, for the table of parts, or --env`);
  }
  const chain = await toolchain();
  process.stdout.write(`${args.includes("--env") ? exportLines(chain) : partsTable(chain.parts)}\n`);
}

if (require.main === module) {
  main(process.argv.slice(2)).catch((error: unknown) => {
    process.stderr.write(`lqpt: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
}
