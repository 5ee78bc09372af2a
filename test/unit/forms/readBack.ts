import { strFromU8, unzipSync } from "fflate";
import { extractRawText } from "mammoth";
import { type Form, linesOf, type Table } from "../../../forms/form";
import { numbered } from "../../../forms/text";

/** The lines of a .docx, as another library than its writer's finds them. */
export async function readBack(buffer: Buffer): Promise<string[]> {
  const { value, messages } = await extractRawText({ buffer });
  expect(messages).toEqual([]);
  return value.split("\n").filter((line) => line !== "");
}

/** The lines that the .docx of a form must have, in this order, and no others. */
export function linesOfForm(form: Form): string[] {
  const table = ({ caption, head, rows }: Table) => [caption, ...head, ...rows.flat().flatMap(linesOf)];
  const lines = [
    form.title,
    ...form.opening,
    ...form.facts.flat().flatMap(linesOf),
    ...form.tables.flatMap(table),
    ...form.lists.flatMap(({ caption, items }) => [caption, ...items.map(numbered)]),
    ...form.farewell,
    ...form.signature,
    ...form.boxes,
    ...form.annexes.flatMap(table),
  ];
  return lines.filter((line) => line !== "");
}

/** What Word reads. */
export function documentXml(docx: Buffer): string {
  const { "word/document.xml": xml } = unzipSync(docx);
  if (xml === undefined) throw new Error("no document.xml");
  return strFromU8(xml);
}
