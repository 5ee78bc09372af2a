import type { StackConfig } from "../config/types";
import type { Change } from "../fleet/plan/changes";
import type { StackPlan } from "../fleet/plan/plan";
import type { Reviewed } from "../fleet/rollout/asReviewed";
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
  if (kind === "gone" || kind === "mended" || kind === "back") return false;
  return depth === "enforced" || changes.some(({ what }) => Object.hasOwn(NOTICE_WORDS.en.noticed, what));
}

/**
 * What a customer is told of a change: who may call his proxy and who no longer, what else is another, and what he is
 * asked for.
 *
 * @param reviewed the stack as it was and will be, and what `lqpt plan` found of it
 */
export function noticeForm(reviewed: Reviewed, language: Language): Form {
  const words = NOTICE_WORDS[language];
  const { plan, after: config } = reviewed;
  const isNew = plan.kind === "new";
  return {
    language,
    title: words.title,
    opening: [
      words.to(config.customer?.name ?? TO_FILL_IN[language]),
      words.about[isNew ? "new" : "changed"],
    ],
    facts: factsOf(config, language),
    tables: [
      ...(isNew ? [] : changedLists(reviewed, language)),
      // Whoever is asked to let all of it through must see it.
      ...(isNew || isElsewhere(plan) ? [wholeList(config, language)] : []),
    ],
    lists: [otherChanges(reviewed, words), askedFor(reviewed, words)].filter(({ items }) => items.length > 0),
    ...{ farewell: [], signature: [words.contact], boxes: [], annexes: [] },
  };
}

function factsOf(config: StackConfig, language: Language): Fact[] {
  const words = NOTICE_WORDS[language].facts;
  const { environments, publicAddress, window, ticket } = config;
  const facts: readonly (readonly [string, Cell | undefined])[] = [
    [words.environments, environmentNames(environments, language)],
    [words.address, publicAddress],
    [words.window, window?.text],
    [words.ticket, ticket],
  ];
  return facts.flatMap(([label, value]) => (value === undefined ? [] : [[label, value] as const]));
}

/** Of one that is out of service nobody asks for anything; an address that two share is called in place of their own. */
function placesOf({ hosts, listen, vip }: StackConfig): string[] {
  if (vip !== undefined) return [`${vip.address}:${String(listen.port)}`];
  return hosts
    .filter(({ state }) => state !== "out")
    .map(({ address }) => `${address}:${String(listen.port)}`);
}

function wholeList(config: StackConfig, language: Language): Table {
  const words = NOTICE_WORDS[language];
  const rows = config.sources.map((source) => [source.cidr, ownerName(source, language)]);
  return { caption: words.all, head: words.head, rows };
}

function changedLists({ plan: { changes }, before, after }: Reviewed, language: Language): Table[] {
  const words = NOTICE_WORDS[language];
  return [
    { caption: words.come, rows: rowsOf("+", changes, after, language) },
    { caption: words.gone, rows: rowsOf("-", changes, before, language) },
  ].flatMap(({ caption, rows }) => (rows.length === 0 ? [] : [{ caption, head: words.head, rows }]));
}

/** @param config which has them: as it was, of those that go */
function rowsOf(
  sign: "+" | "-",
  changes: readonly Change[],
  config: StackConfig | undefined,
  language: Language,
): Cell[][] {
  const words = NOTICE_WORDS[language];
  return changes
    .filter((change) => change.of === "source" && change.sign === sign)
    .map(({ what, within }) => {
      const source = config?.sources.find(({ cidr }) => cidr === what);
      const owner = source === undefined ? "" : ownerName(source, language);
      if (within === undefined) return [what, owner];
      return [what, sign === "+" ? words.before(owner, within) : words.stays(owner, within)];
    });
}

/** Whether a machine is in service. */
const STATE = /^lqpt:hosts\.(.+)\.state$/;
/** Whom it is for and when it is made: no change of the proxy. */
const ABOUT_IT = /^lqpt:(customer|change)\b/;

/** What callers are to find at another place, or in another way, so that every firewall before it must know. */
const PLACE = /^lqpt:(listen\.(port|tls)|vip\.address)$/;

/** Whether all sources must be let through anew, and not the new ones alone. */
function isElsewhere({ kind, changes }: StackPlan): boolean {
  return (
    kind === "changed" &&
    changes.some(
      ({ of, sign, what, after }) =>
        (of === "host" && sign !== "-") || PLACE.test(what) || (STATE.test(what) && after !== "out"),
    )
  );
}

/** What a caller notices is named; the rest is counted, since its keys mean nothing to him. */
function otherChanges({ plan: { kind, changes }, before, after }: Reviewed, words: Words): NumberedList {
  const machines = changes.filter(({ of }) => of === "host" && kind !== "new");
  const addressOf = (name: string): string =>
    [after, before].flatMap((config) => config?.hosts ?? []).find((host) => host.name === name)?.address ??
    "";
  const states = changes.filter(({ what }) => STATE.test(what));
  const settings = changes.filter(
    ({ of, what }) => of === "setting" && !ABOUT_IT.test(what) && !STATE.test(what),
  );
  const named = settings.filter(({ what }) => Object.hasOwn(words.noticed, what));
  const rest = settings.length - named.length;
  return {
    caption: words.more,
    items: [
      ...machines.map(({ what, sign }) => words.machine(what, sign, addressOf(what))),
      ...states.map((one) => words.state(STATE.exec(one.what)?.[1] ?? one.what, one.after === "out")),
      ...named.map((one) => words.setting(words.noticed[one.what] ?? one.what, ...valuesOf(one, words))),
      ...(rest > 0 ? [words.settings(rest)] : []),
    ],
  };
}

/** A setting as it was and will be; one of few is said in words, since the file's mean nothing to whoever reads it. */
function valuesOf({ what, before, after }: Change, words: Words): [string, string] {
  const told = (value: string | undefined): string => {
    if (value === undefined) return words.nothing;
    return what === "lqpt:listen.tls"
      ? ((words.tls as Readonly<Record<string, string>>)[value] ?? value)
      : value;
  };
  return [told(before), told(after)];
}

function askedFor({ plan, before, after }: Reviewed, words: Words): NumberedList {
  const { kind, changes, unreached } = plan;
  const has = (sign: "+" | "-"): boolean =>
    changes.some((change) => change.of === "source" && change.sign === sign && change.within === undefined);
  const places = placesOf(after)
    .map((place) => `TCP ${place}`)
    .join(", ");
  // Of a stack with hosts it is known, whether its file says it or not.
  const { publicAddress: calls = "" } = after;
  const bundles = unreached.filter(({ why }) => why === "bundle").map(({ host }) => host);
  return {
    caption: words.asked,
    items: [
      ...(isElsewhere(plan) ? [words.openAll(places)] : []),
      ...(!isElsewhere(plan) && (has("+") || kind === "new") ? [words.open(places)] : []),
      ...(before !== undefined && before.publicAddress !== calls ? [words.call(calls)] : []),
      ...(has("-") ? [words.cut] : []),
      ...(bundles.length > 0 ? [words.bundle(bundles.join(", "))] : []),
    ],
  };
}
