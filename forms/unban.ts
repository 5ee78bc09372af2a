import type { StackConfig } from "../config/types";
import type { HistoryEntry } from "../documents/historyReport";
import type { Language } from "../words/language";
import type { Form, Table } from "./form";

/** What was read from one host, or recorded of it. */
export interface HostEvidence {
  readonly name: string;
  readonly address: string;
  /** Who may reach it, with since when where that is known. */
  readonly whitelist: readonly { readonly source: string; readonly since: string | null }[];
  /** Oldest first. */
  readonly history: readonly HistoryEntry[];
}

/** All that the application says. */
export interface UnbanFacts {
  readonly config: StackConfig;
  readonly hosts: readonly HostEvidence[];
  /** What was wrong, in the customer's words. */
  readonly reason: string;
  /** `2026-11-26`. */
  readonly day: string;
}

/** Most lines of the history; the newest are told. */
const MOST_CHANGES = 40;

const WORDS = {
  zh: {
    title: "关于申请开启乐企访问的申请",
    customer: "申请单位",
    creditCode: "统一社会信用代码",
    leqiId: "乐企ID",
    environments: "环境",
    sandbox: "沙箱",
    prod: "生产",
    registeredIp: "登记的出口IP",
    reason: "情况说明",
    date: "申请日期",
    whitelist: "当前生效的访问白名单（读自主机）",
    whitelistHead: ["主机", "允许的源地址", "归属", "生效时间（UTC）"],
    history: "白名单变更记录（读自主机）",
    historyHead: ["时间（UTC）", "主机", "操作", "操作人", "工单", "新增", "移除"],
    verbs: {
      apply: "变更",
      close: "关闭",
      open: "恢复",
      allow: "临时放行",
      expire: "到期移除",
      remove: "拆除",
    },
    unknown: "未登记",
    more: (count: number) => `更早的${String(count)}条记录未列出。`,
    only: (port: number) =>
      `代理端口 ${String(port)} 现仅对上表所列源地址开放，对其他任何地址（包括IPv6）均不开放。`,
    ask: "我单位已完成整改，特申请重新开启上述登记IP对乐企平台的访问。",
    stamp: "申请单位（盖章）：",
  },
  en: {
    title: "Application for access to Leqi to be opened again",
    customer: "Applicant",
    creditCode: "Credit code",
    leqiId: "Leqi ID",
    environments: "Environments",
    sandbox: "sandbox",
    prod: "prod",
    registeredIp: "Registered egress IP",
    reason: "What was wrong",
    date: "Date",
    whitelist: "Whitelist in force, as read from the hosts",
    whitelistHead: ["Host", "Source let in", "Whose it is", "Since (UTC)"],
    history: "Changes of the whitelist, as read from the hosts",
    historyHead: ["Time (UTC)", "Host", "What", "Who", "Ticket", "Added", "Removed"],
    verbs: {
      ...{ apply: "change", close: "closed", open: "opened again", allow: "let in for a while" },
      ...{ expire: "time over", remove: "taken away" },
    },
    unknown: "not in the list",
    more: (count: number) => `${String(count)} earlier changes are left out.`,
    only: (port: number) =>
      `Port ${String(port)} is open to the sources above and to nobody else, on IPv6 to nobody at all.`,
    ask: "What was wrong has been mended; we apply for access to Leqi from the registered IP above to be opened again.",
    stamp: "Applicant (stamp): ",
  },
} as const;

type Words = (typeof WORDS)[Language];

/** The application by which a customer whose IP was banned asks the tax bureau to have it reopened. */
export function unbanForm(facts: UnbanFacts, language: Language): Form {
  const words = WORDS[language];
  const { config, hosts } = facts;
  const changes = hosts.reduce((count, { history }) => count + history.length, 0);
  return {
    title: words.title,
    facts: Object.values(unbanFields(facts, language)),
    tables: [whitelistTable(config, hosts, words), historyTable(hosts, words)],
    notes: [
      words.only(config.listen.port),
      ...(changes > MOST_CHANGES ? [words.more(changes - MOST_CHANGES)] : []),
      words.ask,
      words.stamp,
    ],
  };
}

/** Label and value of each, by the name that an official template has it under: `{{registeredIp}}`. */
export function unbanFields(
  { config, reason, day }: UnbanFacts,
  language: Language,
): Record<string, readonly [label: string, value: string]> {
  const words = WORDS[language];
  const { customer, leqiId = "", registeredIp = "" } = config;
  return {
    customer: [words.customer, customer?.name ?? ""],
    creditCode: [words.creditCode, customer?.creditCode ?? ""],
    leqiId: [words.leqiId, leqiId],
    environments: [words.environments, config.environments.map((one) => words[one]).join("、")],
    registeredIp: [words.registeredIp, registeredIp],
    reason: [words.reason, reason],
    date: [words.date, day],
  };
}

function whitelistTable(config: StackConfig, hosts: readonly HostEvidence[], words: Words): Table {
  const owners = new Map(config.sources.map(({ cidr, owner }) => [cidr, owner]));
  return {
    caption: words.whitelist,
    head: words.whitelistHead,
    rows: hosts.flatMap(({ name, address, whitelist }) =>
      whitelist.map(({ source, since }) => [
        ...[`${name} (${address})`, source, owners.get(source) ?? words.unknown, since ?? ""],
      ]),
    ),
  };
}

function historyTable(hosts: readonly HostEvidence[], words: Words): Table {
  const all = hosts.flatMap(({ name, history }) => history.map((entry) => ({ name, ...entry })));
  const verbs: Readonly<Record<string, string>> = words.verbs;
  return {
    caption: words.history,
    head: words.historyHead,
    rows: [...all]
      .sort((one, other) => (one.time < other.time ? -1 : 1))
      .slice(-MOST_CHANGES)
      .map(({ name, time, verb, who, ticket, added, removed }) => [
        ...[time, name, verbs[verb] ?? verb, who, ticket, added.join(" "), removed.join(" ")],
      ]),
  };
}
