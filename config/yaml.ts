import { FAILSAFE_SCHEMA, load, Type, YAMLException } from "js-yaml";
import { ConfigError, type ConfigIssue, NOT_SHOWN, showFound } from "./errors";
import { numberOrDate } from "./scalars";

const KEYWORDS: ReadonlyMap<unknown, unknown> = new Map<unknown, unknown>([
  ...["", "~", "null", "Null", "NULL"].map((text) => [text, null] as const),
  ...["true", "True", "TRUE"].map((text) => [text, true] as const),
  ...["false", "False", "FALSE"].map((text) => [text, false] as const),
]);

const keyword = new Type("tag:lqpt:keyword", {
  kind: "scalar",
  // js-yaml hands on null where nothing stands at all.
  resolve: (text: unknown) => KEYWORDS.has(text ?? ""),
  construct: (text: unknown) => KEYWORDS.get(text ?? ""),
});

const number = new Type("tag:lqpt:number", {
  kind: "scalar",
  resolve: (text: unknown) => typeof text === "string" && numberOrDate(text) !== undefined,
  construct: (text: string) => numberOrDate(text),
});

/** By its tag js-yaml knows what to do: `<<: *others` takes over the others' keys. */
const merge = new Type("tag:yaml.org,2002:merge", {
  kind: "scalar",
  resolve: (text: unknown) => text === "<<",
});

const AS_PULUMI = FAILSAFE_SCHEMA.extend({ implicit: [keyword, number, merge] });

/**
 * What a YAML file holds, as Pulumi would read it.
 *
 * @throws ConfigError with the line where it is no YAML.
 */
export function readYaml(file: string, text: string): unknown {
  try {
    return load(text, { schema: AS_PULUMI });
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    throw new ConfigError([syntaxIssue(file, text, error)]);
  }
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
    found: line === undefined ? undefined : shownLine(text, lines[line]),
    problem: wide === undefined ? withoutQuotes(reason) : "a full-width ： is no colon",
    allowed: "YAML 1.2, each key once",
  };
}

/** Where a file has secrets at all, a line that cannot be read may be one. */
function shownLine(text: string, line: string | undefined): string | undefined {
  return text.includes("lqpt:secrets") ? NOT_SHOWN : showFound(line?.trim());
}

/** What js-yaml repeats of the file in its reason is shown nowhere: it may be a secret too. */
function withoutQuotes(reason: string): string {
  return reason.replace(/"[^]*"|<[^]*>|(?<=: )[^]*/, NOT_SHOWN);
}

function isWide(line: string | undefined): boolean {
  return line !== undefined && /^[^#"']*：/.test(line);
}
