import { readdirSync } from "node:fs";
import { join } from "node:path";
import { languageOf } from "../../../words/language";
import { ROOT } from "../config/stacks";

/** Chinese characters, and the punctuation that comes with them. */
const CJK = /[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]/;

const FILES = readdirSync(join(ROOT, "words")).filter((file) => file !== "language.ts");

/** Every text of one language by its key; of one that is made of facts, what makes it. */
function textsOf(words: unknown, path = ""): [string, string][] {
  if (typeof words === "string" || typeof words === "function") return [[path, String(words)]];
  // Lines of one text, which need not be as many in the other language.
  if (Array.isArray(words)) return [[path, words.join("\n")]];
  return Object.entries(words as object).flatMap(([key, inner]) => textsOf(inner, `${path}.${key}`));
}

/** What is the same in both: somebody else's words, handed on. */
const HANDED_ON = [
  ...[".http", ".refusals.failed", ".findings.exposed", ".findings.deviates", ".findings.silent"],
  ...[".hosts.exposed", ".hosts.deviates", ".hosts.silent"],
  // By the words that several share, in their own language.
  ...[".findings.vip", ".hosts.vip", ".findings.unfit", ".hosts.unfit"],
];

const CATALOGUES = FILES.flatMap((file) =>
  Object.entries(
    jest.requireActual<Readonly<Record<string, Readonly<Record<"zh" | "en", unknown>>>>>(
      join(ROOT, "words", file),
    ),
  ).flatMap(([name, value]) => (name.endsWith("_WORDS") ? [[`${file}, ${name}`, value] as const] : [])),
);

describe.each(CATALOGUES)("words/%s", (_, catalogue) => {
  const [en, zh] = [textsOf(catalogue.en), textsOf(catalogue.zh)];

  test("says everything in both languages", () => {
    expect(zh.map(([key]) => key)).toEqual(en.map(([key]) => key));
    expect([...zh, ...en].filter(([, text]) => text.trim() === "")).toEqual([]);
  });

  test("is Chinese in Chinese, but for what is quoted", () => {
    expect(
      zh.filter(([key, text]) => !CJK.test(text) && !HANDED_ON.includes(key)).map(([key]) => key),
    ).toEqual([]);
  });

  test("has no Chinese in English", () => {
    expect(en.filter(([, text]) => CJK.test(text))).toEqual([]);
  });
});

test.each<[NodeJS.ProcessEnv, string]>([
  [{ LANG: "zh_CN.UTF-8" }, "zh"],
  [{ LC_ALL: "", LANG: "zh_CN.UTF-8" }, "zh"],
  [{ LC_ALL: "", LC_MESSAGES: "zh_CN.UTF-8", LANG: "en_US.UTF-8" }, "zh"],
  [{ LC_ALL: "C", LANG: "zh_CN.UTF-8" }, "en"],
  [{ LC_MESSAGES: "en_US.UTF-8", LANG: "zh_CN.UTF-8" }, "en"],
  [{}, "en"],
])("the terminal's language by %j is %s", (env, expected) => {
  expect(languageOf(env)).toBe(expected);
});
