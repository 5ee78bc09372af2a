import { InvalidArgumentError } from "commander";
import type * as docx from "../forms/docx";
import type { Form } from "../forms/form";

/** A form as a .docx file. Its library is loaded here, because it takes longer than all that the other commands do. */
export async function docxOf(form: Form): Promise<Buffer> {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return (require("../forms/docx") as typeof docx).renderDocx(form);
}

/** Reads the name of a file that is to be one: under another ending no program would open it. */
export function docxName(text: string): string {
  if (/\.docx$/i.test(text)) return text;
  throw new InvalidArgumentError(
    "expected a name that ends in .docx: a Word document is what is written, and Word or WPS makes a PDF of it",
  );
}
