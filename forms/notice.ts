import type { StackConfig } from "../config/types";
import type { Change } from "../fleet/plan/changes";
import type { StackPlan } from "../fleet/plan/plan";
import type { Language } from "../words/language";
import type { Cell, Fact, Form, NumberedList, Table } from "./form";
import { NOTICE_WORDS } from "../words/notice";
import { environmentNames, ownerName, TO_FILL_IN } from "./vocabulary";

type Words = (typeof NOTICE_WORDS)[Language];

/**
 * Whether a change is one that its customer must hear of: what is enforced for him is another, or how he calls the proxy.
 * Of a stack whose file had a mistake before nobody knows what changes.
 */
export function isNoticeable({ kind, depth, changes }: StackPlan): boolean {
  if (kind === "gone" || kind === "mended") return false;
  return depth === "enforced" || changes.some(({ what }) => Object.hasOwn(NOTICE_WORDS.en.noticed, what));
}

/**
 * What a customer is told of a change: who may call his proxy and who no longer, what else is another, and what he is
 * asked for.
 *
 * @param config the stack as it will be
 * @param plan what `lqpt plan` found of it
 */
export function noticeForm(config: StackConfig, plan: StackPlan, language: Language): Form {
  const words = NOTICE_WORDS[language];
  const isNew = plan.kind === "new";
  return {
    language,
    title: words.title,
    opening: [
      words.to(config.customer?.name ?? TO_FILL_IN[language]),
      words.about[isNew ? "new" : "changed"],
    ],
    facts: factsOf(config, language),
    tables: isNew ? wholeList(config, language) : changedLists(config, plan.changes, language),
    lists: [otherChanges(plan, words), askedFor(config, plan, words)].filter(({ items }) => items.length > 0),
    ...{ farewell: [], signature: [words.contact], boxes: [], annexes: [] },
  };
}

function factsOf(config: StackConfig, language: Language): Fact[] {
  const words = NOTICE_WORDS[language].facts;
  const { environments, publicAddress, window, ticket } = config;
  const facts: readonly (readonly [string, Cell | undefined])[] = [
    [words.environments, environmentNames(environments, language)],
    [words.address, publicAddress ?? placesOf(config)],
    [words.window, window?.text],
    [words.ticket, ticket],
  ];
  return facts.flatMap(([label, value]) => (value === undefined ? [] : [[label, value] as const]));
}

function placesOf({ hosts, listen }: StackConfig): string[] {
  return hosts.map(({ address }) => `${address}:${String(listen.port)}`);
}

function wholeList(config: StackConfig, language: Language): Table[] {
  const words = NOTICE_WORDS[language];
  const rows = config.sources.map((source) => [source.cidr, ownerName(source, language)]);
  return [{ caption: words.all, head: words.head, rows }];
}

function changedLists(config: StackConfig, changes: readonly Change[], language: Language): Table[] {
  const words = NOTICE_WORDS[language];
  return [
    { caption: words.come, rows: rowsOf("+", changes, config, language) },
    { caption: words.gone, rows: rowsOf("-", changes, config, language) },
  ].flatMap(({ caption, rows }) => (rows.length === 0 ? [] : [{ caption, head: words.head, rows }]));
}

function rowsOf(
  sign: "+" | "-",
  changes: readonly Change[],
  { sources }: StackConfig,
  language: Language,
): Cell[][] {
  const words = NOTICE_WORDS[language];
  return changes
    .filter((change) => change.of === "source" && change.sign === sign)
    .map(({ what, before, after, within }) => {
      const source = sources.find(({ cidr }) => cidr === what);
      const owner = source === undefined ? (before ?? after ?? "") : ownerName(source, language);
      if (within === undefined) return [what, owner];
      return [what, sign === "+" ? words.before(owner, within) : words.stays(owner, within)];
    });
}

/** Whether a machine is in service. */
const STATE = /^lqpt:hosts\.(.+)\.state$/;
/** Whom it is for and when it is made: no change of the proxy. */
const ABOUT_IT = /^lqpt:(customer|change)\b/;

/** What a caller notices is named; the rest is counted, since its keys mean nothing to him. */
function otherChanges({ kind, changes }: StackPlan, words: Words): NumberedList {
  const machines = changes.filter(({ of }) => of === "host" && kind !== "new");
  const states = changes.filter(({ what }) => STATE.test(what));
  const settings = changes.filter(
    ({ of, what }) => of === "setting" && !ABOUT_IT.test(what) && !STATE.test(what),
  );
  const named = settings.filter(({ what }) => Object.hasOwn(words.noticed, what));
  const rest = settings.length - named.length;
  return {
    caption: words.more,
    items: [
      ...machines.map(({ what, sign, before, after }) => words.machine(what, sign, after ?? before ?? "")),
      ...states.map(({ what, after }) => words.state(STATE.exec(what)?.[1] ?? what, after === "out")),
      ...named.map(({ what, before, after }) =>
        words.setting(words.noticed[what] ?? what, before ?? words.nothing, after ?? words.nothing),
      ),
      ...(rest > 0 ? [words.settings(rest)] : []),
    ],
  };
}

function askedFor(config: StackConfig, { kind, changes, unreached }: StackPlan, words: Words): NumberedList {
  const has = (sign: "+" | "-"): boolean =>
    changes.some((change) => change.of === "source" && change.sign === sign && change.within === undefined);
  const bundles = unreached.filter(({ why }) => why === "bundle").map(({ host }) => host);
  return {
    caption: words.asked,
    items: [
      ...(has("+") || kind === "new"
        ? [
            words.open(
              placesOf(config)
                .map((place) => `TCP ${place}`)
                .join(", "),
            ),
          ]
        : []),
      ...(has("-") ? [words.cut] : []),
      ...(bundles.length > 0 ? [words.bundle(bundles.join(", "))] : []),
    ],
  };
}
