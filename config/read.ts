import type { z } from "zod";
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

/** Reads a value by its schema; undefined where it has a mistake, which is told. */
export function read<S extends z.ZodType>(schema: S, value: unknown, place: Place): z.output<S> | undefined {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  for (const issue of result.error.issues) tell(issue, value, place);
  return undefined;
}

/** Reads a mapping key by key, so that what is right can be checked further; the rest is undefined. */
export function readEach<S extends z.ZodRawShape>(
  schema: z.ZodObject<S>,
  value: unknown,
  place: Place,
): Partial<z.output<z.ZodObject<S>>> {
  if (!isMapping(value)) {
    read(schema, value, place);
    return {};
  }
  tellUnknownKeys(schema, value, place);
  const fields = Object.entries(schema.shape).flatMap(([key, field]) => {
    const own = Object.hasOwn(value, key) ? value[key] : undefined;
    const parsed = read(field as z.ZodType, own, place.at(key));
    return parsed === undefined ? [] : [[key, parsed] as const];
  });
  return Object.fromEntries(fields) as Partial<z.output<z.ZodObject<S>>>;
}

export function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function tellUnknownKeys(schema: z.ZodObject, value: Readonly<Record<string, unknown>>, place: Place): void {
  const known = Object.keys(schema.shape);
  for (const key of Object.keys(value).filter((name) => !known.includes(name))) {
    place.at(key).wrong(value[key], { problem: UNKNOWN_KEY, allowed: `the keys ${known.join(", ")}` });
  }
}

const UNKNOWN_KEY = "this version knows no such key";

function tell(issue: z.core.$ZodIssue, root: unknown, place: Place): void {
  const here = place.at(...issue.path);
  const found = valueAt(root, issue.path);
  if (issue.code === "invalid_union") {
    likeliest(issue.errors).forEach((inner) => {
      tell({ ...inner, path: [...issue.path, ...inner.path] }, root, place);
    });
    return;
  }
  const [allowed = "", next] = issue.message.split("\n");
  if (issue.code === "unrecognized_keys") {
    for (const key of issue.keys) {
      here.at(key).wrong(valueAt(found, [key]), { problem: UNKNOWN_KEY, allowed, next });
    }
  } else if (issue.code === "invalid_type" && issue.expected === "string" && typeof found === "number") {
    here.wrong(found, {
      problem: "YAML read this as a number, and may have changed it",
      allowed,
      next: "write it in quotes",
    });
  } else {
    const problem = issue.code === "custom" ? (issue.params?.["problem"] as string | undefined) : undefined;
    here.wrong(found, { problem, allowed, next });
  }
}

/** Of a union's branches the one meant: that whose own type fits what was written. */
function likeliest(branches: readonly z.core.$ZodIssue[][]): readonly z.core.$ZodIssue[] {
  const fits = (branch: readonly z.core.$ZodIssue[]): boolean =>
    !branch.some((issue) => issue.code === "invalid_type" && issue.path.length === 0);
  return branches.find(fits) ?? branches[0] ?? [];
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined),
    root,
  );
}
