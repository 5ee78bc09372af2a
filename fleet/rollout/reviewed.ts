import * as v from "valibot";
import { parseNetwork } from "../../config/addresses";
import { UNPRINTABLE } from "../../config/errors";
import { STACK_NAME } from "../../config/fromYaml";
import { NAME } from "../../config/schema";
import { tryJson } from "../../documents/report";
import { OF, SIGNS } from "../plan/changes";
import { DEPTHS, KINDS, type Plan, UNREACHED } from "../plan/plan";
import { JSON_FORMAT } from "../report/json";
import type { Revision } from "../revision";

/** A plan as it was written by `lqpt plan --json`. */
export interface ReviewedPlan extends Plan {
  readonly from: Revision;
  readonly to: Revision | null;
}

const digest = v.nullable(v.pipe(v.string(), v.regex(/^sha256:[0-9a-f]{64}$/)));
const commit = v.pipe(v.string(), v.regex(/^[0-9a-f]{40}$/));
/** It stands in a terminal and in letters, and who kept the file may have changed it. */
const text = v.pipe(
  v.string(),
  v.check((one) => !UNPRINTABLE.test(one)),
);
const host = v.pipe(v.string(), v.regex(NAME));
const network = v.pipe(
  v.string(),
  v.check((one) => parseNetwork(one).network !== undefined),
);
const revision = v.object({ name: text, commit });
const between = { before: v.optional(text), after: v.optional(text) };
const signs = v.picklist(SIGNS);
const change = v.variant("of", [
  v.object({
    ...{ of: v.literal("source"), sign: signs, what: network },
    ...{ ...between, within: v.optional(network) },
  }),
  v.object({
    of: v.picklist(OF.filter((one) => one !== "source")),
    ...{ sign: signs, what: text, ...between },
  }),
]);
const stack = v.object({
  stack: v.pipe(v.string(), v.regex(STACK_NAME)),
  environment: v.picklist(["sandbox", "prod", "sandbox+prod", "prod+sandbox"]),
  kind: v.picklist(KINDS),
  depth: v.picklist(DEPTHS),
  ...{ because: v.array(text), changes: v.array(change) },
  dangers: v.array(v.object({ kind: text, what: text, ...between })),
  hosts: v.array(v.object({ host, before: digest, after: digest })),
  whole: digest,
  unreached: v.array(v.object({ host, why: v.picklist(UNREACHED) })),
});
/** One that is there twice would be changed twice at once. */
const eachOnce = v.pipe(
  v.array(stack),
  v.check((stacks) => new Set(stacks.map((one) => one.stack)).size === stacks.length),
);
const plan = v.object({
  format: v.literal(JSON_FORMAT),
  ...{ from: revision, to: v.nullable(revision), program: v.array(text), stacks: eachOnce },
  ...{ unchanged: v.number(), mistaken: v.array(v.object({ stack: text, issues: v.array(v.unknown()) })) },
});

/**
 * @param path of the file, for the error
 * @param content what it holds
 * @throws Error where that is no plan.
 */
export function readPlan(path: string, content: string): ReviewedPlan {
  const { success, output, issues } = v.safeParse(plan, tryJson(content));
  if (success) return output as ReviewedPlan;
  const where = v.getDotPath(issues[0]) ?? "JSON";
  throw new Error(
    `${path} is no plan, by its ${where}; expected what \`lqpt plan --json\` of this version printed`,
  );
}
