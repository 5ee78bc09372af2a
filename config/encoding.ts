import { ConfigError, type ConfigIssue } from "./errors";

/**
 * A file's text. Bytes that are no UTF-8 are refused, and not replaced: a customer's name or an owner that nobody can
 * read any more would go on into forms and documents.
 *
 * @throws ConfigError with the first such line; nothing of it is shown, since it may hold a secret.
 */
export function decodeText(file: string, bytes: Buffer): string {
  const text = decoded(bytes);
  if (text !== undefined) return text;
  throw new ConfigError([hasUtf16Mark(bytes) ? utf16Issue(file) : otherIssue(file, bytes)]);
}

function decoded(bytes: Buffer): string | undefined {
  try {
    // With its byte order mark, which the readers of YAML know.
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** What Windows calls "Unicode" when it saves a text. */
function hasUtf16Mark(bytes: Buffer): boolean {
  return ["fffe", "feff"].includes(bytes.toString("hex", 0, 2));
}

function utf16Issue(file: string): ConfigIssue {
  return issue(file, "the file itself", "this is UTF-16, and not UTF-8", "UTF-16");
}

function otherIssue(file: string, bytes: Buffer): ConfigIssue {
  const problem = "this is not UTF-8; in GBK, as editors on a Chinese Windows save it, Chinese is such bytes";
  // GB18030 holds all of GBK and of GB2312.
  return issue(file, `line ${lineOf(bytes)}`, problem, "GB18030");
}

/** The first line that is no UTF-8: no character of several bytes has a line feed among them. */
function lineOf(bytes: Buffer): number {
  let line = 1;
  for (let from = 0; ; line += 1) {
    const end = bytes.indexOf("\n", from);
    if (end < 0 || decoded(bytes.subarray(from, end)) === undefined) return line;
    from = end + 1;
  }
}

function issue(file: string, path: string, problem: string, encoding: string): ConfigIssue {
  const mended = `iconv -f ${encoding} -t UTF-8 '${file}' > '${file}.new' && mv '${file}.new' '${file}'`;
  return {
    ...{ file, path, problem, allowed: "a file in UTF-8" },
    found: "bytes that are not shown",
    next: `${mended}; then read whether its Chinese is right, and set the editor to UTF-8`,
  };
}
