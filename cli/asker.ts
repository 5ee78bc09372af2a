import type { Language } from "../words/language";
import type { AnswerCheck } from "./newChecks";
import { QUESTION_WORDS, type QuestionWords } from "../words/questions";

/** Asks a person at a terminal. Each ends the command where the person gives up (Ctrl+C). */
export interface Asker {
  readonly words: QuestionWords;
  /** @param check why an answer cannot stand: it is said, and the same is asked again */
  text(question: string, check?: AnswerCheck): Promise<string>;
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
  // What a command prints is not to be mixed with its questions.
  const output = process.stderr;
  const answered = async <T>(answer: Promise<T>): Promise<Exclude<T, symbol>> => {
    const value = await answer;
    if (!prompts.isCancel(value)) return value as Exclude<T, symbol>;
    prompts.cancel(words.cancelled, { output });
    throw new Error("given up at a question");
  };
  const { text, password, select, multiselect, confirm } = prompts;
  // The library's own instructions are in English alone.
  const shown = (question: string, how: string, choices: Readonly<Record<string, string>>) => ({
    ...{ message: `${question} (${how})`, options: optionsOf(choices), showInstructions: false, output },
  });
  return {
    words,
    text: async (message, check) => {
      const validate = (answer: string | undefined): string | undefined => check?.(trimmed(answer));
      return trimmed(await answered<string | symbol | undefined>(text({ message, output, validate })));
    },
    hidden: (message) => answered(password({ message, output })),
    choice: async <T extends string>(message: string, choices: Readonly<Record<T, string>>) =>
      (await answered<string | symbol>(select(shown(message, words.pickOne, choices)))) as T,
    choices: async <T extends string>(message: string, choices: Readonly<Record<T, string>>) => {
      const asked = { ...shown(message, words.pickSome, choices), required: false };
      for (;;) {
        const some = (await answered<string[] | symbol>(multiselect(asked))) as T[];
        if (some.length > 0) return some;
        prompts.log.error(words.atLeastOne, { output });
      }
    },
    yes: (message) =>
      answered(confirm({ message, output, initialValue: false, active: words.yes, inactive: words.no })),
  };
}

/** Of what was left empty the library says undefined; blanks at the ends are nobody's intention. */
function trimmed(answer: string | undefined): string {
  return answer?.trim() ?? "";
}

function optionsOf(choices: Readonly<Record<string, string>>): { value: string; label: string }[] {
  return Object.entries(choices).map(([value, label]) => ({ value, label }));
}
