import { existsSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./config/stacks";
import { filesIn, text } from "./docsFiles";

const FOLDER = "docs/diagrams";
const DRAWINGS = filesIn(FOLDER, ".dot");
/** Each has one with Chinese words beside it. */
const ENGLISH = DRAWINGS.filter((file) => !file.endsWith(".zh.dot"));

describe("a diagram", () => {
  it("is drawn from a text that is there, and the other way round", () => {
    expect(ENGLISH.length).toBeGreaterThan(1);
    expect(filesIn(FOLDER, ".svg")).toEqual(DRAWINGS.map((file) => file.replace(/dot$/, "svg")));
  });

  it.each(DRAWINGS)(
    "%s: its picture has the same words and arrows; else draw it anew, as its first line says",
    (file) => {
      const dot = text(file);
      const svg = text(file.replace(/dot$/, "svg"));
      expect(wordsOfPicture(svg)).toEqual(wordsOf(dot));
      expect(arrowsOfPicture(svg)).toEqual(arrowsOf(dot));
    },
  );

  it.each(ENGLISH)("%s: has the same arrows, and as many words, in Chinese", (file) => {
    const chinese = file.replace(/dot$/, "zh.dot");
    expect(existsSync(join(ROOT, chinese))).toBe(true);
    expect(arrowsOf(text(chinese))).toEqual(arrowsOf(text(file)));
    expect(labelsOf(text(chinese))).toHaveLength(labelsOf(text(file)).length);
  });

  it.each(DRAWINGS)("%s: needs no typeface of its own", (file) => {
    const faces = [...text(file.replace(/dot$/, "svg")).matchAll(/font-family="([^"]*)"/g)].map(
      ([, face]) => face,
    );
    expect(new Set(faces)).toEqual(new Set(["sans-serif"]));
  });
});

function labelsOf(dot: string): string[] {
  return [...dot.matchAll(/\blabel="([^"]*)"/g)].map(([, label = ""]) => label);
}

/** Its labels, a line of theirs each. */
function wordsOf(dot: string): string[] {
  return labelsOf(dot)
    .flatMap((label) => label.split("\\n"))
    .sort();
}

function wordsOfPicture(svg: string): string[] {
  return [...svg.matchAll(/<text [^>]*>([^<]*)<\/text>/g)].map(([, words = ""]) => unescaped(words)).sort();
}

/** `from->to`, but for those that are there for the layout alone. */
function arrowsOf(dot: string): string[] {
  const arrows = [...dot.matchAll(/^ *(\w+) -> (\w+)(.*);$/gm)];
  return arrows
    .filter(([, , , attributes = ""]) => !attributes.includes("style=invis"))
    .map(([, from = "", to = ""]) => `${from}->${to}`)
    .sort();
}

function arrowsOfPicture(svg: string): string[] {
  const titles = [...svg.matchAll(/<g [^>]*class="edge">\s*<title>([^<]*)<\/title>/g)];
  return titles.map(([, title = ""]) => unescaped(title)).sort();
}

function unescaped(markup: string): string {
  const named: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"' };
  return markup.replace(/&(?:#(\d+)|(\w+));/g, (_, code: string | undefined, name: string) =>
    code === undefined ? (named[name] ?? name) : String.fromCodePoint(Number(code)),
  );
}
