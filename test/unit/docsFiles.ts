import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { ROOT } from "./config/stacks";

/** A fenced block of a page. */
export interface Block {
  readonly language: string;
  /** Without the indentation of its fence. */
  readonly content: string;
}

export function text(file: string): string {
  return readFileSync(join(ROOT, file), "utf8");
}

export function filesIn(folder: string, extension: string): string[] {
  const files = readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" });
  return files
    .filter((file) => file.endsWith(extension))
    .map((file) => join(folder, file))
    .sort();
}

const FENCED = /^( *)```(\w*)\n([\s\S]*?)^\1```$/gm;

/** In the order of the page; one that belongs to an item of a list is indented as that is. */
export function fenced(markdown: string): Block[] {
  return [...markdown.matchAll(FENCED)].map(([, indent = "", language = "", content = ""]) => ({
    language,
    content: content.replaceAll(new RegExp(`^${indent}`, "gm"), ""),
  }));
}

/** The contents of the fenced blocks of one language. */
export function blocks(markdown: string, language: string): string[] {
  return fenced(markdown)
    .filter((block) => block.language === language)
    .map(({ content }) => content);
}

/** A page without its fenced blocks. */
export function outsideBlocks(markdown: string): string {
  return markdown.replace(FENCED, "");
}

/** What stands between backticks in a page's text. */
export function codeWords(markdown: string): string[] {
  return [...outsideBlocks(markdown).matchAll(/`([^`\n]+)`/g)].map(([, code = ""]) => code);
}

export function proseOf(markdown: string): string {
  return outsideBlocks(markdown).replace(/`[^`\n]*`/g, "code");
}

/** Where a page's links and pictures lead, as they are written. */
export function linksOf(markdown: string): string[] {
  return [...proseOf(markdown).matchAll(/\]\(([^)\s]+)\)/g)].map(([, to = ""]) => to);
}

/** The file and the heading that a page's link leads to; undefined where it leaves the project. */
export function targetOf(
  file: string,
  link: string,
): { readonly file: string; readonly anchor: string | undefined } | undefined {
  if (/^https?:/.test(link)) return undefined;
  const [path = "", anchor] = link.split("#");
  return { file: path === "" ? file : relative(ROOT, join(ROOT, dirname(file), path)), anchor };
}

/** What GitHub makes of a page's headings. */
export function anchorsOf(markdown: string): string[] {
  const headings = [...outsideBlocks(markdown).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading.toLowerCase(),
  );
  return headings.map((heading) => heading.replace(/[^\p{L}\p{M}\p{N}_\s-]/gu, "").replaceAll(" ", "-"));
}
