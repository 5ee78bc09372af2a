import { CORE_SCHEMA, FAILSAFE_SCHEMA, load, type Schema, Type } from "js-yaml";
import { type ConfigIssue, showFound } from "./errors";
import { isMapping, type Mapping } from "./read";

/** Top-level keys whose value is a name made of digits and letters, never a quantity. */
const IDENTIFIERS = ["id", "leqiId", "registeredIp"];

const NUMBER_LIKE = /^[-+]?[0-9.]+(?:e[-+]?[0-9]+)?$/i;

/** What is wrong, or might be, with how identifiers are written. */
export interface QuotingFindings {
  readonly issues: readonly ConfigIssue[];
  readonly warnings: readonly string[];
}

/**
 * Finds identifiers that lost their text on the way. Pulumi's YAML reader takes an unquoted 0012345 for
 * the octal number 5349, rounds 20 digits, makes 910000000000 of 91E10, and hands the result on as text:
 * the value alone no longer tells. So the stack's own file is looked at, for how it is written and never
 * for what: the value may come from another file (`--config-file`), and then only a warning can be given.
 * Once `pulumi config set` or `pulumi stack init` has rewritten the file, the damaged value stands there in
 * quotes, and nobody can tell any more.
 *
 * @param text the stack's own file; undefined where there is none.
 */
export function checkQuoting(
  file: string,
  text: string | undefined,
  values: Readonly<Record<string, unknown>>,
): QuotingFindings {
  const issues: ConfigIssue[] = [];
  const warnings: string[] = [];
  const nodeOf = text === undefined ? () => undefined : reader(text);
  for (const key of IDENTIFIERS) {
    const value = values[key];
    if (typeof value !== "string" || !NUMBER_LIKE.test(value)) continue;
    const written = nodeOf(key);
    if (written?.isNumber === true) issues.push(unquoted(file, key, written.source));
    else if (written?.source !== value && !isAddressLike(value)) {
      warnings.push(
        `lqpt:${key}: ${value} was not read from ${file}; make sure that it is in quotes where it is written, ` +
          "since YAML changes numbers (0012345 becomes 5349)",
      );
    }
  }
  return { issues, warnings };
}

interface Written {
  readonly source: string;
  readonly isNumber: boolean;
}

/** Pulumi's reader takes 1_000 for a number, as YAML 1.1 does. */
const UNDERSCORED = new Type("tag:lqpt:underscored", {
  kind: "scalar",
  resolve: (text: unknown) => typeof text === "string" && /^[-+]?[0-9][0-9.]*_[0-9_.]*$/.test(text),
  construct: Number,
});
const WITH_NUMBERS = CORE_SCHEMA.extend({ implicit: [UNDERSCORED] });

/**
 * Keys that Pulumi takes for this program's though they do not say so: it puts the project's name before a key without
 * a colon, and takes over what `Pulumi.yaml` has under `config:`. Whoever reads a stack's file would not see them.
 *
 * @param project the text of Pulumi.yaml
 */
export function checkHiddenKeys(
  file: string,
  text: string | undefined,
  project: string | undefined,
): ConfigIssue[] {
  const keysIn = (yaml: string | undefined): string[] =>
    yaml === undefined ? [] : Object.keys(configIn(yaml, FAILSAFE_SCHEMA) ?? {});
  const bare = keysIn(text).filter((key) => !key.includes(":"));
  const shared = keysIn(project).filter((key) => !key.includes(":") || key.startsWith("lqpt:"));
  return [
    ...bare.map((key) => ({
      ...{ file, path: showFound(key) ?? "", found: undefined, allowed: "keys with a prefix, as lqpt:id" },
      problem: "without a prefix Pulumi takes it for this program's, and nothing else does",
      next: `write it as lqpt:${key}, or take it out`,
    })),
    ...shared.map((key) => ({
      ...{ file: "Pulumi.yaml", path: `config: ${showFound(key) ?? ""}`, found: undefined },
      problem: "it would count for every stack, and no stack's file would show it",
      allowed: "lqpt: keys only in stacks' and environments' files",
      next: "take it out",
    })),
  ];
}

/** Reads a key under `config:` twice: as a schema without numbers has it, its text, and as one with them has it. */
function reader(text: string): (key: string) => Written | undefined {
  const [asText, asValues] = [FAILSAFE_SCHEMA, WITH_NUMBERS].map((schema) => configIn(text, schema));
  return (key) => {
    const source = asText?.[`lqpt:${key}`];
    const isNumber = typeof asValues?.[`lqpt:${key}`] === "number";
    return typeof source === "string" ? { source, isNumber } : undefined;
  };
}

/** Undefined where there is none. Pulumi has read the file before us, and refuses what is no YAML in its own words. */
function configIn(text: string, schema: Schema): Mapping | undefined {
  try {
    const content = load(text, { schema, json: true });
    return isMapping(content) && isMapping(content["config"]) ? content["config"] : undefined;
  } catch {
    return undefined;
  }
}

function isAddressLike(value: string): boolean {
  return /^\d+\.\d+\.\d+\.\d+$/.test(value);
}

function unquoted(file: string, key: string, source: string): ConfigIssue {
  return {
    file,
    path: `lqpt:${key}`,
    found: source,
    problem: "YAML reads this as a number, and may change it (0012345 becomes 5349)",
    allowed: "text in quotes",
    next: `write it in quotes: lqpt:${key}: "${source}"`,
  };
}
