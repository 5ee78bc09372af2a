import type { ListenConfig } from "../config/types";
import type { Catalogue } from "./language";

interface NoticeWords {
  readonly title: string;
  readonly to: (customer: string) => string;
  readonly about: Readonly<Record<"changed" | "new", string>>;
  readonly facts: Readonly<Record<"environments" | "address" | "window" | "ticket", string>>;
  readonly come: string;
  readonly gone: string;
  readonly all: string;
  readonly head: readonly [source: string, owner: string];
  /** Of one that goes, and is let in all the same by a wider network. */
  readonly stays: (owner: string, network: string) => string;
  /** Of one that comes, and was let in before by a wider network. */
  readonly before: (owner: string, network: string) => string;
  readonly more: string;
  readonly machine: (name: string, sign: "+" | "-" | "!", place: string) => string;
  readonly state: (name: string, isOut: boolean) => string;
  /** By key of the file, what a caller notices. */
  readonly noticed: Readonly<Record<string, string>>;
  readonly setting: (name: string, before: string, after: string) => string;
  readonly tls: Readonly<Record<ListenConfig["tls"], string>>;
  readonly nothing: string;
  readonly settings: (count: number) => string;
  readonly asked: string;
  readonly open: (places: string) => string;
  readonly openAll: (places: string) => string;
  readonly call: (addresses: string) => string;
  readonly cut: string;
  readonly bundle: (hosts: string) => string;
  readonly contact: string;
}

const ZH: NoticeWords = {
  title: "乐企代理变更通知",
  to: (customer) => `致：${customer}`,
  about: {
    changed: "贵单位的乐企代理将作如下变更，特此通知。",
    new: "贵单位的乐企代理将启用，特此通知。",
  },
  facts: { environments: "环境", address: "代理访问地址", window: "变更时段", ticket: "工单" },
  come: "新增：可以访问代理的源地址",
  gone: "移除：不再可以访问代理的源地址",
  all: "可以访问代理的源地址",
  head: ["源地址", "归属"],
  stays: (owner, network) => `${owner}（仍由 ${network} 放行）`,
  before: (owner, network) => `${owner}（此前由 ${network} 放行）`,
  more: "其他变更",
  machine: (name, sign, place) =>
    ({
      "+": `增加主机 ${name}（${place}）`,
      "-": `停用主机 ${name}（${place}）`,
      "!": `主机 ${name} 改为 ${place}`,
    })[sign],
  state: (name, isOut) => (isOut ? `主机 ${name} 停用` : `主机 ${name} 恢复使用`),
  noticed: {
    "lqpt:listen.port": "代理端口",
    "lqpt:listen.tls": "代理的加密方式（TLS）",
    "lqpt:publicAddress": "代理访问地址",
    "lqpt:registeredIp": "备案的出口IP",
    "lqpt:vip.address": "代理的虚拟IP",
  },
  setting: (name, before, after) => `${name}：由 ${before} 改为 ${after}`,
  tls: {
    none: "不加密（http）",
    "self-signed": "自签证书（https）",
    provided: "贵单位提供的证书（https）",
  },
  nothing: "无",
  settings: (count) => `代理的其他设置 ${String(count)} 项`,
  asked: "请贵单位配合",
  open: (places) => `贵单位网络中如另有防火墙，请为新增源地址开通到 ${places} 的访问。`,
  openAll: (places) => `贵单位网络中如另有防火墙，请为上列所有可以访问代理的源地址开通到 ${places} 的访问。`,
  call: (addresses) => `变更后请通过 ${addresses} 访问代理，届时请同步修改调用方的配置。`,
  cut: "被移除的源地址在变更后无法访问代理；如仍在使用，请在变更前联系我方。",
  bundle: (hosts) => `主机 ${hosts} 的变更由贵单位管理员执行我方另行提供的文件，执行后请将其打印的报告发回。`,
  contact: "如有疑问，请联系我方运维人员。",
};

const EN: NoticeWords = {
  title: "Notice of a change of the Leqi proxy",
  to: (customer) => `To: ${customer}`,
  about: {
    changed: "Your Leqi proxy will be changed as follows.",
    new: "Your Leqi proxy will go into service.",
  },
  facts: {
    environments: "Environments",
    address: "Address of the proxy",
    window: "When it may be changed",
    ticket: "Ticket",
  },
  come: "New: sources that may call the proxy",
  gone: "Removed: sources that may call the proxy no longer",
  all: "Sources that may call the proxy",
  head: ["Source", "Whose it is"],
  stays: (owner, network) => `${owner} (still let in by ${network})`,
  before: (owner, network) => `${owner} (let in by ${network} before)`,
  more: "What else changes",
  machine: (name, sign, place) =>
    ({
      "+": `machine ${name} (${place}) is added`,
      "-": `machine ${name} (${place}) goes out of service`,
      "!": `machine ${name} becomes ${place}`,
    })[sign],
  state: (name, isOut) => `machine ${name} ${isOut ? "goes out of service" : "is back in service"}`,
  noticed: {
    "lqpt:listen.port": "Port of the proxy",
    "lqpt:listen.tls": "How the proxy is encrypted (TLS)",
    "lqpt:publicAddress": "Address of the proxy",
    "lqpt:registeredIp": "Registered egress IP",
    "lqpt:vip.address": "Virtual IP of the proxy",
  },
  setting: (name, before, after) => `${name}: ${after} instead of ${before}`,
  tls: {
    none: "no encryption (http)",
    "self-signed": "a self-signed certificate (https)",
    provided: "the certificate that you provided (https)",
  },
  nothing: "none",
  settings: (count) => `${String(count)} other ${count === 1 ? "setting" : "settings"} of the proxy`,
  asked: "What we ask of you",
  open: (places) =>
    `Where another firewall stands in your network, please let the new sources through to ${places}.`,
  openAll: (places) =>
    `Where another firewall stands in your network, please let all sources that may call the proxy, as listed above, through to ${places}.`,
  call: (addresses) =>
    `From the change on the proxy is called at ${addresses}; please have whatever calls it changed at that time.`,
  cut: "The removed sources cannot call the proxy after the change; if they are still in use, please tell us before.",
  bundle: (hosts) =>
    `On ${hosts} your administrator carries the change out by a file that we send; please send back the report that it prints.`,
  contact: "For any question, please turn to our operators.",
};

/** The notice of a change, in both languages. */
export const NOTICE_WORDS: Catalogue<NoticeWords> = { zh: ZH, en: EN };
