import type { Line, Report, Section } from "./report";
import type { Language } from "../../words/language";
import { SHARED_WORDS } from "../../words/shared";

/** A comment of a pull request may have 65,536 characters; what a runner puts around it needs some too. */
const MOST_CHARACTERS = 59_000;

/**
 * A report for a terminal.
 *
 * @param colour puts a line into the colour of its sign
 */
export function renderText(report: Report, colour: (line: Line, text: string) => string): string {
  const sections = report.sections.map(({ title, lines }) =>
    [title, ...lines.map((line) => colour(line, `  ${line.sign} ${line.text}`))].join("\n"),
  );
  return `${[report.head.join("\n"), ...sections].join("\n\n")}\n`;
}

/**
 * A report for a pull request, as Markdown. Whatever a stack's file says stands in a fenced block that it cannot end, so
 * it stays text. The sections share the room: those at the top, which matter most, have theirs first.
 */
export function renderMarkdown(report: Report, language: Language): string {
  const more = (count: number): string => SHARED_WORDS[language].more(count, report.marker);
  // By it the same comment is found again: the whole first line, no beginning of one.
  const head = [`<!-- ${report.marker} -->`, `### ${report.title}`, "", fenced(report.head), ""].join("\n");
  let room = MOST_CHARACTERS - head.length;
  const parts = report.sections.map((section) => {
    const part = markdownSection(section, room, more);
    room -= part.length;
    return part;
  });
  return head + parts.join("");
}

/** What stands around a section's lines, and how much of the room it takes at most. */
const AROUND = 300;

function markdownSection(
  { title, lines, folded }: Section,
  room: number,
  more: (count: number) => string,
): string {
  const shown: string[] = [];
  let left = room - AROUND;
  for (const { sign, text } of lines) {
    const one = `${sign} ${text}`;
    left -= one.length + 1;
    if (left < 0) break;
    shown.push(one);
  }
  if (shown.length < lines.length) shown.push(`  ${more(lines.length - shown.length)}`);
  const block = fenced(shown, "diff");
  return folded
    ? `<details><summary>${title}</summary>\n\n${block}\n\n</details>\n`
    : `#### ${title}\n\n${block}\n\n`;
}

/** Lines that stand as they are: the fence is longer than any run of backticks among them. */
function fenced(lines: readonly string[], language = "text"): string {
  const text = lines.join("\n");
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}
