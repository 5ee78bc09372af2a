// What Pulumi's YAML reader (Go's yaml.v3) makes of text without quotes. It is neither YAML 1.1 nor 1.2, and what reads a
// stack's file without Pulumi must come to the same values.

const DATE = /^(\d{4})-(\d{1,2})-(\d{1,2})$/;
const TIME =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[Tt](\d{1,2}):(\d{1,2}):(\d{1,2})(\.\d+)?(Z|[+-]\d\d:\d\d)| (\d{1,2}):(\d{1,2}):(\d{1,2})(\.\d+)?)$/;
const INTEGER = /^([+-]?)(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO][0-7]+|0[0-7]*|[1-9]\d*)$/;
const FLOAT = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/;

const MAX_INT = 2n ** 63n;
const MAX_UINT = 2n ** 64n;

/**
 * A number, or the text that Pulumi makes of a date; undefined where the text stays what it is.
 *
 * @example
 * numberOrDate("0012345") // 5349
 * numberOrDate("2026-01-02") // "2026-01-02 00:00:00 +0000 UTC"
 */
export function numberOrDate(text: string): number | string | undefined {
  if (text.startsWith(".")) return float(text);
  if (!/^[-+0-9]/.test(text)) return undefined;
  return date(text) ?? number(text.replaceAll("_", ""));
}

function number(plain: string): number | undefined {
  const [, sign, digits] = INTEGER.exec(plain) ?? [];
  if (digits !== undefined) {
    const octal = /^0[0-7]+$/.test(digits);
    const value = BigInt(octal ? `0o${digits.slice(1)}` : digits.toLowerCase());
    if (value < MAX_INT || (sign === "" && value < MAX_UINT)) return Number(value) * (sign === "-" ? -1 : 1);
  }
  return float(plain);
}

/** What is too large for one stays text. */
function float(plain: string): number | undefined {
  const value = FLOAT.test(plain) ? Number(plain) : Infinity;
  return Number.isFinite(value) ? value : undefined;
}

/** As Go prints a time. */
function date(text: string): string | undefined {
  const [, year = "", month = "", day = "", ...time] = DATE.exec(text) ?? TIME.exec(text) ?? [];
  if (year === "") return undefined;
  const [hour = "0", minute = "0", second = "0", fraction = "", zone = "Z"] =
    time[0] === undefined ? time.slice(5) : time;
  const two = (part: string): string => part.padStart(2, "0");
  const iso = `${year}-${two(month)}-${two(day)}`;
  const clock = `${two(hour)}:${two(minute)}:${two(second)}`;
  const parsed = new Date(`${iso}T${clock}Z`);
  // Neither a 30th of February nor a 24th hour.
  if (Number.isNaN(parsed.valueOf()) || !parsed.toISOString().startsWith(`${iso}T${clock}`)) return undefined;
  const offset = zone.replace(":", "");
  return `${iso} ${clock}${fraction.replace(/\.?0+$/, "")} ${zone === "Z" ? "+0000 UTC" : `${offset} ${offset}`}`;
}
