import { type Cell, linesOf, type Table } from "./form";

/** Ideographs and full-width marks: a line may end between any two of them. */
const WIDE = /[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]/u;

/** An address, a network, a day or a time: broken, it would be misread. Other words may end a line at a hyphen. */
const NUMBERS = /^[\d.:/-]+$/;

/** A line up to this long, without a wide character, is a name or a time rather than prose. */
const LONGEST_NAME = 24;

/** A title up to this wide, in ems, is not broken. */
const WIDEST_TITLE = 6;

/** What a column needs, in ems: with each it looks better than with the one before. */
interface Need {
  /** Nothing that would be misread is broken. */
  readonly least: number;
  /** Names have one line. */
  readonly good: number;
  /** All has one line. */
  readonly most: number;
}

/**
 * The widths of a table's columns by what stands in them, as parts of one that add up to 1. As long as there is room,
 * addresses are not broken, then names, then prose; what is missing is taken from the widest columns.
 *
 * @param room the width of the table, in ems of its text
 * @param padding beside each cell's text, in ems
 */
export function columnWidths(
  { head, rows }: Pick<Table, "head" | "rows">,
  room: number,
  padding: number,
): number[] {
  const needs = head.map((title, column): Need => {
    const cells = [title, ...rows.map((row) => row[column] ?? "")];
    const widest = (of: (cell: Cell) => number): number => padding + Math.max(...cells.map(of));
    return {
      least: widest((cell) => (cell === title ? titleWidth(title) : leastWidth(cell))),
      good: widest((cell) => (cell === title ? titleWidth(title) : goodWidth(cell))),
      most: widest(mostWidth),
    };
  });
  const widths = spread(needs, room);
  return widths.map((width) => width / sumOf(widths));
}

/** At most as wide as the room. */
function spread(needs: readonly Need[], room: number): number[] {
  const steps = [
    needs.map(() => 0),
    needs.map(({ least }) => least),
    needs.map(({ good }) => good),
    needs.map(({ most }) => most),
  ];
  const fitting = steps.filter((step) => sumOf(step) <= room).length;
  const from = steps[fitting - 1] ?? [];
  const to = steps[fitting] ?? from;
  // Each column is as wide as the next step has it, up to a level that is the same for all.
  const at = (level: number): number[] =>
    from.map((width, column) => Math.max(width, Math.min(to[column] ?? width, level)));
  const levels = [...from, ...to].filter((level) => sumOf(at(level)) <= room);
  const level = Math.max(0, ...levels);
  const growing = from.filter((width, column) => width <= level && (to[column] ?? width) > level).length;
  return growing === 0 ? at(level) : at(level + (room - sumOf(at(level))) / growing);
}

function titleWidth(title: string): number {
  return widthOf(title) <= WIDEST_TITLE ? widthOf(title) : longestPart(title);
}

/** Of several lines each is whole: it belongs to the line beside it in the next column. */
function leastWidth(cell: Cell): number {
  return typeof cell === "string" ? longestPart(cell) : mostWidth(cell);
}

function goodWidth(cell: Cell): number {
  const isName = typeof cell === "string" && cell.length <= LONGEST_NAME && !WIDE.test(cell);
  return isName ? widthOf(cell) : leastWidth(cell);
}

function mostWidth(cell: Cell): number {
  return Math.max(0, ...linesOf(cell).map(widthOf));
}

/** The widest part of a line that has no place to break it. */
function longestPart(line: string): number {
  const words = line.split(/\s+/).flatMap((word) => word.split(WIDE));
  const parts = words.flatMap((word) => (NUMBERS.test(word) ? [word] : word.split(/(?<=-)/)));
  return Math.max(WIDE.test(line) ? 1 : 0, ...parts.map(widthOf));
}

/** As Arial has it, or a little more: bold is wider, and so are its substitutes. */
function widthOf(text: string): number {
  return [...text].reduce((sum, character) => sum + widthOfOne(character), 0);
}

function widthOfOne(character: string): number {
  if (WIDE.test(character)) return 1;
  if (/[ .,:;/|'()ijlt-]/.test(character)) return 0.34;
  return /[A-Zmw@%]/.test(character) ? 0.78 : 0.58;
}

function sumOf(widths: readonly number[]): number {
  return widths.reduce((one, other) => one + other, 0);
}
