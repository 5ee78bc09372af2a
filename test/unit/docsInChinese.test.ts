import { dirname, join, relative } from "node:path";
import { codeWords, fenced, filesIn, linksOf, outsideBlocks, targetOf, text } from "./docsFiles";

/** Pages that are in one language alone. */
const ONE_LANGUAGE = /^docs\/(zh|decisions)\//;

const ENGLISH = ["README.md", ...filesIn("docs", ".md").filter((file) => !ONE_LANGUAGE.test(file))];
const PAIRS = ENGLISH.map((english) => [english, inChinese(english)] as const);

/** Languages in which `#` begins a comment, which is translated. */
const COMMENTED = ["yaml", "sh", ""];

const CJK = "[\\u3400-\\u9fff]";

describe("the docs in Chinese", () => {
  it("are all that there are in English, but for the decisions and what is for contributors", () => {
    const chinese = ["README.zh-CN.md", ...filesIn("docs/zh", ".md")];
    expect(PAIRS.map(([, file]) => file).sort()).toEqual(chinese.sort());
  });

  it.each(PAIRS)("%s and %s lead to each other by their first lines", (english, chinese) => {
    const to = (from: string, file: string): string => relative(dirname(from), file);
    expect(text(english).split("\n")[0]).toBe(`English · [中文](${to(english, chinese)})`);
    expect(text(chinese).split("\n")[0]).toBe(`[English](${to(chinese, english)}) · 中文`);
  });

  it.each(PAIRS)("%s and %s have the same headings, by level", (english, chinese) => {
    expect(levelsOf(chinese)).toEqual(levelsOf(english));
  });

  it.each(PAIRS)("%s and %s have the same blocks of code, but for comments", (english, chinese) => {
    expect(codeOf(chinese)).toEqual(codeOf(english));
  });

  it.each(PAIRS)("%s and %s name the same keys, codes, commands and files", (english, chinese) => {
    expect(namesOf(chinese)).toEqual(namesOf(english));
  });

  it.each(PAIRS)("%s and %s have as many rows of tables and items of lists", (english, chinese) => {
    expect(countsOf(chinese)).toEqual(countsOf(english));
  });

  it.each(PAIRS)(
    "%s and %s have the same links and pictures, each to its own language's page",
    (english, chinese) => {
      const own = linkedFrom(chinese).map((file) => (ENGLISH.includes(file) ? inChinese(file) : file));
      // Only the first line leads to the other language.
      expect(linkedFrom(chinese).filter((file) => ENGLISH.includes(file))).toEqual([english]);
      expect(own.map(plain).sort()).toEqual(linkedFrom(english).map(plain).sort());
    },
  );

  it.each(PAIRS)("nothing of %s is left untranslated in %s", (_, chinese) => {
    // A name alone is the same in both.
    const left = textOf(chinese).filter(
      (line) => /[a-z]{2,} [a-z]{2,}/.test(line) && !new RegExp(CJK).test(line),
    );
    expect(left).toEqual([]);
  });

  it.each(PAIRS)(
    "as %s is no Chinese, %s is: with full-width punctuation, and emphasis that GitHub shows",
    (_, chinese) => {
      const lines = textOf(chinese);
      expect(lines.filter((line) => new RegExp(`${CJK}[,;:!?]|${CJK}\\.(\\s|$)`).test(line))).toEqual([]);
      expect(text(chinese).split("\n").filter(hasLostEmphasis)).toEqual([]);
    },
  );
});

function inChinese(english: string): string {
  return english === "README.md" ? "README.zh-CN.md" : join("docs/zh", relative("docs", english));
}

function levelsOf(file: string): string[] {
  return [...outsideBlocks(text(file)).matchAll(/^(#+) /gm)].map(([, level = ""]) => level);
}

function codeOf(file: string): object[] {
  return fenced(text(file)).map(({ language, content }) => ({
    language,
    content: COMMENTED.includes(language) ? content.replaceAll(/(^|\s+)#.*$/gm, "") : content,
  }));
}

function namesOf(file: string): string[] {
  return [...new Set(codeWords(text(file)))].sort();
}

function countsOf(file: string): object {
  const lines = outsideBlocks(text(file)).split("\n");
  const count = (pattern: RegExp): number => lines.filter((line) => pattern.test(line)).length;
  return { rows: count(/^\|/), bullets: count(/^ *- /), steps: count(/^ *\d+\. /) };
}

function linkedFrom(file: string): string[] {
  return linksOf(text(file)).map((link) => targetOf(file, link)?.file ?? link);
}

/** Pages and pictures by one name for both languages. */
function plain(file: string): string {
  return file
    .replace(/^README\.zh-CN\.md$/, "README.md")
    .replace(/^docs\/zh\//, "docs/")
    .replace(/\.zh\.svg$/, ".svg");
}

/** What a person reads: lines and cells, without code, links' targets and the first line. */
function textOf(file: string): string[] {
  const [, ...lines] = outsideBlocks(text(file)).split("\n");
  return lines.flatMap((line) =>
    line
      .replaceAll(/`[^`]*`/g, "")
      .replaceAll(/\]\([^)]*\)/g, "]")
      .split("|"),
  );
}

/** Whether a `**` stands between a mark and a letter in the way that it neither opens nor closes: `**如此。**之后`. */
function hasLostEmphasis(line: string): boolean {
  const parts = line.split("**");
  return parts.some((part, index) => {
    if (index % 2 === 0) return false;
    const opens = !/^[\p{P}\p{S}]/u.test(part) || !/[\p{L}\p{N}]$/u.test(parts[index - 1] ?? "");
    const closes = !/[\p{P}\p{S}]$/u.test(part) || !/^[\p{L}\p{N}]/u.test(parts[index + 1] ?? "");
    return !opens || !closes;
  });
}
