import {
  HeightRule,
  type IRunOptions,
  Paragraph,
  ShadingType,
  Table as DocxTable,
  TableCell,
  TableLayoutType,
  TableRow,
  TextRun,
  VerticalAlignTable,
  WidthType,
} from "docx";
import { toPrintable } from "../documents/report";
import { columnWidths } from "./columns";
import { type Cell, type Fact, linesOf, type Table } from "./form";

/** Between the margins of an A4 page, in twentieths of a point. */
export const TEXT_WIDTH = 9638;

/** The text of tables, in half points. */
const SIZE = 19;
const EM = SIZE * 10;
const PADDING = 90;

/** What labels and heads stand on. */
const SHADE = { type: ShadingType.CLEAR, fill: "F2F2F2" };

/** The parts of the width that a label and its value have: the same in every form, so that forms look alike. */
const FACT_WIDTHS = [0.26, 0.74];

/** The same for labels with a box each, two beside each other. */
const BOX_WIDTHS = [0.2, 0.3, 0.2, 0.3];

/** The table is as wide as this form's page, or as that of a template, whose width nobody knows. */
type Page = "ours" | "template";

/** Facts as a table, the labels shaded. */
export function factGrid(facts: readonly Fact[]): DocxTable {
  const rows = facts.map((fact) => row(fact, { isLabel: (column) => column === 0 }));
  return gridOf(rows, FACT_WIDTHS, "ours");
}

/** Labels, two a row, each with a box to write or sign in. */
export function boxGrid(labels: readonly string[]): DocxTable {
  const pairs = labels.flatMap((label, index) =>
    index % 2 === 0 ? [[label, "", labels[index + 1] ?? "", ""]] : [],
  );
  const rows = pairs.map((cells, index) =>
    row(cells, { isLabel: (column) => column % 2 === 0, height: 500, keepNext: index < pairs.length - 1 }),
  );
  return gridOf(rows, BOX_WIDTHS, "ours");
}

/**
 * A table with its head, which stands on each page again.
 *
 * @param alike those with the same columns: they are made equally wide, as one below the other they are compared
 */
export function tableGrid({ head, rows }: Table, page: Page, alike: readonly Table[] = []): DocxTable {
  const all = [...rows, ...alike.flatMap((table) => table.rows)];
  const widths = columnWidths({ head, rows: all }, TEXT_WIDTH / EM, (2 * PADDING) / EM);
  const lines = [row(head, { isHead: true }), ...rows.map((cells) => row(cells, {}))];
  return gridOf(lines, widths, page);
}

function gridOf(rows: readonly TableRow[], widths: readonly number[], page: Page): DocxTable {
  const [size, type] = page === "ours" ? [TEXT_WIDTH, WidthType.DXA] : [100, WidthType.PERCENTAGE];
  return new DocxTable({
    width: { size, type },
    columnWidths: widths.map((width) => Math.floor(width * TEXT_WIDTH)),
    // Word would go by the contents, and break an address in a column that it finds too narrow for the rest.
    layout: page === "ours" ? TableLayoutType.FIXED : TableLayoutType.AUTOFIT,
    margins: { left: PADDING, right: PADDING, top: 40, bottom: 40, marginUnitType: WidthType.DXA },
    rows: [...rows],
  });
}

interface RowOptions {
  /** Whether it is the table's head: all of it labels, on each page again. */
  readonly isHead?: boolean;
  /** Which of its cells say what the others are. */
  readonly isLabel?: (column: number) => boolean;
  /** At least, in twentieths of a point. */
  readonly height?: number;
  /** Whether it is on one page with the row after it. */
  readonly keepNext?: boolean;
}

function row(cells: readonly Cell[], options: RowOptions): TableRow {
  const { isHead = false, isLabel = () => isHead, height, keepNext = isHead } = options;
  return new TableRow({
    tableHeader: isHead,
    cantSplit: true,
    ...(height === undefined ? {} : { height: { value: height, rule: HeightRule.ATLEAST } }),
    children: cells.map((cell, column) => {
      const isBold = isLabel(column);
      return new TableCell({
        verticalAlign: VerticalAlignTable.CENTER,
        ...(isBold ? { shading: SHADE } : {}),
        children: paragraphsOf(cell).map((line) => {
          const run: IRunOptions = { text: plain(line), bold: isBold, size: SIZE };
          return new Paragraph({ keepNext, children: [new TextRun(run)] });
        }),
      });
    }),
  });
}

/** A cell without a paragraph makes Word refuse the file. */
function paragraphsOf(cell: Cell): readonly string[] {
  const lines = linesOf(cell);
  return lines.length === 0 ? [""] : lines;
}

/** Text that any file can hold: a character that XML has no way to write makes Word refuse all of it. */
export function plain(text: string): string {
  return toPrintable(text);
}
