import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DOCUMENT_FORMAT } from "../../../documents/document";
import { ORDER_FORMAT } from "../../../documents/nginxOrder";

it.each([
  ["the document's", "document.sh", `DOCUMENT_FORMAT=${DOCUMENT_FORMAT}`],
  ["the order's", "brought.sh", `ORDER_FORMAT=${ORDER_FORMAT}`],
])("%s format is the same for who writes it and who reads it", (_, file, line) => {
  const reader = readFileSync(join(__dirname, "../../../host", file), "utf8");
  expect(reader).toContain(`\n${line}\n`);
});
