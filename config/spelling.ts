import { IPv6 } from "ipaddr.js";

/** What is wrong with how a text is written, and what to write. */
export interface Misspelling {
  readonly problem: string;
  readonly next: string;
}

/** What a Chinese input method types in place of ASCII: it looks the same, and is something else to every program. */
const FULL_WIDTH: readonly (readonly [string, RegExp])[] = [
  ["digits", /[０-９]/u],
  ["punctuation", /[　、。｡､！-／：-＠［-｀｛-～￥]/u],
  ["letters", /[Ａ-Ｚａ-ｚ]/u],
];

/** What the input method makes of the key on which a dot, a slash or a blank is. */
const KEYS: Readonly<Record<string, string>> = { "。": ".", "、": "/", "￥": "$", "　": " " };

/**
 * Of a text that is to be in ASCII: which full-width characters it holds. The one way to tell it, of an address as of a
 * port, a name or a word of a choice.
 *
 * @param holds whether the text that was meant may stand there
 */
export function fullWidthProblem(text: string, holds: (plain: string) => boolean): Misspelling | undefined {
  const named = namedIn(text);
  if (named === undefined) return undefined;
  const plain = toHalfWidth(text);
  return {
    problem: `it holds ${named}`,
    next: holds(plain) ? `write ${plain}` : "write it with the keyboard's ASCII characters",
  };
}

/** The same as the beginning of a sentence that says what was expected; empty where there is nothing to name. */
export function fullWidthWords(text: string, holds: (plain: string) => boolean): string {
  const wide = fullWidthProblem(text, holds);
  return wide === undefined ? "" : `${wide.problem}; ${wide.next}; `;
}

/** The same text as the keyboard would have typed it without the input method. */
export function toHalfWidth(text: string): string {
  return text.normalize("NFKC").replace(/[。、￥　]/gu, (character) => KEYS[character] ?? character);
}

/** Whatever is not one IPv4 address or CIDR in plain ASCII for a reason that can be named. */
export function spellingProblem(text: string): Misspelling | undefined {
  if (/\s/.test(text)) return { problem: "there is a space in it", next: "write it without spaces" };
  if (/[^\x20-\x7e]/.test(text)) return { problem: `it holds ${describeForeign(text)}`, next: plainer(text) };
  if (/[,;]/.test(text)) {
    return {
      problem: "there is a comma or semicolon in it",
      next: "write one address or CIDR per entry, and nothing after it",
    };
  }
  const [address = ""] = text.replace(/^\[(.*)\]/, "$1").split("/");
  if (!IPv6.isValid(address)) return undefined;
  return {
    problem: "this is an IPv6 address; sources are IPv4 only, and the port is closed on IPv6",
    next: "name the IPv4 address that the proxy sees the caller come from",
  };
}

/** Each of them once. */
export function fullWidthIn(text: string): string[] {
  return [...new Set(text)].filter((one) => FULL_WIDTH.some(([, pattern]) => pattern.test(one)));
}

/** `full-width digits and punctuation: １ ．`; undefined where there is none. */
function namedIn(text: string): string | undefined {
  const kinds = FULL_WIDTH.filter(([, pattern]) => pattern.test(text)).map(([kind]) => kind);
  return kinds.length === 0 ? undefined : `full-width ${kinds.join(" and ")}: ${fullWidthIn(text).join(" ")}`;
}

function describeForeign(text: string): string {
  const named = namedIn(text);
  if (named !== undefined) return named;
  const [first = ""] = /[^\x20-\x7e]/u.exec(text) ?? [];
  const code = (first.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
  return /\p{C}/u.test(first)
    ? `a character that cannot be seen, U+${code}`
    : `a character that is not ASCII, ${first} (U+${code})`;
}

function plainer(text: string): string {
  const plain = text
    .normalize("NFKC")
    .replace(/\p{C}/gu, "")
    .replace(/[,.;、。]+$/u, "")
    .replace(/[。、,]/gu, ".");
  return /^\d+(?:\.\d+){3}(?:\/\d+)?$/.test(plain)
    ? `write ${plain}`
    : "write it with the keyboard's ASCII digits and dots";
}
