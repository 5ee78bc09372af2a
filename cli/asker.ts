import type { Language } from "../words/language";
import { QUESTION_WORDS, type QuestionWords } from "../words/questions";

/** Asks a person at a terminal. Each ends the command where the person gives up (Ctrl+C). */
export interface Asker {
  readonly words: QuestionWords;
  text(question: string): Promise<string>;
  /** Not shown while it is typed. */
  hidden(question: string): Promise<string>;
  choice<T extends string>(question: string, choices: Readonly<Record<T, string>>): Promise<T>;
  choices<T extends string>(question: string, choices: Readonly<Record<T, string>>): Promise<T[]>;
  yes(question: string): Promise<boolean>;
}

/** Only where there is a terminal. */
export async function asker(language: Language): Promise<Asker> {
  const words = QUESTION_WORDS[language];
  // Loaded here: no other command asks anything.
  const prompts = await import("@clack/prompts");
  const answered = async <T>(answer: Promise<T>): Promise<Exclude<T, symbol>> => {
    const value = await answer;
    if (prompts.isCancel(value)) throw new Error(words.cancelled);
    return value as Exclude<T, symbol>;
  };
  const { text, password, select, multiselect, confirm } = prompts;
  // What a command prints is not to be mixed with its questions.
  const output = process.stderr;
  return {
    words,
    // Of what was left empty the library says undefined.
    text: async (message) => (await answered<string | symbol | undefined>(text({ message, output }))) ?? "",
    hidden: (message) => answered(password({ message, output })),
    choice: async <T extends string>(message: string, choices: Readonly<Record<T, string>>) =>
      (await answered<string | symbol>(select({ message, output, options: optionsOf(choices) }))) as T,
    choices: async <T extends string>(message: string, choices: Readonly<Record<T, string>>) =>
      (await answered<string[] | symbol>(
        multiselect({ message, output, options: optionsOf(choices) }),
      )) as T[],
    yes: (message) => answered(confirm({ message, output, initialValue: false })),
  };
}

function optionsOf(choices: Readonly<Record<string, string>>): { value: string; label: string }[] {
  return Object.entries(choices).map(([value, label]) => ({ value, label }));
}
