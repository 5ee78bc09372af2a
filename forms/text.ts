import type { Language } from "../words/language";
import { type Cell, type Form, linesOf, type Table } from "./form";

/** Between a label and its value, and between the lines of one cell. */
const MARKS: Readonly<Record<Language, { readonly colon: string; readonly comma: string }>> = {
  zh: { colon: "：", comma: "、" },
  en: { colon: ": ", comma: ", " },
};

/** A form as plain text, for a mail: tables as lines whose parts a tab separates. */
export function renderText(form: Form): string {
  const { colon, comma } = MARKS[form.language];
  const joined = (cell: Cell): string => linesOf(cell).join(comma);
  const table = ({ caption, head, rows }: Table): string =>
    [caption, ...[head, ...rows].map((cells) => cells.map(joined).join("\t"))].join("\n");
  const parts = [
    form.title,
    ...form.opening,
    // Its lines may be sentences, which a comma would run together.
    form.facts.map(([label, value]) => `${label}${colon}${linesOf(value).join("\n")}`).join("\n"),
    ...form.tables.map(table),
    ...form.lists.map(({ caption, items }) => [caption, ...items.map(numbered)].join("\n")),
    form.farewell.join("\n"),
    form.signature.join("\n"),
    form.boxes.map((label) => `${label}${colon}`).join("\n"),
    ...form.annexes.map(table),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

/** An item of a list, as the .docx has it too. */
export function numbered(item: string, index: number): string {
  return `${String(index + 1)}. ${item}`;
}
