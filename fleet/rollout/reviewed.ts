import { readFileSync } from "node:fs";
import * as v from "valibot";
import { tryJson } from "../../documents/report";
import type { Plan } from "../plan/plan";
import { JSON_FORMAT } from "../report/json";
import type { Revision } from "../revision";

/** A plan as it was written by `lqpt plan --json`. */
export interface ReviewedPlan extends Plan {
  readonly from: Revision;
  readonly to: Revision | null;
}

const digest = v.nullable(v.pipe(v.string(), v.regex(/^sha256:[0-9a-f]{64}$/)));
const commit = v.pipe(v.string(), v.regex(/^[0-9a-f]{40}$/));
const revision = v.object({ name: v.string(), commit });
const change = v.object({
  ...{ of: v.string(), sign: v.picklist(["+", "-", "!"]), what: v.string() },
  ...{ before: v.optional(v.string()), after: v.optional(v.string()), within: v.optional(v.string()) },
});
const stack = v.object({
  ...{ stack: v.string(), environment: v.string(), kind: v.picklist(["changed", "new", "gone", "mended"]) },
  depth: v.picklist(["enforced", "access", "notes"]),
  ...{ because: v.array(v.string()), changes: v.array(change), dangers: v.array(v.any()) },
  ...{
    hosts: v.array(v.object({ host: v.string(), before: digest, after: digest })),
    unreached: v.array(v.any()),
  },
});
const plan = v.object({
  format: v.literal(JSON_FORMAT),
  ...{ from: revision, to: v.nullable(revision), program: v.array(v.string()), stacks: v.array(stack) },
  ...{ unchanged: v.number(), mistaken: v.array(v.any()) },
});

/**
 * @throws Error where the file is no plan.
 */
export function readPlan(path: string): ReviewedPlan {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new Error(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  const { success, output, issues } = v.safeParse(plan, tryJson(text));
  if (success) return output as ReviewedPlan;
  const where = v.getDotPath(issues[0]) ?? "JSON";
  throw new Error(
    `${path} is no plan, by its ${where}; expected what \`lqpt plan --json\` of this version printed`,
  );
}
