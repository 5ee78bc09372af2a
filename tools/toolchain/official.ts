import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { complete } from "./download";
import { type Provider, onPath } from "./sources";

/** The official CLI with its language host, as installed on this machine. */
export interface OfficialCli {
  readonly pulumi: string;
  readonly languageHost: string;
  readonly version: string;
}

/** The CLI on PATH; undefined when there is none, or none with a Node.js language host. */
export function officialCli(cache: string): OfficialCli | undefined {
  const pulumi = onPath("pulumi");
  if (pulumi === undefined) {
    return undefined;
  }
  const beside = join(dirname(pulumi), "pulumi-language-nodejs");
  const languageHost = existsSync(beside) ? beside : onPath("pulumi-language-nodejs");
  return languageHost === undefined ? undefined : { pulumi, languageHost, version: versionOf(pulumi, cache) };
}

/** Starting the CLI takes longer than all the rest of a warm call, so its answer is remembered. */
function versionOf(pulumi: string, cache: string): string {
  const { size, mtimeMs } = statSync(pulumi);
  const key = `${pulumi} ${size} ${mtimeMs}`;
  const file = join(cache, "official-cli.json");
  try {
    const remembered = JSON.parse(readFileSync(file, "utf8")) as { key: string; version: string };
    if (remembered.key === key) {
      return remembered.version;
    }
  } catch {
    // Not asked yet, or half written: ask (again).
  }
  const env = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" };
  const version = execFileSync(pulumi, ["version"], { encoding: "utf8", env }).trim();
  mkdirSync(cache, { recursive: true });
  writeFileSync(file, JSON.stringify({ key, version }));
  return version;
}

/**
 * The folder of an official plugin: in LQPT_PLUGINS when that is set, else in the user's own Pulumi
 * home. Undefined when it is not there.
 *
 * @throws when LQPT_PLUGINS names no folder
 */
export function officialPlugin(provider: Provider, version: string): string | undefined {
  const named = process.env["LQPT_PLUGINS"] ?? "";
  if (named !== "" && !existsSync(named)) {
    throw new Error(
      `LQPT_PLUGINS is ${named}, which does not exist; expected a folder that holds ` +
        `resource-${provider}-v${version}/pulumi-resource-${provider}. Unset it to use the stand-ins.`,
    );
  }
  const home = process.env["PULUMI_HOME"] ?? join(homedir(), ".pulumi");
  const folder = join(named === "" ? join(home, "plugins") : named, `resource-${provider}-v${version}`);
  return complete(folder, provider) ? folder : undefined;
}
