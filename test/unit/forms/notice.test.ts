import { isNoticeable, noticeForm } from "../../../forms/notice";
import { renderText } from "../../../forms/text";
import type { StackPlan } from "../../../fleet/plan/plan";
import type { Language } from "../../../words/language";
import { ECDSA, HOST, SMALL, type Values } from "../config/stacks";
import { planOf, sound } from "../fleet/plan/fleets";
import { renderDocx } from "../../../forms/docx";
import { linesOfForm, readBack } from "./readBack";

const OLD: Values = { ...SMALL, allow: { "203.0.113.9": "ACME", "198.51.100.0/28": "ACME branch" } };
const NEW: Values = {
  ...SMALL,
  customer: { name: "某某有限公司" },
  allow: { "198.51.100.0/28": "ACME branch", "198.18.7.7": "财务|<b>" },
  listen: { tls: "none", port: 8870 },
  change: { window: "Sat 22:00-24:00 Asia/Shanghai", ticket: "CHG-1" },
};

function told(before: Values | undefined, after: Values, language: Language): string {
  const plan = planOf(before === undefined ? {} : { "acme-prod": before }, { "acme-prod": after });
  return renderText(noticeForm(sound(after).config, plan.stacks[0] as StackPlan, language));
}

test.each(["zh", "en"] as const)("what a customer is told of a change, in %s", (language) => {
  expect(told(OLD, NEW, language)).toMatchSnapshot();
});

test("a new customer is told his whole list", () => {
  const text = told(undefined, NEW, "zh");
  expect(text).toContain("贵单位的乐企代理将启用");
  expect(text).toContain("198.18.7.7\t财务|<b>");
  expect(text).toContain("请为新增源地址开通到 TCP 203.0.113.10:8870 的访问");
});

test("whose administrator carries it out is asked to", () => {
  const host = { address: "203.0.113.10", delivery: "bundle" };
  const dialledByNobody = (values: Values): Values => ({ ...values, hosts: { "proxy-1": host } });
  expect(told(dialledByNobody(OLD), dialledByNobody(NEW), "en")).toContain(
    "On proxy-1 your administrator carries the change out by a file",
  );
});

test.each<[string, boolean, Values]>([
  ["another list", true, { ...OLD, allow: { "203.0.113.9": "ACME" } }],
  ["another owner alone", false, { ...OLD, allow: { ...(OLD["allow"] as object), "203.0.113.9": "ACME 2" } }],
  ["another address alone", true, { ...OLD, publicAddress: "https://lqpt.acme.example:8864" }],
  ["another ticket alone", false, { ...OLD, change: { ticket: "CHG-2" } }],
])("of %s a customer must hear: %s", (_, expected, after) => {
  const [stack] = planOf({ "acme-prod": OLD }, { "acme-prod": after }).stacks;
  expect(stack && isNoticeable(stack)).toBe(expected);
});

test("what another library reads in the .docx is all that it says", async () => {
  const [plan] = planOf({ "acme-prod": OLD }, { "acme-prod": NEW }).stacks;
  const form = noticeForm(sound(NEW).config, plan as StackPlan, "zh");
  expect(await readBack(await renderDocx(form))).toEqual(linesOfForm(form));
});

test("of a stack whose file had a mistake nobody knows what changes, so nobody is told", () => {
  const [stack] = planOf({ "acme-prod": { ...OLD, topology: "moon" } }, { "acme-prod": NEW }).stacks;
  expect(stack?.kind).toBe("mended");
  expect(stack && isNoticeable(stack)).toBe(false);
});

test("a machine that goes out of service is told as that", () => {
  const hosts = {
    "proxy-1": { ...HOST, state: "out" },
    "proxy-2": { ...HOST, address: "203.0.113.11", hostKey: ECDSA },
  };
  const before = { ...OLD, hosts: { ...hosts, "proxy-1": HOST } };
  expect(told(before, { ...OLD, hosts }, "en")).toContain(
    "What else changes\n1. machine proxy-1 goes out of service\n",
  );
});
