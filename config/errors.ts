/** One mistake in a stack's config: where it is, what was read, what would be right. */
export interface ConfigIssue {
  /** The file to edit: `Pulumi.acme-prod.yaml`. */
  readonly file: string;
  /** Where in it: `lqpt:hosts.proxy-1.hostKey`, or `line 3` where the YAML itself is broken. */
  readonly path: string;
  /** What was read, made by `showFound`; undefined where nothing was. */
  readonly found: string | undefined;
  /** What is wrong with it, where that does not follow from `allowed`. */
  readonly problem?: string | undefined;
  /** What may stand there. */
  readonly allowed: string;
  /** What to do next. */
  readonly next?: string | undefined;
}

/** The user's mistakes in a stack's config, all of them at once, as opposed to a fault of this program. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";

  constructor(readonly issues: readonly ConfigIssue[]) {
    super(renderIssues(issues));
  }
}

/** Characters that end a line, or make a terminal or a reviewer see other text than is there. */
export const UNPRINTABLE =
  /[\p{Cc}\p{Cs}\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufffe\uffff]/u;

/** A mistake in one sentence, without where it is. */
export function sentenceOf({ found, problem, allowed, next }: ConfigIssue): string {
  const parts = [`found ${found ?? "nothing"}`, problem, `allowed: ${allowed}`, next];
  return parts.filter((part) => part !== undefined).join("; ");
}

const SHOWN_LENGTH = 80;

/** What stands in a message for what may be a secret. */
export const NOT_SHOWN = "(not shown)";

const SECRET_NAME = /pass|secret|privatekey|token/i;

/** True for keys whose values are never repeated, also where they stand in the wrong place. */
export function namesSecret(key: PropertyKey): boolean {
  return SECRET_NAME.test(String(key).replace(/^lqpt:/, ""));
}

/** A value as an error message shows it: as JSON, on one line, at most 80 characters. */
export function showFound(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  const shown = JSON.stringify(value, (key, inner: unknown) => (namesSecret(key) ? NOT_SHOWN : inner));
  // Who writes a password into a URL must not find it in a log.
  const json = shown
    .replace(/:\/\/[^/@"]*@/g, `://${NOT_SHOWN}@`)
    .replace(
      new RegExp(UNPRINTABLE, "gu"),
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
    );
  const characters = [...json];
  return characters.length <= SHOWN_LENGTH ? json : `${characters.slice(0, SHOWN_LENGTH - 1).join("")}…`;
}

/** A path as a person writes it for `pulumi config set --path`: `lqpt:allow["10.8.0.5"].owner`. */
export function showPath(path: readonly PropertyKey[]): string {
  const [key, ...inner] = path.map(String);
  return `lqpt:${key ?? ""}${inner.map(showSegment).join("")}`;
}

function showSegment(segment: string): string {
  if (/^\d+$/.test(segment)) return `[${segment}]`;
  return /^[\w-]+$/.test(segment) ? `.${segment}` : `[${showFound(segment) ?? ""}]`;
}

function renderIssues(issues: readonly ConfigIssue[]): string {
  return [...new Set(issues.map((issue) => issue.file))]
    .map((file) =>
      renderFile(
        file,
        issues.filter((issue) => issue.file === file),
      ),
    )
    .join("\n");
}

function renderFile(file: string, issues: readonly ConfigIssue[]): string {
  const count = issues.length === 1 ? "1 mistake" : `${issues.length} mistakes`;
  return [`${file}: ${count}; nothing was changed on any host`, ...issues.map(renderIssue)].join("\n");
}

function renderIssue(issue: ConfigIssue): string {
  const lines: readonly (readonly [string, string | undefined])[] = [
    ["found", issue.found ?? "nothing"],
    ["problem", issue.problem],
    ["allowed", issue.allowed],
    ["next", issue.next],
  ];
  const body = lines.flatMap(([label, text]) =>
    text === undefined ? [] : [`    ${`${label}:`.padEnd(8)} ${text}`],
  );
  return [`  ${issue.path}`, ...body].join("\n");
}
