import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DOCUMENT_FORMAT } from "../../../documents/document";

describe("the document's format", () => {
  it("is the same for who writes it and who reads it", () => {
    const reader = readFileSync(join(__dirname, "../../../host/document.sh"), "utf8");
    expect(reader).toContain(`\nDOCUMENT_FORMAT=${String(DOCUMENT_FORMAT)}\n`);
  });
});
