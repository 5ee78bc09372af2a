import { decodeText } from "./encoding";
import { ConfigError, type ConfigIssue, namesSecret, NOT_SHOWN, showFound } from "./errors";
import { type BaseFile, stackFile } from "./input";
import type { ProjectFiles } from "./projectFiles";
import { isMapping, type Mapping } from "./read";
import { baseSchema } from "./schema";
import type { Environment } from "./types";
import { readYaml } from "./yaml";

/** What Pulumi itself writes beside `config:` when an environment is a stack of its own. */
const WRITTEN_BY_PULUMI = ["secretsprovider", "encryptedkey", "encryptionsalt"];

const PREFIX = "lqpt:";

const INHERITED = Object.keys(baseSchema.entries).map((key) => PREFIX + key);

/**
 * Reads `Pulumi.<environment>.yaml` from the folder that holds Pulumi.yaml.
 *
 * @throws ConfigError where it is not there, is not UTF-8 or is not YAML; what its keys hold is checked by `parseStack`.
 */
export function readBaseFile(files: ProjectFiles, environment: Environment): BaseFile {
  const base = readBaseFileIfThere(files, environment);
  if (base !== undefined) return base;
  throw new ConfigError([unreadable(stackFile(environment), "there is no such file")]);
}

/** The same; undefined where it is not there. */
export function readBaseFileIfThere(files: ProjectFiles, environment: Environment): BaseFile | undefined {
  const file = stackFile(environment);
  const text = readText(files, file);
  return text === undefined ? undefined : parseBaseFile(file, text);
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

function readText(files: ProjectFiles, file: string): string | undefined {
  const content = readBytes(files, file);
  return content && decodeText(file, content);
}

function readBytes(files: ProjectFiles, file: string): Buffer | undefined {
  try {
    return files.read(file);
  } catch (error) {
    throw new ConfigError([unreadable(file, error instanceof Error ? error.message : String(error))]);
  }
}

function unreadable(file: string, problem: string): ConfigIssue {
  return {
    file,
    path: "the file itself",
    found: undefined,
    problem,
    allowed: "the environment's list, beside Pulumi.yaml: this stack inherits it by lqpt:environments",
    next: "get it back from version control",
  };
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
