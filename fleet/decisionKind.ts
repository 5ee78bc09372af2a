import { IMPORT_WORDS, type ImportWords } from "../words/import";
import type { Decision } from "./takeOver";

/** A decision for programs. */
export interface ToldDecision {
  /** Which of the catalogue's sentences it is: `allowed`, `open`. */
  readonly kind: string;
  /** In English. */
  readonly text: string;
}

/** Tells programs a decision: a sentence may be worded anew any day, and its name in the catalogue stays. */
export function toldDecision(decision: Decision): ToldDecision {
  const names = new Map<string, string>();
  // Whatever is said is noted, also what stands within it; by its text the whole is found.
  const words = Object.fromEntries(
    Object.entries(IMPORT_WORDS.en).map(([name, word]: [string, unknown]) => [
      name,
      noting(name, word, names),
    ]),
  ) as unknown as ImportWords;
  const text = decision(words);
  return { kind: names.get(text) ?? "other", text };
}

function noting(name: string, word: unknown, names: Map<string, string>): unknown {
  if (typeof word !== "function") return word;
  return (...facts: readonly unknown[]) => {
    const said = (word as (...facts: readonly unknown[]) => unknown)(...facts);
    if (typeof said === "string") names.set(said, name);
    return said;
  };
}
