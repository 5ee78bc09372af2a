import type { Seen } from "../documents/doctorReport";
import type { Catalogue } from "./language";

/** What `lqpt import` leaves to a person: what to decide or do before the first `up`, a sentence each. */
export interface ImportWords {
  /** What a decision begins with, in the file and at the terminal. */
  readonly toDecide: (decision: string) => string;
  readonly onlyAfterStart: string;
  /** @param logs how many of nginx's could be read */
  readonly seen: (found: Omit<Seen, "source">, logs: number) => string;
  readonly vendor: (environment: string, owner: string) => string;
  readonly allowed: (cidr: string, hosts: string, seen: string, others: string) => string;
  readonly vendors: (cidr: string, vendor: string, seen: string) => string;
  readonly tooWide: (cidr: string, vendor: string) => string;
  readonly misspelt: (source: string, hosts: string) => string;
  readonly open: (host: string, openings: string) => string;
  readonly off: (host: string) => string;
  readonly filtersNothing: (host: string) => string;
  readonly filterUnknown: (host: string) => string;
  readonly caller: (source: string, hosts: string, seen: string) => string;
  readonly vendorsCaller: (source: string, vendor: string, seen: string) => string;
  readonly moreCallers: (host: string, count: number) => string;
  readonly noLog: (host: string) => string;
  readonly unreadLogs: (host: string, reasons: string) => string;
  readonly site: (path: string, hosts: string) => string;
  /** @param path of a file that holds more than the server on the port */
  readonly mixedSite: (path: string, host: string) => string;
  /** @param path of a file that `lqpt:remove` cannot name */
  readonly oddSite: (path: string, host: string) => string;
  readonly nginxRefuses: (host: string, words: string) => string;
  readonly otherNginx: (host: string, programs: string) => string;
  readonly otherServer: (host: string) => string;
  readonly foreign: (host: string, words: string) => string;
  readonly keepOpen: (host: string, port: string) => string;
  readonly ruleset: (host: string, ruleset: string) => string;
  readonly ownCertificate: (host: string) => string;
  readonly otherCertificate: (host: string) => string;
  readonly plainBefore: (host: string) => string;
  readonly accessRules: (host: string, rules: string) => string;
  readonly steps: (stack: string, file: string) => readonly string[];
  readonly mistakes: (stack: string, file: string, count: number) => string;
}

