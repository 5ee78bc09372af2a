import type { Catalogue } from "./language";

/** What more than one command says. */
export interface SharedWords {
  /** Of lines that had no room; `command` shows all of them. */
  readonly more: (count: number, command: string) => string;
  readonly asking: (what: string, hosts: number) => string;
  readonly answered: (host: string) => string;
  readonly silent: (host: string) => string;
  /** `why` is empty where the host has not looked at itself since it was started. */
  readonly unfit: (why: string) => string;
  readonly left: (told: string, count: number) => string;
  /** Of a stack without hosts: an environment's list, or one that was just begun. */
  readonly isList: (stack: string) => string;
  readonly noHosts: (stack: string, file: string) => string;
  /** Of a pair; `hosts` are those that have the shared address, empty where nobody does. */
  readonly holders: (hosts: string) => string;
  readonly next: (steps: readonly string[]) => string;
}

const EN: SharedWords = {
  more: (count, command) => `… and ${count} more lines; ${command} shows all`,
  asking: (what, hosts) => `${what}: asking ${hosts} host${hosts === 1 ? "" : "s"}`,
  answered: (host) => `${host} answered`,
  silent: (host) => `${host} did not answer`,
  unfit: (why) =>
    `health checks are told that it is not to be called: ${why || "it has not looked at itself since it was started"}`,
  left: (told, count) => `${told}; ${count} left`,
  isList: (stack) =>
    `${stack} is an environment's list, which customers' stacks inherit, and has no hosts; name a customer's stack`,
  noHosts: (stack, file) => `${stack} has no hosts yet; write them under lqpt:hosts of ${file}`,
  holders: (hosts) =>
    hosts === ""
      ? "neither host of the pair has the shared address, so no call to it is answered; if it stays so, see keepalived's log on both"
      : `the shared address is on ${hosts} at once; if it stays so, they do not hear each other: VRRP (IP protocol 112) must pass between them`,
  next: (steps) => `next: ${steps.join("; ")}`,
};

const ZH: SharedWords = {
  more: (count, command) => `…… 另有 ${count} 行；用 ${command} 查看全部`,
  asking: (what, hosts) => `${what}：正在询问 ${hosts} 台主机`,
  answered: (host) => `${host} 已应答`,
  silent: (host) => `${host} 没有应答`,
  unfit: (why) => `健康检查得到的回答是不可调用：${why || "启动以来还没有查看过自己"}`,
  left: (told, count) => `${told}；还剩 ${count} 个`,
  isList: (stack) => `${stack} 是环境的公共名单，供各客户的栈继承，本身没有主机；请给出某个客户的栈`,
  noHosts: (stack, file) => `${stack} 还没有主机；请写到 ${file} 的 lqpt:hosts 下`,
  holders: (hosts) =>
    hosts === ""
      ? "两台主机都没有虚拟IP，发往它的调用无人应答；若持续如此，请在两台主机上查看 keepalived 的日志"
      : `虚拟IP同时在 ${hosts} 上；若持续如此，说明两台主机互相听不到：它们之间须放行VRRP（IP协议号112）`,
  next: (steps) => `下一步：${steps.join("；")}`,
};

export const SHARED_WORDS: Catalogue<SharedWords> = { en: EN, zh: ZH };
