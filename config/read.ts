import { distance } from "fastest-levenshtein";
import * as v from "valibot";
import { type ConfigIssue, namesSecret, NOT_SHOWN, showFound, showPath } from "./errors";

/** Every mistake and remark of one run, from all the files that it read. */
export class Findings {
  readonly issues: ConfigIssue[] = [];
  readonly warnings: string[] = [];

  /** Only the first mistake at a place is told: the others follow from it. */
  add(issue: ConfigIssue): void {
    const known = this.issues.some(({ file, path }) => file === issue.file && path === issue.path);
    if (!known) this.issues.push(issue);
  }
}

/** A place in a file: where values are read, and where a mistake is told. */
export class Place {
  constructor(
    readonly file: string,
    readonly findings: Findings,
    readonly path: readonly PropertyKey[] = [],
  ) {}

  /** The place further inside. */
  at(...inner: readonly PropertyKey[]): Place {
    return new Place(this.file, this.findings, [...this.path, ...inner]);
  }

  /** Tells a mistake at this place. */
  wrong(found: unknown, issue: Pick<ConfigIssue, "allowed" | "problem" | "next">): void {
    // Nothing under lqpt:secrets is repeated, whatever it was meant to be.
    const secret = found !== undefined && this.path.some(namesSecret);
    this.findings.add({
      file: this.file,
      path: showPath(this.path),
      found: secret ? NOT_SHOWN : showFound(found),
      ...issue,
    });
  }

  warn(text: string): void {
    this.findings.warnings.push(`${this.file}, ${showPath(this.path)}: ${text}`);
  }
}

/** A value that has keys. */
export type Mapping = Readonly<Record<string, unknown>>;

export function isMapping(value: unknown): value is Mapping {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What `field.object` makes. */
export type ObjectSchema<E extends v.ObjectEntries> = v.ObjectSchema<E, v.ErrorMessage<v.ObjectIssue>>;

/** What such a schema allows. */
export function keysRule(entries: Readonly<Record<string, unknown>>): string {
  return `a mapping with the keys ${Object.keys(entries).join(", ")}`;
}

/** Reads a value by its schema; undefined where it has a mistake, which is told. */
export function read<S extends v.GenericSchema>(
  schema: S,
  value: unknown,
  place: Place,
): v.InferOutput<S> | undefined {
  const isWhole = hasShape(schema, value, place);
  const { success, output, issues = [] } = v.safeParse(schema, value, { abortPipeEarly: true });
  issues.forEach((issue) => {
    tell(issue, place);
  });
  return success && isWhole ? output : undefined;
}

/** Reads a mapping key by key, so that what is right can be checked further; the rest is undefined. */
export function readEach<E extends v.ObjectEntries>(
  schema: ObjectSchema<E>,
  value: unknown,
  place: Place,
): Partial<v.InferOutput<ObjectSchema<E>>> {
  if (!isMapping(value)) {
    read(schema, value, place);
    return {};
  }
  tellUnknownKeys(schema.entries, value, place);
  const fields = Object.entries(schema.entries).flatMap(([key, field]) => {
    const own = Object.hasOwn(value, key) ? value[key] : undefined;
    const parsed = read(field, own, place.at(key));
    return parsed === undefined ? [] : [[key, parsed] as const];
  });
  return Object.fromEntries(fields) as Partial<v.InferOutput<ObjectSchema<E>>>;
}

/** The keys that a schema means and their own schemas; undefined where it means no mapping with fixed keys. */
export function entriesOf(schema: v.GenericSchema): Readonly<Record<string, v.GenericSchema>> | undefined {
  // Either may be there: only an optional schema has the one, only an object's the other.
  const { wrapped, entries } = schema as {
    readonly wrapped?: v.GenericSchema;
    readonly entries?: Readonly<Record<string, v.GenericSchema>>;
  };
  return wrapped === undefined ? entries : entriesOf(wrapped);
}

/** Tells, at every depth, lists where mappings are meant and keys that there are not: valibot lets both pass. */
function hasShape(schema: v.GenericSchema, value: unknown, place: Place): boolean {
  const entries = entriesOf(schema);
  if (entries === undefined || typeof value !== "object" || value === null) return true;
  if (!isMapping(value)) {
    place.wrong(value, { allowed: keysRule(entries) });
    return false;
  }
  const fit = Object.entries(entries).map(([key, field]) => hasShape(field, value[key], place.at(key)));
  return tellUnknownKeys(entries, value, place) && fit.every(Boolean);
}

function tellUnknownKeys(entries: v.ObjectEntries, value: Mapping, place: Place): boolean {
  const known = Object.keys(entries);
  const unknown = Object.keys(value).filter((name) => !known.includes(name));
  for (const key of unknown) {
    const problem = "this version knows no such key";
    place.at(key).wrong(value[key], {
      problem,
      allowed: `the keys ${known.join(", ")}`,
      next: similar(key, known),
    });
  }
  return unknown.length === 0;
}

/** What a misspelt key was probably meant to be. */
function similar(key: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const plain = (text: string): string => text.toLowerCase().replace(/[-_ ]/g, "");
  const [nearest = ""] = [...known].sort(
    (one, other) => distance(plain(one), plain(key)) - distance(plain(other), plain(key)),
  );
  const isNear = distance(plain(nearest), plain(key)) <= Math.max(1, Math.floor(nearest.length / 3));
  return isNear ? `did you mean ${nearest}?` : undefined;
}

function tell(issue: v.BaseIssue<unknown>, place: Place): void {
  const here = place.at(...(issue.path ?? []).map(({ key }) => key as PropertyKey));
  const [allowed = "", ...more] = issue.message.split("\n");
  const [next, problem] = more.map((part) => (part === "" ? undefined : part));
  if (issue.type === "string" && typeof issue.input === "number") {
    here.wrong(issue.input, {
      problem: "YAML read this as a number, and may have changed it",
      allowed,
      next: "write it in quotes",
    });
  } else {
    here.wrong(issue.input, { problem, allowed, next });
  }
}
