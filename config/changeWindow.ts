/** When changes may be made: `Sat 22:00-24:00 Asia/Shanghai`. */
export interface ChangeWindow {
  /** As it was written. */
  readonly text: string;
  /** On which it begins, as `Intl` names them in English: `Sat`. */
  readonly days: ReadonlySet<string>;
  /** Minutes since midnight; `to` at or before `from` is of the next day. */
  readonly from: number;
  readonly to: number;
  /** By the IANA: `Asia/Shanghai`. */
  readonly zone: string;
}

const DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const DAY = `(?:${DAYS.join("|")})`;
const WRITTEN = new RegExp(
  `^(daily|${DAY}(?:-${DAY})?(?:,${DAY}(?:-${DAY})?)*) (\\d\\d):(\\d\\d)-(\\d\\d):(\\d\\d) ([A-Za-z0-9_+/-]+)$`,
);

export const WINDOW_RULE =
  "days, times and a zone, such as Sat 22:00-24:00 Asia/Shanghai, Mon-Fri,Sun 01:00-05:00 UTC, or daily 23:30-02:00 Asia/Shanghai";

/** @returns undefined where it is none. */
export function parseWindow(text: string): ChangeWindow | undefined {
  const [, days = "", fromHour, fromMinute, toHour, toMinute, zone = ""] = WRITTEN.exec(text) ?? [];
  const [from, to] = [minutes(fromHour, fromMinute), minutes(toHour, toMinute)];
  if (from === undefined || to === undefined || from === 1440 || !isZone(zone)) return undefined;
  const named = days === "daily" ? DAYS : days.split(",").flatMap(range);
  return { text, days: new Set(named), from, to, zone };
}

/** @param now milliseconds since 1970 */
export function isOpen({ days, from, to, zone }: ChangeWindow, now: number): boolean {
  const { day, minute } = localTime(zone, now);
  if (from < to) return days.has(day) && minute >= from && minute < to;
  // Past midnight it is the day before that counts.
  const before = DAYS[(DAYS.indexOf(day) + 6) % 7] ?? "";
  return (days.has(day) && minute >= from) || (days.has(before) && minute < to);
}

function minutes(hour: string | undefined, minute: string | undefined): number | undefined {
  const [h, m] = [Number(hour), Number(minute)];
  return m < 60 && (h < 24 || (h === 24 && m === 0)) ? 60 * h + m : undefined;
}

/** `Mon-Fri`; `Sat-Mon` goes over the end of the week. */
function range(text: string): string[] {
  const [first = "", last = first] = text.split("-");
  const [start, end] = [DAYS.indexOf(first), DAYS.indexOf(last)];
  const count = ((end - start + 7) % 7) + 1;
  return Array.from({ length: count }, (_, index) => DAYS[(start + index) % 7] ?? "");
}

function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

function localTime(zone: string, now: number): { readonly day: string; readonly minute: number } {
  const parts = new Intl.DateTimeFormat("en-US", {
    ...{ timeZone: zone, weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  } as const).formatToParts(now);
  const part = (type: string): string => parts.find((one) => one.type === type)?.value ?? "";
  return { day: part("weekday"), minute: 60 * Number(part("hour")) + Number(part("minute")) };
}
