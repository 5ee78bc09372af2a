import type { Catalogue } from "./language";

/** What is said of a form once it is written; what stands in it is of the form's own. */
export interface FormWords {
  readonly unban: (file: string, title: string) => string;
}

export const FORM_WORDS: Catalogue<FormWords> = {
  en: { unban: (file, title) => `${file}: ${title}; read it before it is stamped` },
  zh: { unban: (file, title) => `${file}：${title}；盖章之前请先通读` },
};
