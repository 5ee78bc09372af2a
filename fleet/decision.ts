import type { ImportWords } from "../words/import";

/** What programs tell decisions by, each the name of its sentence: these stay, its wording need not. */
export const DECISION_KINDS = [
  ...(["allowed", "vendors", "tooWide", "misspelt", "caller", "vendorsCaller"] as const),
  ...(["open", "off", "filtersNothing", "filterUnknown", "moreCallers", "noLog", "unreadLogs"] as const),
  ...(["site", "mixedSite", "oddSite", "nginxRefuses", "otherNginx", "otherServer", "accessRules"] as const),
  ...(["ownCertificate", "otherCertificate", "plainBefore"] as const),
  ...(["foreign", "keepOpen", "ruleset"] as const),
] as const satisfies readonly (keyof ImportWords)[];

/** One of them. */
export type DecisionKind = (typeof DECISION_KINDS)[number];

/** What a person must decide or do before the first `up` of what was imported. */
export interface Decision {
  /** For programs: `allowed`, `open`. */
  readonly kind: DecisionKind;
  /** For people, in the language of the words. */
  readonly say: (words: ImportWords) => string;
}

/**
 * A decision of that kind.
 *
 * @param facts what its sentence is about; some of it may be in words itself
 * @example decision("open", () => ["proxy-1", "zone public opens port 8864/tcp to everyone"])
 */
export function decision<K extends DecisionKind>(
  kind: K,
  facts: (words: ImportWords) => Parameters<ImportWords[K]>,
): Decision {
  return {
    kind,
    say: (words) => (words[kind] as (...all: Parameters<ImportWords[K]>) => string)(...facts(words)),
  };
}

/** Those that hold, of decisions that each hold or do not. */
export function chosen(all: readonly (readonly [holds: boolean, decision: Decision])[]): Decision[] {
  return all.flatMap(([holds, one]) => (holds ? [one] : []));
}
