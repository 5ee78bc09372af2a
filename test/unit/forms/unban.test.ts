import { Document, Packer, Paragraph } from "docx";
import { extractRawText } from "mammoth";
import { renderDocx } from "../../../forms/docx";
import { fillTemplate } from "../../../forms/docxTemplate";
import { renderText } from "../../../forms/text";
import { unbanFields, type UnbanFacts, unbanForm } from "../../../forms/unban";
import { sampleConfig, sampleHost } from "../sampleConfig";

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
      ...{ name: sampleHost.name, address: sampleHost.address },
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
  day: "2026-11-26",
};

test.each(["zh", "en"] as const)("the application to have an IP reopened, as text, in %s", (language) => {
  expect(renderText(unbanForm(FACTS, language))).toMatchSnapshot();
});

test.each(["zh", "en"] as const)(
  "read back by another library the .docx has all of it, in %s",
  async (language) => {
    const form = unbanForm(FACTS, language);
    const { value } = await extractRawText({ buffer: await renderDocx(form) });
    for (const text of [
      form.title,
      ...form.facts.flat(),
      ...form.tables.flatMap(({ rows }) => rows.flat()),
    ]) {
      expect(value).toContain(text);
    }
  },
);

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
  const { tables, notes } = unbanForm({ ...FACTS, hosts: [{ ...host, history: many }] }, "en");
  expect(tables[1]?.rows).toHaveLength(40);
  expect(notes).toContain("5 earlier changes are left out.");
});

async function template(...lines: readonly string[]): Promise<Buffer> {
  const children = lines.map((text) => new Paragraph({ text }));
  return Packer.toBuffer(new Document({ sections: [{ children }] }));
}

const fillings = () => {
  const [whitelist, history] = unbanForm(FACTS, "zh").tables;
  if (whitelist === undefined || history === undefined) throw new Error("no tables");
  const texts = Object.entries(unbanFields(FACTS, "zh")).map(([name, [, value]]) => [name, value] as const);
  return { texts: Object.fromEntries(texts), tables: { whitelist, history } };
};

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

test.each([
  [["{{company}}"], "found {{company}}; expected some of {{customer}}"],
  [["nothing to fill"], "found no placeholder"],
])("a template with %j is refused", async (lines, words) => {
  await expect(fillTemplate(await template(...lines), fillings())).rejects.toThrow(words);
});

test("what is no .docx is refused", async () => {
  await expect(fillTemplate(Buffer.from("hello"), fillings())).rejects.toThrow("no .docx file");
});