const EN: ImportWords = {
  toDecide: (decision) => `To decide: ${decision}`,
  onlyAfterStart: ", not now but once firewalld is started anew",
  seen: ({ firstSeen, lastSeen, requests }, logs) => {
    if (firstSeen !== null && lastSeen !== null) {
      return `seen from ${firstSeen} to ${lastSeen} (${requests} calls)`;
    }
    return logs === 0 ? "no log of nginx to tell its calls" : "never seen in nginx's log";
  },
  vendor: (environment, owner) => `the vendor's for ${environment} (${owner})`,
  allowed: (cidr, hosts, seen, others) =>
    `${cidr} may reach ${hosts}, ${seen}: write whose it is, or move it to lqpt:remove${others === "" ? "" : `. The first up lets it in to ${others} as well`}`,
  vendors: (cidr, vendor, seen) => `${cidr} is ${vendor}, ${seen}: the first up cuts it off; agree to that`,
  tooWide: (cidr, vendor) =>
    `${cidr} holds ${vendor}, which must not get in, and others: write those of it that are to stay, each by itself, and move it to lqpt:remove`,
  misspelt: (source, hosts) =>
    `${hosts} lets in ${source}, which no list can say: replace that rule there by hand by one for the network itself, and write that to lqpt:allow, or the first up is refused`,
  open: (host, openings) =>
    `${host} is open to everyone (${openings}): the first up closes that; agree to it`,
  off: (host) =>
    `${host}: firewalld does not run, so whoever reaches the machine gets in; the first up starts it, and lets in lqpt:allow alone`,
  filtersNothing: (host) =>
    `${host}: firewalld runs and the kernel has none of its rules, so whoever reaches the machine gets in: restart it there, or the first up is refused; from then on what firewalld lists alone gets in`,
  filterUnknown: (host) =>
    `${host}: firewalld runs, and the kernel's rules cannot be read there (neither nft nor iptables), so nobody knows whether it filters: install one of them, or the first up is refused`,
  caller: (source, hosts, seen) =>
    `${source} calls ${hosts}, ${seen}, and no rule names it: write whose it is, or take it out of lqpt:allow, and the first up cuts it off`,
  vendorsCaller: (source, vendor, seen) =>
    `${source} calls, ${seen}, and is ${vendor}: the first up cuts it off; agree to that`,
  moreCallers: (host, count) =>
    `${host}: ${count} more addresses called, by nginx's log there, than are written here: look at it, and write those that are to stay to lqpt:allow, or the first up cuts them off`,
  noLog: (host) =>
    `${host}: no log of nginx could be read, so nobody knows who calls: ask, and write them to lqpt:allow, or the first up cuts them off`,
  unreadLogs: (host, reasons) =>
    `${host}: not every call is told by the logs that could be read (${reasons}): look at who calls, and write those that are to stay to lqpt:allow, or the first up cuts them off`,
  site: (path, hosts) =>
    `${path} on ${hosts} is taken away by the first up, and ours serves the port: agree to that`,
  mixedSite: (path, host) =>
    `${path} on ${host} has the server on the port and more of nginx's configuration, which would go with it: move that server block to a file of its own there, include it, and name that file in lqpt:remove, or the first up is refused`,
  oddSite: (path, host) =>
    `${path} on ${host} has the server on the port, and lqpt:remove cannot name that file: rename it there to an absolute path of letters, digits, _ . - and /, and name it in lqpt:remove, or the first up is refused`,
  nginxRefuses: (host, words) =>
    `${host}: nginx refuses its own files (${words}), so nobody knows what serves the port, or whether by TLS: mend them there, and import again, or the first up fails`,
  otherNginx: (host, programs) =>
    `${host}: other nginx run there too (${programs}): stop them there, or the first up is refused`,
  otherServer: (host) =>
    `${host}: what serves the port is no nginx that was found: stop it there by hand, or the first up is refused`,
  foreign: (host, words) => `${host}: ${words}: take that away there by hand, or the first up is refused`,
  keepOpen: (host, port) =>
    `${host}: ${port} stays open to everyone, on each host of the stack (lqpt:firewall.keepOpen): agree, or move it to closes`,
  ruleset: (host, ruleset) =>
    `${host}: it filters by ${ruleset} already: name that in lqpt:firewall.closes, or set mode external`,
  ownCertificate: (host) =>
    `${host} speaks TLS on the port: write its certificate to lqpt:listen.certificate and set its key, so that callers meet the one that they know`,
  otherCertificate: (host) =>
    `${host} speaks TLS on the port with a certificate of its own: the first up puts another in its place, and callers that trust the old one alone are cut off; agree to that, or set tls: provided`,
  plainBefore: (host) =>
    `${host} speaks plain http on the port: with the first up callers must call https; agree to that, or set tls: none`,
  accessRules: (host, rules) =>
    `${host}: nginx has rules of its own (${rules}), and the site of the first up goes by lqpt:allow alone: whoever firewalld lets in and they refuse would get in; compare them`,
  steps: (stack, file) => [`read ${file}, decide, commit it`, `pulumi preview --stack ${stack}`],
  mistakes: (stack, file, count) =>
    `${file} has ${count} mistake${count === 1 ? "" : "s"}, by what is in force on the machine: lqpt lint ${stack} tells them; pulumi up refuses it until they are mended`,
};

