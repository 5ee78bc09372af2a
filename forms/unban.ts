import type { StackConfig } from "../config/types";
import type { HostEvidence } from "../fleet/unbanEvidence";
import { beijingDay, beijingTime } from "./beijingTime";
import type { Language } from "../words/language";
import type { Fact, Form, Table } from "./form";
import { UNBAN_WORDS } from "../words/unban";
import { environmentNames, ownerName, TO_FILL_IN } from "./vocabulary";

/** All that the application says. */
export interface UnbanFacts {
  readonly config: StackConfig;
  readonly hosts: readonly HostEvidence[];
  /** What was wrong, in the customer's words. */
  readonly reason: string;
  /** When it is written. */
  readonly now: Date;
}

/** The name that an official template has it under, `{{registeredIp}}`, and what is written there. */
export interface UnbanFillings {
  readonly texts: Readonly<Record<string, string>>;
  readonly tables: { readonly whitelist: Table; readonly history: Table };
}

/** Most lines of the history; the newest are told. */
const MOST_CHANGES = 40;

/** A time that nobody knows. */
const UNKNOWN_TIME = "—";

/** The application by which a customer whose IP was banned asks the tax bureau to have it reopened. */
export function unbanForm(facts: UnbanFacts, language: Language): Form {
  const words = UNBAN_WORDS[language];
  const { config, hosts } = facts;
  const { customer, creditCode, leqiId, environments, registeredIp, reason, date } = fieldsOf(
    facts,
    language,
  );
  const { whitelist, history } = tablesOf(facts, language);
  const recorded = hosts.filter(({ from }) => from === "record").map(({ name }) => name);
  const mended = [
    words.only(config.listen.port),
    ...(recorded.length === 0 ? [] : [words.recorded(recorded.join(language === "zh" ? "、" : ", "))]),
    ...(history.rows.length === 0 ? [] : [words.changes]),
  ];
  return {
    language,
    title: words.title,
    opening: [words.to, words.about(registeredIp, environments)],
    facts: [
      [words.customer, customer],
      [words.creditCode, creditCode],
      [words.leqiId, leqiId],
      [words.environments, environments],
      [words.registeredIp, registeredIp],
      [words.reason, reason.split(/\r?\n/)],
    ] satisfies Fact[],
    tables: [],
    lists: [
      { caption: words.mended, items: mended },
      { caption: words.requests, items: [words.reopen(registeredIp), words.further] },
    ],
    farewell: words.farewell,
    signature: words.signature(customer, date),
    boxes: [],
    annexes: history.rows.length === 0 ? [whitelist] : [whitelist, history],
  };
}

/** The same, for a form that somebody else made. */
export function unbanFillings(facts: UnbanFacts, language: Language): UnbanFillings {
  return { texts: fieldsOf(facts, language), tables: tablesOf(facts, language) };
}

function fieldsOf({ config, reason, now }: UnbanFacts, language: Language) {
  const unknown = TO_FILL_IN[language];
  const { customer, leqiId = unknown, registeredIp = unknown } = config;
  return {
    customer: customer?.name ?? unknown,
    creditCode: customer?.creditCode ?? unknown,
    leqiId,
    environments: environmentNames(config.environments, language),
    registeredIp,
    reason,
    date: beijingDay(now, language),
  };
}

function tablesOf({ config, hosts }: UnbanFacts, language: Language): UnbanFillings["tables"] {
  return { whitelist: whitelistTable(config, hosts, language), history: historyTable(hosts, language) };
}

function whitelistTable({ sources }: StackConfig, hosts: readonly HostEvidence[], language: Language): Table {
  const words = UNBAN_WORDS[language];
  const owners = new Map(sources.map((source) => [source.cidr, ownerName(source, language)]));
  return {
    caption: words.whitelist,
    head: words.whitelistHead,
    rows: hosts.flatMap(({ name, address, whitelist }) =>
      whitelist.map(({ source, since }) => [
        ...[name, address, source, owners.get(source) ?? words.unknown],
        since === null ? UNKNOWN_TIME : beijingTime(since),
      ]),
    ),
  };
}

function historyTable(hosts: readonly HostEvidence[], language: Language): Table {
  const words = UNBAN_WORDS[language];
  const all = hosts.flatMap(({ name, history }) => history.map((entry) => ({ name, ...entry })));
  const more = all.length > MOST_CHANGES ? words.more(all.length - MOST_CHANGES) : "";
  const verbs: Readonly<Record<string, string>> = words.verbs;
  return {
    caption: `${words.history}${more}`,
    head: words.historyHead,
    rows: [...all]
      .sort((one, other) => (one.time < other.time ? -1 : 1))
      .slice(-MOST_CHANGES)
      .map(({ name, time, verb, who, ticket, added, removed }) => [
        ...[beijingTime(time), name, verbs[verb] ?? verb, who, ticket, added, removed],
      ]),
  };
}
