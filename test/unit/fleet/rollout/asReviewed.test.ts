import type { Plan, StackPlan } from "../../../../fleet/plan/plan";
import { asReviewed } from "../../../../fleet/rollout/asReviewed";
import { readPlan } from "../../../../fleet/rollout/reviewed";
import { SMALL, type Values } from "../../config/stacks";
import { fleet, planOf } from "../plan/fleets";

const allowing = (...cidrs: string[]): Record<string, Values> => ({
  "acme-prod": { ...SMALL, allow: Object.fromEntries(cidrs.map((cidr) => [cidr, "ACME"])) },
});
const [BEFORE, AFTER] = [allowing("203.0.113.9", "203.0.113.8"), allowing("203.0.113.9", "203.0.113.7")];
const PLAN = planOf(BEFORE, AFTER);
const [STACK] = PLAN.stacks as [StackPlan];

describe("a reviewed stack", () => {
  const found = (reviewed: StackPlan, before = BEFORE, after = AFTER) =>
    asReviewed(reviewed, fleet(before), fleet(after));

  test("is found again in the files of both revisions", () => {
    const { plan, before, after } = found(STACK);
    expect(plan.changes).toEqual(STACK.changes);
    expect(before?.sources.map(({ cidr }) => cidr)).toContain("203.0.113.8");
    expect(after.sources.map(({ cidr }) => cidr)).toContain("203.0.113.7");
  });

  test("is refused where the files are of another revision, or gone", () => {
    expect(() => found(STACK, BEFORE, allowing("203.0.113.6"))).toThrow(/say another document of acme-prod/);
    expect(() => found(STACK, BEFORE, {})).toThrow(/say another document of acme-prod/);
    expect(() => found(STACK, allowing("203.0.113.9"))).toThrow(/another change of acme-prod/);
  });

  test.each<[string, Partial<StackPlan>]>([
    ["one more address", { changes: [...STACK.changes, { of: "source", sign: "+", what: "198.51.100.66" }] }],
    ["one address less", { changes: STACK.changes.slice(1) }],
    ["other words", { changes: STACK.changes.map((one) => ({ ...one, before: "call 555" })) }],
    ["another kind", { kind: "new" }],
    ["another machine", { unreached: [{ host: "proxy-1", why: "bundle" }] }],
  ])("to which somebody wrote %s is told to nobody", (_, doctored) => {
    expect(() => found({ ...STACK, ...doctored })).toThrow(
      "the plan says another change of acme-prod than the files of its two revisions",
    );
  });
});

describe("a plan file", () => {
  const COMMIT = "a".repeat(40);
  const read = (plan: Plan, more: object = {}) => {
    const from = { name: "HEAD~1", commit: COMMIT };
    return readPlan(
      "plan.json",
      JSON.stringify({ format: 1, from, to: null, uncommitted: 0, ...plan, ...more }),
    );
  };
  const withStack = (more: object): Plan => ({ ...PLAN, stacks: [{ ...STACK, ...more }] });
  const withChange = (more: object): Plan => withStack({ changes: [{ ...STACK.changes[0], ...more }] });

  test("is what lqpt plan printed", () => {
    expect(read(PLAN).stacks).toEqual(PLAN.stacks);
  });

  test.each<[string, Plan, string]>([
    ["a stack by another name than a file has", withStack({ stack: "../prod" }), "stacks.0.stack"],
    ["a source that is none", withChange({ what: "everyone" }), "stacks.0.changes.0.what"],
    ["a network that is none", withChange({ within: "your\nbank" }), "stacks.0.changes.0.within"],
    ["a change of nothing", withChange({ of: "bank" }), "stacks.0.changes.0.of"],
    ["what a terminal acts on", withChange({ before: "\u001b[2J" }), "stacks.0.changes.0.before"],
    ["what turns a line around", withStack({ because: ["\u202egpj"] }), "stacks.0.because.0"],
    ["a host by no name", withStack({ unreached: [{ host: "A B", why: "bundle" }] }), "unreached.0.host"],
    ["another environment", withStack({ environment: "moon" }), "stacks.0.environment"],
  ])("with %s is none", (_, plan, where) => {
    expect(() => read(plan)).toThrow(new RegExp(`is no plan, by its .*${where.replaceAll(".", "\\.")}`));
  });

  test("with a revision's name that a terminal acts on is none", () => {
    expect(() => read(PLAN, { from: { name: "\u0007", commit: COMMIT } })).toThrow(/by its from\.name/);
  });
});
