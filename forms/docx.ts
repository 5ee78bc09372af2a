import {
  AlignmentType,
  Document,
  HeadingLevel,
  type IRunOptions,
  Packer,
  Paragraph,
  Table as DocxTable,
  TableCell,
  TableRow,
  TextRun,
  WidthType,
} from "docx";
import type { Form, Table } from "./form";

/** A typeface that Windows and LibreOffice both have a substitute for, Chinese included. */
const FONT = { ascii: "Arial", hAnsi: "Arial", eastAsia: "SimSun", cs: "Arial" };

/** A form as a .docx file. */
export async function renderDocx({ title, facts, tables, notes }: Form): Promise<Buffer> {
  const children = [
    new Paragraph({ text: title, heading: HeadingLevel.TITLE, alignment: AlignmentType.CENTER }),
    grid(facts.map(([label, value]) => [label, value])),
    ...tables.flatMap(({ caption, head, rows }: Table) => [
      new Paragraph({ text: caption, heading: HeadingLevel.HEADING_2, spacing: { before: 240, after: 120 } }),
      grid([head, ...rows], true),
    ]),
    ...notes.map(
      (note, index) => new Paragraph({ text: `${String(index + 1)}. ${note}`, spacing: { before: 120 } }),
    ),
  ];
  const document = new Document({
    title,
    creator: "lqpt",
    styles: { default: { document: { run: { font: FONT, size: 21 } } } },
    sections: [{ children }],
  });
  return Packer.toBuffer(document);
}

/** Rows as a table of the whole width; the first is its head, where it has one, and stands on each page. */
export function grid(rows: readonly (readonly string[])[], hasHead = false): DocxTable {
  return new DocxTable({
    width: { size: 100, type: WidthType.PERCENTAGE },
    rows: rows.map(
      (cells, index) =>
        new TableRow({
          tableHeader: hasHead && index === 0,
          children: cells.map((text) => new TableCell({ children: [cell(text, hasHead && index === 0)] })),
        }),
    ),
  });
}

function cell(text: string, isHead: boolean): Paragraph {
  const run: IRunOptions = { text, bold: isHead };
  return new Paragraph({ children: [new TextRun(run)] });
}
