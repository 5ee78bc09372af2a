import { isNoticeable, noticeForm } from "../../../forms/notice";
import { renderText } from "../../../forms/text";
import type { StackPlan } from "../../../fleet/plan/plan";
import { asReviewed, type Reviewed } from "../../../fleet/rollout/asReviewed";
import type { Language } from "../../../words/language";
import { PAIR } from "../config/badVips";
import { ECDSA, HOST, SMALL, type Values } from "../config/stacks";
import { fleet, planOf } from "../fleet/plan/fleets";
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
  return renderText(noticeForm(reviewed(before, after), language));
}

function reviewed(before: Values | undefined, after: Values): Reviewed {
  const [old, now] = [before === undefined ? {} : { "acme-prod": before }, { "acme-prod": after }];
  return asReviewed(planOf(old, now).stacks[0] as StackPlan, fleet(old), fleet(now));
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

test("where two machines come to share an address, callers are asked to call that, and openings lead to it", () => {
  const text = told({ ...PAIR, vip: undefined }, PAIR, "en");
  expect(text).toContain("Virtual IP of the proxy: 10.0.0.100/24 instead of none");
  expect(text).toContain("TCP 10.0.0.100:8864");
  expect(text).not.toContain("10.0.0.11");
  expect(text).toContain("https://10.0.0.100:8864");
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
  const form = noticeForm(reviewed(OLD, NEW), "zh");
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

const HA: Values = {
  ...OLD,
  hosts: { "proxy-1": HOST, "proxy-2": { ...HOST, address: "203.0.113.11", hostKey: ECDSA } },
};

test.each<[string, Values, Values, string]>([
  ["another port", OLD, { ...OLD, listen: { tls: "self-signed", port: 8870 } }, "TCP 203.0.113.10:8870"],
  ["another encryption", OLD, { ...OLD, listen: { tls: "none" } }, "TCP 203.0.113.10:8864"],
  [
    "another machine",
    OLD,
    { ...OLD, hosts: { "proxy-1": { ...HOST, address: "203.0.113.12" } } },
    "TCP 203.0.113.12:8864",
  ],
  ["one more machine", OLD, HA, "TCP 203.0.113.10:8864, TCP 203.0.113.11:8864"],
])(
  "for %s the customer is asked to let all sources through, which he is told",
  (_, before, after, places) => {
    const text = told(before, after, "en");
    expect(text).toContain(`let all sources that may call the proxy, as listed above, through to ${places}.`);
    expect(text).toContain("Sources that may call the proxy\nSource\tWhose it is\n");
    expect(text).toContain("\n198.51.100.0/28\tACME branch\n");
  },
);

test("back ends are to call another address where it changes, and no address that does not is told", () => {
  const tls = told(OLD, { ...OLD, listen: { tls: "none" } }, "zh");
  expect(tls).toContain("变更后请通过 http://203.0.113.10:8864 访问代理");
  expect(told(OLD, { ...OLD, allow: { "203.0.113.9": "ACME" } }, "zh")).not.toContain("变更后请通过");
});

test("how it is encrypted is said in words", () => {
  const after: Values = { ...OLD, listen: { tls: "none" } };
  expect(told(OLD, after, "zh")).toContain("由 自签证书（https） 改为 不加密（http）");
  expect(told(OLD, after, "en")).toContain(
    "no encryption (http) instead of a self-signed certificate (https)",
  );
});

test("a vendor's source that goes is the vendor's in Chinese too", () => {
  const plain: Values = { ...OLD, topology: "private-cloud" };
  const text = told(OLD, plain, "zh");
  expect(text).toContain("移除：不再可以访问代理的源地址");
  expect(text).toMatch(/52\.82\.125\.155\t发票云（正式环境）\n/);
  expect(text).not.toMatch(/invoice cloud|group, prod/);
});

test("an sshd at another port is nothing that a customer hears of", () => {
  const [stack] = planOf(
    { "acme-prod": OLD },
    { "acme-prod": { ...OLD, hosts: { "proxy-1": { ...HOST, port: 2222 } } } },
  ).stacks;
  expect(stack?.changes).toMatchObject([{ of: "access", what: "lqpt:hosts.proxy-1.port" }]);
  expect(stack && isNoticeable(stack)).toBe(false);
});
