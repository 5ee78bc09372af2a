import type { Language } from "../words/language";

/** What stands in one place of a table: a text, or several that belong together, a line each. */
export type Cell = string | readonly string[];

/** A form as it is filled in, whatever it is written as. Its parts stand in this order; an empty one is left out. */
export interface Form {
  readonly language: Language;
  readonly title: string;
  /** To whom it goes and what it is about, a paragraph each. */
  readonly opening: readonly string[];
  /** A label and what stands there. */
  readonly facts: readonly Fact[];
  readonly tables: readonly Table[];
  /** What must be borne in mind, or is asked for. */
  readonly lists: readonly NumberedList[];
  /** The words that a letter ends with, a line each. */
  readonly farewell: readonly string[];
  /** Who signs, and when, a line each; beside it is room for a stamp. */
  readonly signature: readonly string[];
  /** What is signed and written in by hand: labels, each with an empty box beside it. */
  readonly boxes: readonly string[];
  /** The proof, behind the signature, so that a letter's own words are on its first page. */
  readonly annexes: readonly Table[];
}

export type Fact = readonly [label: string, value: Cell];

export interface Table {
  readonly caption: string;
  readonly head: readonly string[];
  /** Each as long as the head. */
  readonly rows: readonly (readonly Cell[])[];
}

export interface NumberedList {
  readonly caption: string;
  readonly items: readonly string[];
}

/** The lines of a cell. */
export function linesOf(cell: Cell): readonly string[] {
  return typeof cell === "string" ? [cell] : cell;
}
