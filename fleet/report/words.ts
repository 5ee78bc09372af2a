import type { Language } from "../../forms/form";

/** What is said of lines that had no room, whatever the report is of; `command` shows all of it. */
export const MORE: Readonly<Record<Language, (count: number, command: string) => string>> = {
  en: (count, command) => `… and ${count} more lines; ${command} shows all`,
  zh: (count, command) => `…… 另有 ${count} 行；用 ${command} 查看全部`,
};
