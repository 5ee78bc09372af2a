import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CORE_SCHEMA, load, YAMLException } from "js-yaml";
import { ConfigError, type ConfigIssue, namesSecret, NOT_SHOWN, showFound } from "./errors";
import type { BaseFile } from "./input";
import { isMapping, type Mapping } from "./read";
import { baseSchema } from "./schema";
import type { Environment } from "./types";

/** What Pulumi itself writes beside `config:` when an environment is a stack of its own. */
const WRITTEN_BY_PULUMI = ["secretsprovider", "encryptedkey", "encryptionsalt"];

const PREFIX = "lqpt:";

const INHERITED = Object.keys(baseSchema.entries).map((key) => PREFIX + key);

/**
 * Reads `Pulumi.<environment>.yaml` from the folder that holds Pulumi.yaml.
 *
 * @throws ConfigError where it is not there or is not YAML; what its keys hold is checked by `parseStack`.
 */
export function readBaseFile(folder: string, environment: Environment): BaseFile {
  const file = fileOf(environment);
  return parseBaseFile(file, readText(folder, file));
}

/** The same; undefined where it is not there. */
export function readBaseFileIfThere(folder: string, environment: Environment): BaseFile | undefined {
  return existsSync(join(folder, fileOf(environment))) ? readBaseFile(folder, environment) : undefined;
}

/** The same from a text. */
export function parseBaseFile(file: string, text: string): BaseFile {
  const content = readYaml(file, text);
  if (!isMapping(content) || !isMapping(content["config"])) {
    const found = showFound(isMapping(content) ? content["config"] : content);
    throw new ConfigError([
      { file, path: "config", found, allowed: "a mapping with lqpt:environments and lqpt:allow" },
    ]);
  }
  const foreign = foreignKeys(file, content, content["config"]);
  if (foreign.length > 0) throw new ConfigError(foreign);
  const entries = Object.entries(content["config"]);
  return {
    file,
    values: Object.fromEntries(entries.map(([key, value]) => [key.slice(PREFIX.length), value])),
  };
}

function readYaml(file: string, text: string): unknown {
  try {
    return load(text, { schema: CORE_SCHEMA });
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    throw new ConfigError([syntaxIssue(file, text, error)]);
  }
}

function fileOf(environment: Environment): string {
  return `Pulumi.${environment}.yaml`;
}

function readText(folder: string, file: string): string {
  try {
    return readFileSync(join(folder, file), "utf8");
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new ConfigError([
      {
        file,
        path: "the file itself",
        found: undefined,
        problem,
        allowed: "the environment's list, beside Pulumi.yaml: this stack inherits it by lqpt:environments",
        next: "get it back from version control",
      },
    ]);
  }
}

function foreignKeys(file: string, content: Mapping, config: Mapping): ConfigIssue[] {
  const strangers = (mapping: Mapping, known: readonly string[]): ConfigIssue[] =>
    Object.entries(mapping)
      .filter(([key]) => !known.includes(key))
      .map(([key, value]) => ({
        file,
        path: key,
        found: namesSecret(key) ? NOT_SHOWN : showFound(value),
        problem: "this list is inherited by other stacks, and such a key is not",
        allowed: known.join(", "),
        next: "put it into the file of the stack that it is for",
      }));
  return [...strangers(content, ["config", ...WRITTEN_BY_PULUMI]), ...strangers(config, INHERITED)];
}

function syntaxIssue(file: string, text: string, { reason, mark }: YAMLException): ConfigIssue {
  const lines = text.split(/\r?\n/);
  // Its types know of no error without a place, and two documents in one file are one.
  const told = (mark as YAMLException["mark"] | undefined)?.line;
  // A key whose colon is a full-width one is text that goes on in the next line, where the mistake then seems to be.
  const wide = told === undefined ? undefined : [told - 1, told].find((line) => isWide(lines[line]));
  const line = wide ?? told;
  return {
    file,
    path: line === undefined ? "the file itself" : `line ${String(line + 1)}`,
    found: line === undefined ? undefined : showFound(lines[line]?.trim()),
    problem: wide === undefined ? reason : "a full-width ： is no colon",
    allowed: "YAML 1.2, each key once",
  };
}

function isWide(line: string | undefined): boolean {
  return line !== undefined && /^[^#"']*：/.test(line);
}
