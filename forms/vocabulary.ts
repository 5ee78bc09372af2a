import { stackFile } from "../config/input";
import type { Environment, Source } from "../config/types";
import type { Language } from "../words/language";

/** What stands where nobody but the reader knows, so that it is seen. */
export const TO_FILL_IN: Readonly<Record<Language, string>> = { zh: "（请填写）", en: "(please fill in)" };

const ENVIRONMENTS: Readonly<Record<Language, Readonly<Record<Environment, string>>>> = {
  zh: { prod: "正式环境", sandbox: "沙箱环境" },
  en: { prod: "prod", sandbox: "sandbox" },
};

const BASE_FILES: readonly string[] = [stackFile("prod"), stackFile("sandbox")];

/** `invoice cloud (发票云), prod`: in both languages, as the base files have the vendor's owners. */
const IN_BOTH = /^[\w .-]+ \(([^()]*\p{Script=Han}[^()]*)\)(?:, (prod|sandbox))?$/u;

/** The environments of a stack, one text. */
export function environmentNames(environments: readonly Environment[], language: Language): string {
  return environments.map((one) => ENVIRONMENTS[language][one]).join(language === "zh" ? "、" : ", ");
}

/**
 * Whose a source is. The vendor's own, in the base files, are said in both languages, and a Chinese form has the Chinese;
 * what a stack's own file says of its customer's addresses stands as it was written.
 */
export function ownerName({ owner, from }: Source, language: Language): string {
  if (language !== "zh" || !BASE_FILES.includes(from)) return owner;
  // Where entries were collapsed into one, there are several.
  return owner.split("; ").map(chineseOf).join("；");
}

function chineseOf(owner: string): string {
  const [, chinese, environment] = IN_BOTH.exec(owner) ?? [];
  if (chinese === undefined) return owner;
  return environment === undefined ? chinese : `${chinese}（${ENVIRONMENTS.zh[environment as Environment]}）`;
}
