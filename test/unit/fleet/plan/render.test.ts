import type { Plan, StackPlan } from "../../../../fleet/plan/plan";
import { renderMarkdown, renderText } from "../../../../fleet/report/render";
import { planReport } from "../../../../fleet/plan/report";
import { PLAN_WORDS } from "../../../../words/plan";

const COMPARED = { from: "main (28bce2cc3a)", to: "feature (a1199ee04d)" };
const HOSTILE = "x ``` </details> @all <b> [a](http://b) \u001b[31m\n- forged";

function changed(stack: string, what: string, owner: string): StackPlan {
  return {
    ...{ stack, environment: "prod", kind: "changed", depth: "enforced", because: [`Pulumi.${stack}.yaml`] },
    ...{ hosts: [], whole: null, dangers: [], unreached: [] },
    changes: [{ of: "source", sign: "+", what, after: owner }],
  };
}
const planWith = (stacks: readonly StackPlan[]): Plan => ({
  program: [],
  stacks,
  unchanged: 7,
  mistaken: [],
});
const markdown = (stacks: readonly StackPlan[], language: "en" | "zh" = "en"): string =>
  renderMarkdown(planReport(planWith(stacks), COMPARED, PLAN_WORDS[language]), language);

test.each(["en", "zh"] as const)("as text, in %s", (language) => {
  const report = planReport(
    planWith([changed("acme-prod", "9.9.9.7", "ACME 财务")]),
    COMPARED,
    PLAN_WORDS[language],
  );
  expect(renderText(report, (_, text) => text)).toMatchSnapshot();
});

test("as Markdown: the marker is the first line, the signs are in the first column", () => {
  const text = markdown([changed("acme-prod", "9.9.9.7", "ACME")]);
  expect(text.split("\n")[0]).toBe("<!-- lqpt plan -->");
  expect(text).toContain("\n+ 9.9.9.7  ACME");
  expect(text).toMatchSnapshot();
});

test("text of a stack's file stays text: it ends no block, makes no line and no escape sequence of its own", () => {
  const text = markdown([changed("acme-prod", "9.9.9.7", HOSTILE)]);
  expect(text).not.toContain("\u001b");
  expect(text).not.toMatch(/^- forged/m);
  let fence: string | undefined;
  for (const line of text.split("\n")) {
    const run = /^(`{3,})/.exec(line)?.[1];
    if (fence === undefined && run !== undefined) fence = run;
    else if (line === fence) fence = undefined;
    else if (line.includes("@all"))
      expect({ line, isFenced: fence !== undefined }).toMatchObject({ isFenced: true });
  }
  expect(fence).toBeUndefined();
});

const many = (count: number): string =>
  markdown(
    Array.from({ length: count }, (_, index) =>
      changed(
        `customer-with-a-long-name-${String(index)}-prod`,
        `9.9.${String(index >> 8)}.${String(index & 255)}`,
        `ACME 财务共享中心 ${String(index)}`,
      ),
    ),
    "zh",
  );

test("300 stacks, each with a change of its own, have room in one comment", () => {
  const text = many(300);
  expect(text.length).toBeLessThan(60_000);
  expect(text).not.toContain("另有");
});

test("what has no room is counted, and every block is closed", () => {
  const text = many(1000);
  expect(text.length).toBeLessThan(60_000);
  expect(text).toMatch(/^ {2}…… 另有 \d+ 行/m);
  expect(text.trimEnd().endsWith("</details>")).toBe(true);
});
