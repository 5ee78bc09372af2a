import { setPlain, setSecret } from "./commands";
import { type ConfigIssue, NOT_SHOWN } from "./errors";
import { stackFile, type StackInput } from "./input";
import { SECRET } from "./parse";
import type { ProjectFolder } from "./projectFolder";
import { checkHiddenKeys, checkQuoting } from "./quoting";
import { isMapping } from "./read";

/** What the keys of this program begin with; a stack's file may hold those of others. */
const PREFIX = "lqpt:";

const SECRETS = "secrets";

/** Keys that are text, whatever YAML takes it for; Pulumi hands all others on as JSON. */
const TEXT_KEYS = ["id", "topology", "leqiId", "registeredIp", "publicAddress"];

/** One key of a stack, `lqpt:` and all, as Pulumi hands it on. */
export interface WrittenKey {
  readonly key: string;
  /** A text as it is, anything else as JSON. */
  readonly raw: string;
  /** Whether anything in it is encrypted. */
  readonly encrypted: boolean;
}

/** The one way from what a reader found to what `parseStack` reads: whoever reads, the value or the error is the same. */
export function toStackInput(stack: string, folder: ProjectFolder, keys: readonly WrittenKey[]): StackInput {
  const file = stackFile(stack);
  const own = keys.filter(({ key }) => key.startsWith(PREFIX));
  const misplaced = own.filter(({ key, encrypted }) => encrypted && key !== PREFIX + SECRETS);
  const values = Object.fromEntries(
    own
      .filter((written) => !misplaced.includes(written))
      .map((written) => [written.key.slice(PREFIX.length), valueOf(written)]),
  );
  const text = folder.text(file);
  const quoting = checkQuoting(file, text, values);
  const hidden = checkHiddenKeys(file, text, folder.text("Pulumi.yaml"));
  const isPlain = own.some(({ key, encrypted }) => key === PREFIX + SECRETS && !encrypted);
  return {
    stack,
    file,
    values,
    bases: (environment) => folder.base(environment),
    others: (environment) => folder.baseIfThere(environment),
    fileAt: (path) => folder.fileAt(path),
    findings: {
      issues: [...misplaced.map(({ key }) => misplacedSecret(stack, key)), ...quoting.issues, ...hidden],
      warnings: [...quoting.warnings, ...(isPlain ? [plainSecrets(stack)] : [])],
    },
  };
}

function valueOf(written: WrittenKey): unknown {
  const key = written.key.slice(PREFIX.length);
  if (TEXT_KEYS.includes(key)) return written.raw;
  const value = parseJson(written.raw);
  return key === SECRETS ? masked(value) : value;
}

/** Text that is no JSON stays text, for the schema to refuse: an error of the JSON parser would quote it. */
function parseJson(raw: string): unknown {
  try {
    return JSON.parse(raw) as unknown;
  } catch {
    return raw;
  }
}

/** The same shape with each text replaced, so that nothing after this can show one. */
function masked(value: unknown): unknown {
  if (typeof value === "string") return SECRET;
  if (Array.isArray(value)) return value.map(masked);
  if (!isMapping(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, masked(inner)]));
}

function misplacedSecret(stack: string, key: string): ConfigIssue {
  return {
    file: stackFile(stack),
    path: key,
    found: NOT_SHOWN,
    problem: "this is encrypted, and a reviewer could not read what is to be changed",
    allowed: "plain text; only lqpt:secrets holds secrets",
    next: `set it without --secret: ${setPlain(stack, key)}`,
  };
}

function plainSecrets(stack: string): string {
  const command = setSecret(stack, `${PREFIX}${SECRETS}.HOST.NAME`);
  return `lqpt:secrets is not encrypted; change what is in it, then set each anew: ${command}`;
}
