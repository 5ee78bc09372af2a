import {
  AlignmentType,
  Document,
  Footer,
  HeadingLevel,
  type IParagraphOptions,
  LineRuleType,
  Packer,
  PageNumber,
  Paragraph,
  TextRun,
} from "docx";
import type { Language } from "../words/language";
import type { Form, NumberedList, Table } from "./form";
import { boxGrid, factGrid, plain, tableGrid, TEXT_WIDTH } from "./grid";
import { numbered } from "./text";

/** Typefaces of Windows, for which LibreOffice has substitutes; the Chinese one is that of letters to offices. */
const FONT = { ascii: "Arial", hAnsi: "Arial", eastAsia: "SimSun", cs: "Arial" };

/** A4 upright, with margins of 2 cm at its sides. */
const PAGE = {
  size: { width: 11906, height: 16838 },
  margin: { top: 907, bottom: 907, left: 1134, right: 1134 },
};

/** A form as a .docx file. */
export async function renderDocx(form: Form): Promise<Buffer> {
  const { language, title, opening, facts, tables, lists, farewell, signature, boxes, annexes } = form;
  const children = [
    line(title, { heading: HeadingLevel.TITLE, alignment: AlignmentType.CENTER }),
    ...opening.map((text) => line(text, { spacing: { after: 120, line: 340 } })),
    factGrid(facts),
    ...tables.flatMap((table) => captioned(table, {}, alike(table, tables))),
    ...lists.flatMap(list),
    ...farewell.map((text, index) =>
      line(text, { keepNext: true, spacing: { before: index === 0 ? 240 : 60 } }),
    ),
    ...signature.map((text, index) => signed(text, index === signature.length - 1)),
    ...(boxes.length === 0
      ? []
      : [line("", { spacing: { line: 160, lineRule: LineRuleType.EXACT }, keepNext: true }), boxGrid(boxes)]),
    ...annexes.flatMap((table, index) => captioned(table, { pageBreakBefore: index === 0 })),
  ];
  const heading = { font: FONT, bold: true, color: "000000" };
  const document = new Document({
    title: plain(title),
    creator: "lqpt",
    // Without it, Word takes the file for one of 2007, and moves tables out of line with the text.
    compatibility: { version: 15 },
    styles: {
      default: {
        document: { run: { font: FONT, size: 21 } },
        title: { run: { ...heading, size: 34 }, paragraph: { spacing: { after: 200 } } },
        heading2: {
          run: { ...heading, size: 23 },
          paragraph: { keepNext: true, spacing: { before: 260, after: 100 } },
        },
      },
    },
    sections: [{ properties: { page: PAGE }, footers: { default: pageNumbers(language) }, children }],
  });
  return Packer.toBuffer(document);
}

function captioned(table: Table, options: IParagraphOptions, alike: readonly Table[] = []) {
  const caption = line(table.caption, { heading: HeadingLevel.HEADING_2, ...options });
  return [caption, tableGrid(table, "ours", alike)];
}

function alike({ head }: Table, tables: readonly Table[]): Table[] {
  return tables.filter((table) => table.head.join("\t") === head.join("\t"));
}

function list({ caption, items }: NumberedList): Paragraph[] {
  return [
    line(caption, { heading: HeadingLevel.HEADING_2 }),
    ...items.map((item, index) =>
      line(numbered(item, index), { spacing: { after: 60, line: 300 }, indent: { left: 240, hanging: 240 } }),
    ),
  ];
}

/** On the right half of the page, apart enough for a hand and a stamp, and on one page. */
function signed(text: string, isLast: boolean): Paragraph {
  const half = Math.round(TEXT_WIDTH * 0.45);
  return line(text, { indent: { left: half }, spacing: { before: 280 }, keepNext: !isLast });
}

function line(text: string, options: IParagraphOptions): Paragraph {
  return new Paragraph({ ...options, children: [new TextRun(plain(text))] });
}

function pageNumbers(language: Language): Footer {
  const { CURRENT, TOTAL_PAGES } = PageNumber;
  const children =
    language === "zh" ? ["第 ", CURRENT, " 页，共 ", TOTAL_PAGES, " 页"] : [CURRENT, " / ", TOTAL_PAGES];
  const run = new TextRun({ children, size: 18 });
  return new Footer({ children: [new Paragraph({ alignment: AlignmentType.CENTER, children: [run] })] });
}
