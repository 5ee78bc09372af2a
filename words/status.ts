import type { FileFinding } from "../fleet/findings";
import { DELIVERY_WORDS, type DeliveryWords } from "./delivery";
import type { Catalogue } from "./language";

/** Everything that `lqpt status` says beside what hosts say. */
export interface StatusWords {
  readonly asFile: (host: string) => string;
  readonly notAsFile: (host: string) => string;
  readonly document: (digest: string, lqptctl: string, nginx: string | null, leqi: string) => string;
  readonly certificate: (until: string) => string;
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
  refused: (peer, requests, last) => `被nginx拒绝：${peer}，${requests} 次，最近 ${last}`,
  wouldRefuse: (call, requests) => `site.enforce 会拒绝：${call}，${requests} 次`,
  head: ["源地址", "生效自", "首次出现", "最近出现", "调用次数", "归属"],
  nobody: "文件中没有",
  temporary: (until) => `控制台临时放行至 ${until}`,
  notDialled: (host) => `${host}：不连接`,
  spent: (file, what) => `提示：${file}：lqpt:remove.${what} 已不再需要，请删去`,
  findings: {
    silent: ({ detail }) => detail,
    exposed: ({ detail }) => detail,
    deviates: ({ detail }) => detail,
    nothing: () => "那里没有生效的文档；`pulumi up` 会送达",
    stranger: ({ detail, expected }) =>
      `它归 ${detail} 所有，而不是 ${expected ?? ""}；无论哪个正确，另一个的文件必须放弃它`,
    closed: ({ detail }) => `已在控制台关闭，${detail}；在那里执行 \`lqptctl open\` 可重新打开`,
    other: ({ detail, expected }) =>
      `栈文件所说的文档（${expected ?? ""}）不是生效的那一份（${detail}）；\`pulumi up\` 会送达`,
  },
  remark: DELIVERY_WORDS.zh,
};

export const STATUS_WORDS: Catalogue<StatusWords> = { en: EN, zh: ZH };
