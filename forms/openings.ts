import type { StackConfig } from "../config/types";
import type { Language } from "../words/language";
import type { Form } from "./form";

const WORDS = {
  zh: {
    title: "防火墙开通申请单",
    customer: "客户名称",
    creditCode: "统一社会信用代码",
    leqiId: "乐企ID",
    environments: "环境",
    sandbox: "沙箱",
    prod: "生产",
    registeredIp: "登记的出口IP",
    publicAddress: "代理访问地址",
    inbound: "入向：访问乐企代理",
    outbound: "出向：乐企代理访问乐企平台",
    head: ["源地址", "源说明", "目的地址", "目的说明", "协议和端口"],
    leqi: "税务局乐企平台",
    egress: (ip: string) => `出口须为登记的IP ${ip}（源地址转换）`,
    only: (port: number) =>
      `端口 ${String(port)} 只对以上入向源地址开放，不得对任何其他地址开放；登记的IP一旦被发现对外开放，将被税务局封禁。`,
    v6: "只开通IPv4；IPv6不开通。",
    names: "没有固定地址的目的须按域名放行，其地址会变化。",
  },
  en: {
    title: "Application for firewall openings",
    customer: "Customer",
    creditCode: "Credit code",
    leqiId: "Leqi ID",
    environments: "Environments",
    sandbox: "sandbox",
    prod: "prod",
    registeredIp: "Registered egress IP",
    publicAddress: "Address of the proxy",
    inbound: "Inbound: to the Leqi proxy",
    outbound: "Outbound: from the Leqi proxy to the Leqi platform",
    head: ["Source", "Whose it is", "Destination", "What it is", "Protocol and port"],
    leqi: "the tax bureau's Leqi platform",
    egress: (ip: string) => `must leave as the registered IP ${ip} (source NAT)`,
    only: (port: number) =>
      `Port ${String(port)} is opened to the sources above and to nobody else: the tax bureau bans a registered IP that is found open to the world.`,
    v6: "IPv4 only; nothing is opened on IPv6.",
    names: "A destination without a fixed address is allowed by its name, whose addresses change.",
  },
} as const;

/** What the customer's network team is asked to let through, from the config alone. */
export function openingsForm(config: StackConfig, language: Language): Form {
  const words = WORDS[language];
  const { customer, hosts, leqi, leqiId, listen, publicAddress, registeredIp, sources } = config;
  const facts: [string, string | undefined][] = [
    [words.customer, customer?.name],
    [words.creditCode, customer?.creditCode],
    [words.leqiId, leqiId],
    [words.environments, config.environments.map((environment) => words[environment]).join(", ")],
    [words.registeredIp, registeredIp],
    [words.publicAddress, publicAddress],
  ];
  const inbound = hosts.flatMap(({ name, address }) =>
    sources.map(({ cidr, owner }) => [cidr, owner, address, name, `TCP ${String(listen.port)}`]),
  );
  const destinations = leqi.addresses.length === 0 ? [leqi.host] : leqi.addresses;
  const what = registeredIp === undefined ? words.leqi : `${words.leqi}; ${words.egress(registeredIp)}`;
  const outbound = hosts.flatMap(({ name, address }) =>
    destinations.map((destination) => [address, name, destination, what, `TCP ${String(leqi.port)}`]),
  );
  return {
    title: words.title,
    facts: facts.flatMap(([label, value]) => (value === undefined ? [] : [[label, value] as const])),
    tables: [
      { caption: words.inbound, head: words.head, rows: inbound },
      { caption: words.outbound, head: words.head, rows: outbound },
    ],
    notes: [words.only(listen.port), words.v6, ...(leqi.addresses.length === 0 ? [words.names] : [])],
  };
}
