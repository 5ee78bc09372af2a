/** The languages that people are spoken to in. */
export type Language = "zh" | "en";

/** The same words in each language; its type holds the languages to the same keys. */
export type Catalogue<Words> = Readonly<Record<Language, Words>>;

/** The language of a terminal, by the variables that the C library goes by. One that is empty counts as not set. */
export function languageOf({ LC_ALL, LC_MESSAGES, LANG }: NodeJS.ProcessEnv): Language {
  const locale = [LC_ALL, LC_MESSAGES, LANG].find((value) => value !== undefined && value !== "");
  return locale?.startsWith("zh") === true ? "zh" : "en";
}
