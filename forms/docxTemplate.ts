import { type IPatch, patchDetector, patchDocument, PatchType, TextRun } from "docx";
import type { Table } from "./form";
import { plain, tableGrid } from "./grid";

/** What the placeholders of a template stand for: `{{customer}}` a text, `{{whitelist}}` a table. */
export interface Fillings {
  readonly texts: Readonly<Record<string, string>>;
  /** A placeholder of these must be a paragraph of its own. */
  readonly tables: Readonly<Record<string, Table>>;
}

/**
 * Fills a .docx that somebody else made, and leaves the rest of it as it is.
 *
 * @throws Error where it is no .docx, has no placeholder, or one that nothing is known for: a form with gaps would be sent.
 */
export async function fillTemplate(template: Buffer, { texts, tables }: Fillings): Promise<Buffer> {
  const known = [...Object.keys(texts), ...Object.keys(tables)];
  const placeholders = await patchDetector({ data: template }).catch((error: unknown) => {
    throw new Error(`no .docx file: ${error instanceof Error ? error.message : String(error)}`);
  });
  const unknown = placeholders.filter((name) => !known.includes(name));
  if (unknown.length > 0 || placeholders.length === 0) {
    throw new Error(
      `found ${unknown.map(braced).join(", ") || "no placeholder"}; expected some of ${known.map(braced).join(", ")}`,
    );
  }
  const patches: [string, IPatch][] = [
    ...Object.entries(texts).map(([name, text]): [string, IPatch] => [
      name,
      { type: PatchType.PARAGRAPH, children: runsOf(text) },
    ]),
    ...Object.entries(tables).map(([name, table]): [string, IPatch] => [
      name,
      { type: PatchType.DOCUMENT, children: [tableGrid(table, "template")] },
    ]),
  ];
  const filled = await patchDocument({
    ...{ outputType: "nodebuffer", data: template, keepOriginalStyles: true },
    patches: Object.fromEntries(patches.filter(([name]) => placeholders.includes(name))),
  });
  return filled;
}

/** Lines stay lines, in the paragraph that the template has for them. */
function runsOf(text: string): TextRun[] {
  return text
    .split(/\r?\n/)
    .map((line, index) => new TextRun({ text: plain(line), ...(index > 0 ? { break: 1 } : {}) }));
}

function braced(name: string): string {
  return `{{${name}}}`;
}
