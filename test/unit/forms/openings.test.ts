import { extractRawText } from "mammoth";
import type { StackConfig } from "../../../config/types";
import { renderDocx } from "../../../forms/docx";
import { openingsForm } from "../../../forms/openings";
import { renderText } from "../../../forms/text";
import { sampleConfig, sampleHost } from "../sampleConfig";

const CONFIG: StackConfig = {
  ...sampleConfig(),
  customer: { name: "某某有限公司", creditCode: "91310000MA1FL0001X" },
  registeredIp: "203.0.113.10",
  hosts: [sampleHost, { ...sampleHost, name: "proxy-2", address: "203.0.113.11" }],
};

test.each(["zh", "en"] as const)("the application for openings, as text, in %s", (language) => {
  expect(renderText(openingsForm(CONFIG, language))).toMatchSnapshot();
});

test("a host without DNS is let through to addresses, one line each", () => {
  const config = { ...CONFIG, leqi: { ...CONFIG.leqi, addresses: ["192.0.2.1", "192.0.2.2"] } };
  const [, outbound] = openingsForm(config, "en").tables;
  expect(outbound?.rows.map(([, , destination]) => destination)).toEqual([
    ...["192.0.2.1", "192.0.2.2", "192.0.2.1", "192.0.2.2"],
  ]);
});

test("every row is as long as its table's head", () => {
  for (const { head, rows } of openingsForm(CONFIG, "zh").tables) {
    expect(new Set(rows.map((row) => row.length))).toEqual(new Set([head.length]));
  }
});

test.each(["zh", "en"] as const)(
  "read back by another library the .docx has all of it, in %s",
  async (language) => {
    const form = openingsForm(CONFIG, language);
    const { value, messages } = await extractRawText({ buffer: await renderDocx(form) });
    const found = value.split("\n").filter((line) => line !== "");
    expect(found).toEqual([
      form.title,
      ...form.facts.flat(),
      ...form.tables.flatMap(({ caption, head, rows }) => [caption, ...head, ...rows.flat()]),
      ...form.notes.map((note, index) => `${String(index + 1)}. ${note}`),
    ]);
    expect(messages).toEqual([]);
  },
);