const ZH: ImportWords = {
  toDecide: (decision) => `待决定：${decision}`,
  onlyAfterStart: "，目前未放行，firewalld重启后才会放行",
  seen: ({ firstSeen, lastSeen, requests }, logs) => {
    if (firstSeen !== null && lastSeen !== null) {
      return `${firstSeen} 至 ${lastSeen} 有调用（${requests} 次）`;
    }
    return logs === 0 ? "没有nginx日志，查不到它的调用" : "nginx日志中没有它的调用";
  },
  vendor: (environment, owner) => `厂商 ${environment} 环境的地址（${owner}）`,
  allowed: (cidr, hosts, seen, others) =>
    `${cidr} 可以访问 ${hosts}，${seen}：请写明归属，或移到 lqpt:remove${others === "" ? "" : `。第一次up之后它也能访问 ${others}`}`,
  vendors: (cidr, vendor, seen) => `${cidr} 是${vendor}，${seen}：第一次up会切断它的访问；请确认`,
  tooWide: (cidr, vendor) =>
    `${cidr} 里有 ${vendor}，不得放行，同时还有其他地址：请把要保留的逐个写出来，再把该网段移到 lqpt:remove`,
  misspelt: (source, hosts) =>
    `${hosts} 放行了 ${source}，这种写法无法写进白名单：请在主机上手工改成针对该网段本身的规则，并写进 lqpt:allow，否则第一次up会被拒绝`,
  open: (host, openings) => `${host} 对所有人开放（${openings}）：第一次up会关闭；请确认`,
  off: (host) =>
    `${host}：firewalld没有运行，凡是能连到这台机器的都不受限制；第一次up会启动它，只放行 lqpt:allow 中的地址`,
  filtersNothing: (host) =>
    `${host}：firewalld在运行，但内核中没有它的规则，凡是能连到这台机器的都不受限制：请在主机上重新启动它，否则第一次up会被拒绝；此后只放行firewalld列出的`,
  filterUnknown: (host) =>
    `${host}：firewalld在运行，但在主机上读不到内核的规则（没有nft，也没有iptables），无法得知它是否在过滤：请安装其中之一，否则第一次up会被拒绝`,
  caller: (source, hosts, seen) =>
    `${source} 在调用 ${hosts}，${seen}，但没有针对它的规则：请写明归属；如从 lqpt:allow 中删去，第一次up会切断它`,
  vendorsCaller: (source, vendor, seen) =>
    `${source} 在调用，${seen}，它是${vendor}：第一次up会切断它；请确认`,
  moreCallers: (host, count) =>
    `${host}：据其nginx日志，另有 ${count} 个调用过的地址没有列出：请核查，要保留的写进 lqpt:allow，否则第一次up会切断它们`,
  noLog: (host) =>
    `${host}：没有可读的nginx日志，无法得知谁在调用：请向客户核实，并写进 lqpt:allow，否则第一次up会切断它们`,
  unreadLogs: (host, reasons) =>
    `${host}：能读到的日志没有记下每一次调用（${reasons}）：请查看谁在调用，要保留的写进 lqpt:allow，否则第一次up会切断它们`,
  site: (path, hosts) => `第一次up会移走 ${hosts} 上的 ${path}，改由我们的站点服务该端口：请确认`,
  mixedSite: (path, host) =>
    `${host} 上的 ${path} 除该端口的server之外还有nginx的其他配置，会一起被移走：请在主机上把这个server块移到单独的文件并include它，再把该文件写进 lqpt:remove，否则第一次up会被拒绝`,
  oddSite: (path, host) =>
    `${host} 上的 ${path} 有该端口的server，而 lqpt:remove 写不出这个文件名：请在主机上改名为只含字母、数字、_ . - 和 / 的绝对路径，再写进 lqpt:remove，否则第一次up会被拒绝`,
  nginxRefuses: (host, words) =>
    `${host}：nginx拒绝它自己的文件（${words}），无法得知由什么服务该端口、是否用TLS：请在主机上改正后重新import，否则第一次up会失败`,
  otherNginx: (host, programs) =>
    `${host}：那里还运行着其他nginx（${programs}）：请在主机上停掉，否则第一次up会被拒绝`,
  otherServer: (host) =>
    `${host}：监听该端口的不是已发现的任何一个nginx：请在主机上手工停掉它，否则第一次up会被拒绝`,
  foreign: (host, words) => `${host}：${words}：请在主机上手工去掉，否则第一次up会被拒绝`,
  keepOpen: (host, port) =>
    `${host}：${port} 在该栈的每台主机上仍对所有人开放（lqpt:firewall.keepOpen）：请确认，或移到 closes`,
  ruleset: (host, ruleset) =>
    `${host}：已在用 ${ruleset} 做过滤：请写进 lqpt:firewall.closes，或把 lqpt:firewall.mode 设为 external`,
  ownCertificate: (host) =>
    `${host} 在该端口上使用TLS：请把它的证书写进 lqpt:listen.certificate 并设置其私钥，让调用方看到的仍是原来的证书`,
  otherCertificate: (host) =>
    `${host} 在该端口上用自己的证书提供TLS：第一次up会换成另一张，只信任旧证书的调用方会被切断；请确认，或设tls: provided`,
  plainBefore: (host) => `${host} 在该端口上使用http：第一次up之后调用方必须用https；请确认，或设tls: none`,
  accessRules: (host, rules) =>
    `${host}：nginx有自己的规则（${rules}），而第一次up之后的站点只认 lqpt:allow：firewalld放行、却被这些规则拒绝的地址将能访问；请核对`,
  steps: (stack, file) => [`通读 ${file}，逐条决定后提交`, `pulumi preview --stack ${stack}`],
  mistakes: (stack, file, count) =>
    `按机器现状写成的 ${file} 有 ${count} 处错误：用 lqpt lint ${stack} 查看；改正之前pulumi up会拒绝执行`,
};

export const IMPORT_WORDS: Catalogue<ImportWords> = { en: EN, zh: ZH };
