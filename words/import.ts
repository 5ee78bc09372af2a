import type { FoundSource } from "../documents/doctorReport";
import type { Catalogue } from "./language";

/** What `lqpt import` leaves to a person: what to decide or do before the first `up`, a sentence each. */
export interface ImportWords {
  /** What a decision begins with, in the file and at the terminal. */
  readonly toDecide: (decision: string) => string;
  readonly seen: (found: FoundSource) => string;
  readonly vendor: (environment: string, owner: string) => string;
  readonly allowed: (cidr: string, host: string, seen: string) => string;
  readonly vendors: (cidr: string, vendor: string, seen: string) => string;
  /** @param callers who called, by nginx's log */
  readonly open: (host: string, openings: string, callers: readonly string[]) => string;
  readonly site: (path: string, host: string) => string;
  readonly foreign: (host: string, words: string) => string;
  readonly off: (host: string, callers: readonly string[]) => string;
  readonly keepOpen: (host: string, port: string) => string;
  readonly ruleset: (host: string, ruleset: string) => string;
  readonly steps: (stack: string, file: string) => readonly string[];
  readonly mistakes: (stack: string, file: string, count: number) => string;
}

const EN: ImportWords = {
  toDecide: (decision) => `To decide: ${decision}`,
  seen: ({ firstSeen, lastSeen, requests }) =>
    firstSeen === null || lastSeen === null
      ? "never seen in nginx's log"
      : `seen from ${firstSeen} to ${lastSeen} (${requests} calls)`,
  vendor: (environment, owner) => `the vendor's for ${environment} (${owner})`,
  allowed: (cidr, host, seen) =>
    `${cidr} may reach ${host}, ${seen}: write whose it is, or move it to lqpt:remove`,
  vendors: (cidr, vendor, seen) => `${cidr} is ${vendor}, ${seen}: the first up cuts it off; agree to that`,
  open: (host, openings, callers) =>
    `${host} is open to everyone (${openings}): the first up closes that; agree to it${calledEn(callers)}`,
  site: (path, host) =>
    `${path} on ${host} is taken away by the first up, and ours serves the port: agree to that`,
  foreign: (host, words) => `${host}: ${words}: take that away there by hand, or the first up is refused`,
  off: (host, callers) =>
    `${host}: firewalld does not run, so whoever reaches the machine gets in; the first up starts it, and lets in lqpt:allow alone${calledEn(callers)}`,
  keepOpen: (host, port) =>
    `${host}: ${port} stays open to everyone (lqpt:firewall.keepOpen): agree, or move it to closes`,
  ruleset: (host, ruleset) =>
    `${host}: it filters by ${ruleset} already: name that in lqpt:firewall.closes, or set mode external`,
  steps: (stack, file) => [`read ${file}, decide, commit it`, `pulumi preview --stack ${stack}`],
  mistakes: (stack, file, count) =>
    `${file} has ${count} mistake${count === 1 ? "" : "s"}, by what is in force on the machine: lqpt lint ${stack} tells them; pulumi up refuses it until they are mended`,
};

function calledEn(callers: readonly string[]): string {
  return callers.length === 0
    ? ""
    : `. By nginx's log there called: ${callers.join("; ")}; write those that are to stay to lqpt:allow`;
}

const ZH: ImportWords = {
  toDecide: (decision) => `待决定：${decision}`,
  seen: ({ firstSeen, lastSeen, requests }) =>
    firstSeen === null || lastSeen === null
      ? "nginx日志中从未出现"
      : `出现于 ${firstSeen} 至 ${lastSeen}（${requests} 次调用）`,
  vendor: (environment, owner) => `厂商 ${environment} 环境的地址（${owner}）`,
  allowed: (cidr, host, seen) => `${cidr} 可以访问 ${host}，${seen}：请写明归属，或移到 lqpt:remove`,
  vendors: (cidr, vendor, seen) => `${cidr} 是${vendor}，${seen}：第一次up会切断它；请确认`,
  open: (host, openings, callers) =>
    `${host} 对所有人开放（${openings}）：第一次up会关闭；请确认${calledZh(callers)}`,
  site: (path, host) => `${host} 上的 ${path} 会被第一次up拿走，由我们的站点服务该端口：请确认`,
  foreign: (host, words) => `${host}：${words}：请在那里手工去掉，否则第一次up会被拒绝`,
  off: (host, callers) =>
    `${host}：firewalld没有运行，到得了机器的都进得来；第一次up会启动它，只放行 lqpt:allow${calledZh(callers)}`,
  keepOpen: (host, port) =>
    `${host}：${port} 继续对所有人开放（lqpt:firewall.keepOpen）：请确认，或移到 closes`,
  ruleset: (host, ruleset) =>
    `${host}：它已经用 ${ruleset} 过滤：请写进 lqpt:firewall.closes，或设mode为external`,
  steps: (stack, file) => [`阅读 ${file}，作出决定并提交`, `pulumi preview --stack ${stack}`],
  mistakes: (stack, file, count) =>
    `按机器上正在生效的内容，${file} 有 ${count} 处错误：lqpt lint ${stack} 会说明；改正之前pulumi up会拒绝`,
};

function calledZh(callers: readonly string[]): string {
  return callers.length === 0
    ? ""
    : `。按那里nginx的日志，调用过的有：${callers.join("；")}；要保留的请写进 lqpt:allow`;
}

export const IMPORT_WORDS: Catalogue<ImportWords> = { en: EN, zh: ZH };
