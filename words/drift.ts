import type { Catalogue } from "./language";
import type { FindingKind } from "../fleet/drift/judge";
import type { Refusal } from "../fleet/drift/repair";
import { DELIVERY_WORDS, type DeliveryWords } from "./delivery";
import { SHARED_WORDS, type SharedWords } from "./shared";

/** Everything that a report of drift says beside what hosts say. */
export interface DriftWords {
  readonly title: string;
  readonly counts: (counts: {
    readonly stacks: number;
    readonly hosts: number;
    readonly equal: number;
  }) => string;
  readonly exposed: string;
  readonly drifted: string;
  readonly silent: string;
  readonly unread: string;
  readonly outstanding: string;
  readonly recorded: string;
  readonly notices: string;
  readonly last: (who: string, verb: string, time: string) => string;
  readonly repaired: string;
  readonly applied: string;
  readonly isRepaired: string;
  readonly refusals: Readonly<Record<Refusal["kind"], (refusal: Refusal) => string>>;
  readonly remark: DeliveryWords;
  readonly read: (stack: string) => string;
  readonly age: (days: number) => string;
  readonly more: SharedWords["more"];
  readonly findings: Readonly<Record<FindingKind, (detail: string) => string>>;
  readonly page: {
    readonly search: string;
    readonly onlyWrong: string;
    readonly readAt: string;
    readonly columns: readonly string[];
    readonly states: Readonly<Record<"exposed" | "drifted" | "silent" | "outstanding" | "equal", string>>;
    /** `{n}` is how many. */
    readonly sources: string;
    /** `{t}` is when. */
    readonly seen: string;
  };
}

const EN: DriftWords = {
  title: "Whether every machine is what its stack says",
  counts: ({ stacks, hosts, equal }) =>
    `${stacks} stacks with ${hosts} hosts; ${equal} are as their stacks say`,
  exposed: "Exposed",
  drifted: "Not as their stacks say",
  silent: "Did not answer",
  unread: "Could not be read",
  outstanding: "Still to be carried out by others",
  recorded: "By the last report of whoever runs them",
  notices: "To know",
  last: (who, verb, time) => `last changed by ${who}, ${verb}, ${time}`,
  repaired: "Made equal again",
  applied: "the same document is applied anew",
  isRepaired: "as its stack says again",
  refusals: {
    failed: ({ detail }) => detail,
    unfinished: () =>
      "its last `pulumi up` did not come to its end, so nobody knows which document it is to have: run pulumi up",
    stranger: () => "another owner holds it; whichever of the two is right, the other must give it up",
    closed: () => "a person closed it; find out why, then run lqptctl open there",
    tool: ({ detail, brought }) =>
      `its stack has ${detail || "no lqptctl"}, and this program brings lqptctl ${brought ?? ""}: run pulumi up, or this with the program as it was`,
    still: () =>
      "the same document was applied anew, and it still is not what its stack says: see above; what no document holds is mended on the host",
  },
  remark: DELIVERY_WORDS.en,
  read: (stack) => `${stack} read`,
  age: (days) => `${days} ${days === 1 ? "day" : "days"} old`,
  more: SHARED_WORDS.en.more,
  findings: {
    exposed: (detail) => detail,
    never: () => "no `pulumi up` has reached it",
    unfinished: () => "its last `pulumi up` did not come to its end",
    nothing: () => "nothing is in force there",
    stranger: (detail) => `it is held as ${detail}`,
    other: (detail) =>
      `another document is in force than the last \`pulumi up\` left there (${detail}); a snapshot of the machine, or somebody else's apply`,
    deviates: (detail) => detail,
    closed: (detail) => `closed at the console, ${detail}`,
    tool: (detail) =>
      `the lqptctl installed there is not the one that was brought (${detail || "none is there"})`,
    temporary: (detail) => `let in at the console until then: ${detail}`,
    unfit: (detail) => SHARED_WORDS.en.unfit(detail),
    vip: (detail) => SHARED_WORDS.en.holders(detail),
    certificate: (detail) => `the listener's certificate ends ${detail}`,
  },
  page: {
    search: "an address, a network, a customer, an owner, a host",
    onlyWrong: "only what is not as it should be",
    readAt: "read at",
    columns: ["Stack", "Host", "State", "What is to be said", "Who may reach it"],
    states: {
      ...{ exposed: "exposed", drifted: "not as its stack says", silent: "no answer" },
      ...{ outstanding: "still to be carried out", equal: "as its stack says" },
    },
    sources: "{n} sources",
    seen: "last {t}",
  },
};

const ZH: DriftWords = {
  title: "每台机器是否与其栈一致",
  counts: ({ stacks, hosts, equal }) => `${stacks} 个栈，${hosts} 台主机；${equal} 台与栈一致`,
  exposed: "暴露",
  drifted: "与栈不一致",
  silent: "没有应答",
  unread: "无法读取",
  outstanding: "等待对方执行",
  recorded: "依据其管理员最近一次的报告",
  notices: "提示",
  last: (who, verb, time) => `最近一次变更：${who}，${verb}，${time}`,
  repaired: "已恢复一致",
  applied: "已重新下发同一份文档",
  isRepaired: "已与栈一致",
  refusals: {
    failed: ({ detail }) => detail,
    unfinished: () => "上一次 `pulumi up` 没有完成，无法确定应生效哪份文档：请执行 pulumi up",
    stranger: () => "该主机归另一个栈所有；一台主机只能归一个栈，另一个须把它去掉",
    closed: () => "有人在控制台关闭了它；请查明原因，再在主机上执行 lqptctl open",
    tool: ({ detail, brought }) =>
      `该栈使用的是 ${detail || "（没有 lqptctl）"}，本程序自带的是 lqptctl ${brought ?? ""}：请执行 pulumi up，或改用原版本的程序再运行`,
    still: () => "已重新下发同一份文档，仍与栈不一致（见上文）；文档管不到的部分，需在主机上处理",
  },
  remark: DELIVERY_WORDS.zh,
  read: (stack) => `已读取 ${stack}`,
  age: (days) => `${days} 天前`,
  more: SHARED_WORDS.zh.more,
  findings: {
    exposed: (detail) => detail,
    never: () => "`pulumi up` 尚未在它上面成功执行过",
    unfinished: () => "上一次 `pulumi up` 没有完成",
    nothing: () => "机器上没有生效的文档",
    stranger: (detail) => `该主机归 ${detail} 所有`,
    other: (detail) =>
      `生效的文档不是上一次 \`pulumi up\` 下发的（${detail}）：可能恢复过快照，或有人另行执行过`,
    deviates: (detail) => detail,
    closed: (detail) => `已在控制台关闭，${detail}`,
    tool: (detail) => `主机上的 lqptctl 不是下发的版本（${detail || "不存在"}）`,
    temporary: (detail) => `在控制台临时放行至：${detail}`,
    unfit: (detail) => SHARED_WORDS.zh.unfit(detail),
    vip: (detail) => SHARED_WORDS.zh.holders(detail),
    certificate: (detail) => `监听证书到期：${detail}`,
  },
  page: {
    search: "地址、网段、客户、归属或主机",
    onlyWrong: "只看有问题的",
    readAt: "读取时间",
    columns: ["栈", "主机", "状态", "说明", "谁可以访问"],
    states: {
      ...{ exposed: "暴露", drifted: "与栈不一致", silent: "没有应答" },
      ...{ outstanding: "仍待执行", equal: "与栈一致" },
    },
    sources: "{n} 个源地址",
    seen: "最近 {t}",
  },
};

export const DRIFT_WORDS: Catalogue<DriftWords> = { en: EN, zh: ZH };
