import { Document, Packer, Paragraph } from "docx";
import { extractRawText } from "mammoth";
import { renderDocx } from "../../../forms/docx";
import { fillTemplate } from "../../../forms/docxTemplate";
import { openingsForm } from "../../../forms/openings";
import { renderText } from "../../../forms/text";
import { type UnbanFacts, unbanFillings, unbanForm } from "../../../forms/unban";
import { sampleConfig, sampleHost } from "../sampleConfig";
import { documentXml, linesOfForm, readBack } from "./readBack";

const entry = (time: string, verb: string, removed: readonly string[]) => ({
  ...{ time, verb, who: "wang", ticket: "CHG-1", added: [], removed },
});
const FACTS: UnbanFacts = {
  config: {
    ...sampleConfig(),
    customer: { name: "某某有限公司", creditCode: "91310000MA1FL0001X" },
    registeredIp: "203.0.113.10",
  },
  hosts: [
    {
      ...{ name: sampleHost.name, address: sampleHost.address, from: "host" },
      whitelist: [
        { source: "203.0.113.9", since: "2026-11-20T08:00:00Z" },
        { source: "198.51.100.99", since: null },
      ],
      history: [
        entry("2026-11-20T08:00:00Z", "apply", ["0.0.0.0/0"]),
        entry("2026-11-21T08:00:00Z", "close", ["203.0.113.9"]),
      ],
    },
  ],
  reason: "端口曾对所有地址开放 {{customer}}",
  now: new Date("2026-11-25T20:00:00Z"),
};

test.each(["zh", "en"] as const)("the application to have an IP reopened, as text, in %s", (language) => {
  expect(renderText(unbanForm(FACTS, language))).toMatchSnapshot();
});

test.each(["zh", "en"] as const)(
  "read back by another library the .docx has all of it, in %s",
  async (language) => {
    const form = unbanForm(FACTS, language);
    expect(await readBack(await renderDocx(form))).toEqual(linesOfForm(form));
  },
);

test("it is a letter: to somebody, with what is asked for numbered, and room for stamp and date", () => {
  const form = unbanForm(FACTS, "zh");
  expect(form.opening[0]).toMatch(/^致：_+（请填写/);
  expect(form.lists.map(({ caption, items }) => [caption, items.length])).toEqual([
    ["整改情况", 2],
    ["申请事项", 2],
  ]);
  expect(form.farewell.map((line) => line.trim())).toEqual(["特此申请。", "此致", "敬礼"]);
  expect(form.signature).toEqual([
    "申请单位（盖章）：某某有限公司",
    "联系人及电话：（请填写）",
    "日期：2026年11月26日",
  ]);
});

test("a credit code that nobody wrote down is asked for", () => {
  const customer = { name: "某某有限公司", creditCode: undefined };
  const facts = { ...FACTS, config: { ...FACTS.config, customer } };
  expect(unbanForm(facts, "zh").facts).toContainEqual(["统一社会信用代码", "（请填写）"]);
  expect(unbanFillings(facts, "en").texts["creditCode"]).toBe("(please fill in)");
});

test("of a host that could not be read the letter says so", () => {
  const [host] = FACTS.hosts;
  if (host === undefined) throw new Error("no host");
  const recorded = { ...host, name: "proxy-2", from: "record" as const };
  const told = (hosts: UnbanFacts["hosts"]) => renderText(unbanForm({ ...FACTS, hosts }, "zh"));
  expect(told([host, recorded])).toContain("主机 proxy-2 不能远程读取");
  expect(told([host])).not.toContain("不能远程读取");
});

test("the lines of a reason stay lines", async () => {
  const form = unbanForm({ ...FACTS, reason: "一、原因\r\n二、措施" }, "zh");
  expect(await readBack(await renderDocx(form))).toEqual(expect.arrayContaining(["一、原因", "二、措施"]));
});

test("both forms have one word for a thing, and Chinese marks between Chinese words", () => {
  for (const form of [unbanForm({ ...FACTS, reason: "" }, "zh"), openingsForm(FACTS.config, "zh")]) {
    const text = renderText(form);
    expect(text).not.toMatch(/登记|(?<!白)名单/);
    expect(text).not.toMatch(/\p{Script=Han}[,;:!?()]|[,;:!?()]\p{Script=Han}/u);
  }
});

test("of a long history the newest changes are told, and how many are left out", () => {
  const many = Array.from({ length: 45 }, (_, index) =>
    entry(
      `2026-10-${String(1 + (index % 28)).padStart(2, "0")}T${String(index).padStart(2, "0")}`,
      "apply",
      [],
    ),
  );
  const [host] = FACTS.hosts;
  if (host === undefined) throw new Error("no host");
  const [, changes] = unbanForm({ ...FACTS, hosts: [{ ...host, history: many }] }, "en").annexes;
  expect(changes?.rows).toHaveLength(40);
  expect(changes?.caption).toContain("5 earlier ones are left out");
});

async function template(...lines: readonly string[]): Promise<Buffer> {
  const children = lines.map((text) => new Paragraph({ text }));
  return Packer.toBuffer(new Document({ sections: [{ children }] }));
}

const fillings = () => unbanFillings(FACTS, "zh");

test("an official template has its placeholders filled, each as often as it stands there, and all else kept", async () => {
  const form = await template(
    "税务局：",
    "单位 {{customer}}（{{customer}}），{{registeredIp}}",
    "{{reason}}",
    "{{whitelist}}",
    "此致",
  );
  const { value } = await extractRawText({ buffer: await fillTemplate(form, fillings()) });
  expect(value).toContain("税务局：");
  expect(value).toContain("单位 某某有限公司（某某有限公司），203.0.113.10");
  // What a person wrote is no placeholder.
  expect(value).toContain(FACTS.reason);
  expect(value).toContain("198.51.100.99");
  expect(value).toContain("此致");
});

test("what a person wrote is text in a template too, its lines lines, and what XML cannot hold is seen", async () => {
  const texts = { ...fillings().texts, reason: "</w:t>&{{date}}\n二\u0001" };
  const filled = await fillTemplate(await template("{{reason}}"), { ...fillings(), texts });
  // The reader has no line for a break.
  expect(await readBack(filled)).toEqual(["</w:t>&{{date}}二?"]);
  expect(documentXml(filled).match(/<w:br\/>/g)).toHaveLength(1);
});

test.each([
  [["{{company}}"], "found {{company}}; expected some of {{customer}}"],
  [["nothing to fill"], "found no placeholder"],
])("a template with %j is refused", async (lines, words) => {
  await expect(fillTemplate(await template(...lines), fillings())).rejects.toThrow(words);
});

test("what is no .docx is refused", async () => {
  await expect(fillTemplate(Buffer.from("hello"), fillings())).rejects.toThrow("no .docx file");
});
