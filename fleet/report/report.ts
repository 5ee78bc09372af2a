import { toPrintable } from "../../documents/report";

/** A line as a terminal and a pull request show it, its sign in the first column. */
export interface Line {
  /** Something comes, goes, or is to be looked at; `*`: a heading of the lines after it. */
  readonly sign: "+" | "-" | "!" | "*" | " ";
  /** On one line, and nothing in it that a terminal would not show as itself. */
  readonly text: string;
}

/** Lines that belong together, below a title. */
export interface Section {
  /** Words of ours alone, and numbers. */
  readonly title: string;
  readonly lines: readonly Line[];
  /** What is looked up rather than read. */
  readonly folded: boolean;
}

/** What there is to say of a fleet, what matters most at the top; whoever shows it decides how. */
export interface Report {
  /** The command that shows all of it, by which a comment of this kind is found again too: `lqpt plan`. */
  readonly marker: string;
  readonly title: string;
  readonly head: readonly string[];
  /** None without lines. */
  readonly sections: readonly Section[];
}

export function section(title: string, lines: readonly Line[], folded = false): Section {
  return { title, lines, folded };
}

export function line(sign: Line["sign"], text: string): Line {
  return { sign, text: toPrintable(text) };
}

/** @param sections those without lines are left out */
export function report(
  marker: string,
  title: string,
  head: readonly string[],
  sections: readonly Section[],
): Report {
  return {
    marker,
    title,
    head: head.map(toPrintable),
    sections: sections.filter(({ lines }) => lines.length > 0),
  };
}
