import type { Language } from "../words/language";

/** Ahead of UTC, all year round. */
const AHEAD = 8 * 60 * 60 * 1000;

/** `2026-11-26T02:30:40Z` as the clock on the reader's wall has it, `2026-11-26 10:30:40`; what is no such time stands as it is. */
export function beijingTime(time: string): string {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(time) || Number.isNaN(Date.parse(time))) return time;
  return clock(new Date(time)).slice(0, 19).replace("T", " ");
}

/** The day that it is for the reader: `2026年11月26日`, `2026-11-26`. */
export function beijingDay(now: Date, language: Language): string {
  const [year = "", month = "", day = ""] = clock(now).slice(0, 10).split("-");
  return language === "zh"
    ? `${year}年${String(Number(month))}月${String(Number(day))}日`
    : `${year}-${month}-${day}`;
}

function clock(time: Date): string {
  return new Date(time.getTime() + AHEAD).toISOString();
}
