import { ConfigError, type ConfigIssue } from "../config/errors";
import { stackInputFromFile } from "../config/fromYaml";
import { stackFile, type StackInput } from "../config/input";
import { parseStack } from "../config/parse";
import type { ProjectFolder } from "../config/projectFolder";
import type { StackConfig } from "../config/types";
import { clashes } from "./clashes";
import { ownerWarnings } from "./owners";

/** What there is to say of one stack's file. */
export interface Linted {
  readonly stack: string;
  readonly file: string;
  /** Undefined where it has a mistake. */
  readonly config: StackConfig | undefined;
  /** What that was made of; undefined with it. */
  readonly input: StackInput | undefined;
  readonly issues: readonly ConfigIssue[];
  readonly warnings: readonly string[];
}

/**
 * Checks stacks' files, each by itself and all of the folder against each other, as `pulumi preview` would and without
 * Pulumi.
 *
 * @param stacks which to tell of; default all. What two stacks claim is found among all of them in any case.
 */
export function lint(folder: ProjectFolder, stacks: readonly string[] = []): Linted[] {
  const names = folder.stacks();
  const unknown = stacks.filter((stack) => !names.includes(stack));
  const all = [...names, ...unknown].map((stack) => lintOne(folder, stack));
  // A clash is told in the later one: of those that were named, not of those that are there already.
  const named = (one: Linted): number => Number(stacks.includes(one.stack));
  const sound = [...all]
    .sort((one, other) => named(one) - named(other))
    .flatMap(({ file, config }) => (config === undefined ? [] : [{ file, config }]));
  const shared = clashes(sound);
  const owners = ownerWarnings(sound);
  return all
    .filter(({ stack }) => stacks.length === 0 || stacks.includes(stack))
    .map((one) => ({
      ...one,
      issues: [...one.issues, ...shared.filter(({ file }) => file === one.file)],
      warnings: [...one.warnings, ...(owners.get(one.file) ?? [])],
    }));
}

function lintOne(folder: ProjectFolder, stack: string): Linted {
  const file = stackFile(stack);
  try {
    const input = stackInputFromFile(folder, stack);
    const config = parseStack(input);
    return { stack, file, input, config, issues: [], warnings: config.warnings };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { stack, file, input: undefined, config: undefined, issues: error.issues, warnings: [] };
  }
}
