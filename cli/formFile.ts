import type * as docx from "../forms/docx";
import type { Form } from "../forms/form";

/** A form as a .docx file. Its library is loaded here, because it takes longer than all that the other commands do. */
export async function docxOf(form: Form): Promise<Buffer> {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return (require("../forms/docx") as typeof docx).renderDocx(form);
}
