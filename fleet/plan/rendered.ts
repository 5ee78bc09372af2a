import { createHash } from "node:crypto";
import type { ConfigIssue } from "../../config/errors";
import { explain, type Explained } from "../../config/explain";
import { stackFile, type StackInput } from "../../config/input";
import type { ProjectFolder } from "../../config/projectFolder";
import { isMapping } from "../../config/read";
import type { HostConfig, StackConfig } from "../../config/types";
import { readYaml } from "../../config/yaml";
import { type HostDocument, renderDocument } from "../../documents/document";
import { lint } from "../lint";

/** One stack as a revision has it, rendered. */
export interface Rendered {
  readonly stack: string;
  /** Each mistake of its file, and what it and another stack both claim. */
  readonly issues: readonly ConfigIssue[];
  /** Undefined where the file has a mistake. */
  readonly sound: Sound | undefined;
}

/** A stack whose file has no mistake. */
export interface Sound {
  readonly config: StackConfig;
  readonly hosts: readonly RenderedHost[];
  /** What the file says beside sources, removals and hosts. */
  readonly settings: readonly Explained[];
  /** By `proxy-1.password`: a mark of what is encrypted there. Who has it knows no more than that it is another. */
  readonly secrets: ReadonlyMap<string, string>;
}

/** A machine, and the document that it must equal. */
export interface RenderedHost {
  readonly host: HostConfig;
  readonly document: HostDocument;
}

/** All stacks of a folder, by name. */
export type Fleet = ReadonlyMap<string, Rendered>;

/** Renders what every stack's hosts must equal: from files alone, without a secret, a state or a network. */
export function renderFleet(folder: ProjectFolder): Fleet {
  return new Map(
    lint(folder).map(({ stack, config, input, issues }) => [
      stack,
      { stack, issues, sound: config && input && rendered(folder, input, config) },
    ]),
  );
}

function rendered(folder: ProjectFolder, input: StackInput, config: StackConfig): Sound {
  const hosts = config.hosts.map((host) => ({ host, document: renderDocument(config, host) }));
  const settings = explain(input, config).filter(
    ({ path }) => !/^lqpt:(allow|remove|hosts|bastions|secrets)\b/.test(path),
  );
  return { config, hosts, settings, secrets: secretsOf(folder, config.stack) };
}

function secretsOf(folder: ProjectFolder, stack: string): ReadonlyMap<string, string> {
  const file = stackFile(stack);
  const content = readYaml(file, folder.text(file) ?? "");
  const config = isMapping(content) && isMapping(content["config"]) ? content["config"] : {};
  return new Map(marks("", config["lqpt:secrets"]));
}

function marks(path: string, value: unknown): (readonly [string, string])[] {
  if (!isMapping(value)) {
    const text = JSON.stringify(value ?? null);
    return [[path, createHash("sha256").update(text).digest("hex")]];
  }
  if (typeof value["secure"] === "string") return marks(path, value["secure"]);
  return Object.entries(value).flatMap(([key, inner]) => marks(path === "" ? key : `${path}.${key}`, inner));
}
