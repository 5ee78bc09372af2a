import { renderDocx } from "../../../forms/docx";
import type { Form } from "../../../forms/form";
import { openingsForm } from "../../../forms/openings";
import { sampleConfig, sampleHost, source } from "../sampleConfig";
import { documentXml, linesOfForm, readBack } from "./readBack";

/** What ends an element, begins one, or would be an instruction to Word or a spreadsheet. */
const HOSTILE = `</w:t></w:r><w:r><w:t>"&amp;' ]]> <!-- {{customer}} =cmd|'/c calc'!A1`;

const hostile = (text: string): Form =>
  openingsForm(
    sampleConfig({
      customer: { name: text, creditCode: undefined },
      sources: [source("203.0.113.9", { owner: text })],
      hosts: [{ ...sampleHost, bastion: { ...sampleHost, name: text, address: text } }],
      leqi: { ...sampleConfig().leqi, host: text },
    }),
    "zh",
  );

test("what a config says is text in the .docx, whatever it looks like", async () => {
  const form = hostile(HOSTILE);
  const lines = await readBack(await renderDocx(form));
  expect(lines).toEqual(linesOfForm(form));
  expect(lines.filter((line) => line === HOSTILE)).toHaveLength(5);
});

test("a character that XML cannot hold, or that hides text, is seen and harms nothing", async () => {
  const lines = await readBack(await renderDocx(hostile("a\u0000b\u001bc\u202ed\ud800e")));
  expect(lines).toContain("a?b?c?d?e");
});

describe("every table of a .docx", () => {
  const config = sampleConfig({
    hosts: [sampleHost, { ...sampleHost, name: "proxy-2", address: "203.0.113.11" }],
  });
  const form = openingsForm(config, "zh");
  const tablesOf = async () => documentXml(await renderDocx(form)).match(/<w:tbl>.*?<\/w:tbl>/gs) ?? [];

  it("is as wide as the page, its columns with it", async () => {
    const tables = await tablesOf();
    expect(tables).toHaveLength(form.tables.length + 2);
    for (const table of tables) {
      expect(table).toContain('<w:tblW w:type="dxa" w:w="9638"/>');
      expect(table).toContain('<w:tblLayout w:type="fixed"/>');
      const columns = [...table.matchAll(/<w:gridCol w:w="(\d+)"\/>/g)].map(([, width]) => Number(width));
      const sum = columns.reduce((one, other) => one + other, 0);
      expect(sum).toBeLessThanOrEqual(9638);
      expect(sum).toBeGreaterThan(9638 - columns.length - 1);
    }
  });

  it("has no row that a page's end splits, and its head on each page", async () => {
    const tables = await tablesOf();
    for (const table of tables) {
      expect(table.match(/<w:cantSplit\/>/g)).toHaveLength((table.match(/<w:tr>/g) ?? []).length);
    }
    const heads = tables.map((table) => (table.match(/<w:tblHeader\/>/g) ?? []).length);
    expect(heads).toEqual([0, ...form.tables.map(() => 1), 0]);
  });

  it("has the same columns where it has the same head", async () => {
    const grids = (await tablesOf())
      .slice(1, -1)
      .map((table) => /<w:tblGrid>.*?<\/w:tblGrid>/s.exec(table)?.[0]);
    expect(new Set(grids).size).toBe(1);
  });
});
