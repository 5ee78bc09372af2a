import type { VipStatus } from "../documents/statusReport";
import type { FileFinding } from "../fleet/findings";
import { DELIVERY_WORDS, type DeliveryWords } from "./delivery";
import type { Catalogue } from "./language";
import { SHARED_WORDS } from "./shared";

/** Everything that `lqpt status` says beside what hosts say. */
export interface StatusWords {
  readonly asFile: (host: string) => string;
  readonly notAsFile: (host: string) => string;
  readonly document: (digest: string, lqptctl: string, nginx: string | null, leqi: string) => string;
  readonly certificate: (until: string) => string;
  readonly vip: (vip: VipStatus) => string;
  readonly refused: (peer: string, requests: number, last: string) => string;
  readonly wouldRefuse: (call: string, requests: number) => string;
  /** Of the whitelist's table: source, since, first and last seen, calls, owner. */
  readonly head: readonly string[];
  readonly nobody: string;
  readonly temporary: (until: string) => string;
  readonly notDialled: (host: string) => string;
  readonly spent: (file: string, what: string) => string;
  readonly findings: Readonly<Record<FileFinding["kind"], (finding: FileFinding) => string>>;
  readonly remark: DeliveryWords;
}

const EN: StatusWords = {
  asFile: (host) => `${host}: as the file says`,
  notAsFile: (host) => `${host}: not as the file says`,
  document: (digest, lqptctl, nginx, leqi) =>
    `document ${digest}; lqptctl ${lqptctl}; nginx ${nginx ?? "unknown"}; Leqi at ${leqi || "no known address"}`,
  certificate: (until) => `the listener's certificate ends ${until}`,
  vip: ({ address, holds, peer, keepalived }) =>
    `the shared address ${address} is ${holds ? "here" : "not here"}; keepalived is ${keepalived}, its peer ${peer}`,
  refused: (peer, requests, last) => `refused by nginx: ${peer}, ${requests} times, last ${last}`,
  wouldRefuse: (call, requests) => `site.enforce would refuse: ${call}, ${requests} times`,
  head: ["SOURCE", "SINCE", "FIRST SEEN", "LAST SEEN", "CALLS", "OWNER"],
  nobody: "nobody in the file",
  temporary: (until) => `at the console, until ${until}`,
  notDialled: (host) => `${host}: not dialled`,
  spent: (file, what) => `note: ${file}: nothing needs lqpt:remove.${what} any more; take it out`,
  findings: {
    silent: ({ detail }) => detail,
    exposed: ({ detail }) => detail,
    deviates: ({ detail }) => detail,
    nothing: () => "no document is in force there; `pulumi up` brings it",
    stranger: ({ detail, expected }) =>
      `it is held as ${detail}, not as ${expected ?? ""}; whichever of the two is right, the other's file must give it up`,
    closed: ({ detail }) => `it was closed at the console, ${detail}; \`lqptctl open\` there opens it again`,
    unfit: ({ detail }) => SHARED_WORDS.en.unfit(detail),
    vip: ({ detail }) => SHARED_WORDS.en.holders(detail),
    other: ({ detail, expected }) =>
      `the file says another document (${expected ?? ""}) than is in force (${detail}); \`pulumi up\` brings it`,
  },
  remark: DELIVERY_WORDS.en,
};

const ZH: StatusWords = {
  asFile: (host) => `${host}：与栈文件一致`,
  notAsFile: (host) => `${host}：与栈文件不一致`,
  document: (digest, lqptctl, nginx, leqi) =>
    `文档 ${digest}；lqptctl ${lqptctl}；nginx ${nginx ?? "未知"}；乐企地址 ${leqi || "未知"}`,
  certificate: (until) => `监听证书到期：${until}`,
  vip: ({ address, holds, peer, keepalived }) =>
    `虚拟IP ${address}：${holds ? "在本机" : "不在本机"}；keepalived 状态 ${keepalived}，对端 ${peer}`,
  refused: (peer, requests, last) => `被nginx拒绝：${peer}，${requests} 次，最近 ${last}`,
  wouldRefuse: (call, requests) => `启用 site.enforce 后会拒绝：${call}，${requests} 次`,
  head: ["源地址", "生效自", "首次出现", "最近出现", "调用次数", "归属"],
  nobody: "栈文件中没有",
  temporary: (until) => `控制台临时放行至 ${until}`,
  notDialled: (host) => `${host}：不远程连接`,
  spent: (file, what) => `提示：${file}：lqpt:remove.${what} 已不再需要，请删去`,
  findings: {
    silent: ({ detail }) => detail,
    exposed: ({ detail }) => detail,
    deviates: ({ detail }) => detail,
    nothing: () => "主机上没有生效的文档；执行 `pulumi up` 即可下发",
    stranger: ({ detail, expected }) =>
      `该主机归 ${detail} 所有，而不是 ${expected ?? ""}；一台主机只能归一个栈，另一个栈文件须把它去掉`,
    closed: ({ detail }) => `已在控制台关闭，${detail}；在主机上执行 \`lqptctl open\` 即可恢复`,
    unfit: ({ detail }) => SHARED_WORDS.zh.unfit(detail),
    vip: ({ detail }) => SHARED_WORDS.zh.holders(detail),
    other: ({ detail, expected }) =>
      `生效的文档（${detail}）与栈文件的（${expected ?? ""}）不一致；执行 \`pulumi up\` 即可下发`,
  },
  remark: DELIVERY_WORDS.zh,
};

export const STATUS_WORDS: Catalogue<StatusWords> = { en: EN, zh: ZH };
