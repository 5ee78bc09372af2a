import type { Catalogue } from "./language";

const EN = {
  environments: "Which environments does it serve?",
  sandbox: "sandbox: for tests",
  prod: "prod: production",
  topology: "Where do the back ends that call it run? That decides who may reach it",
  public:
    "public-cloud: in the vendor's cloud; the vendor's egress IPs are let in, and those that you name below",
  private:
    "private-cloud: in the customer's intranet; those alone that you name below are let in, none of the vendor's",
  leqiId: "The Leqi ID of the connecting unit, with the zeros that it begins with",
  customer: "The customer's name (may be empty; the forms need it)",
  registeredIp: "The egress IP registered with the tax bureau (empty where it is not known yet)",
  host: "Address of the machine, IPv4 or a DNS name (several: separated by blanks)",
  delivery: "How does a change get there?",
  ssh: "pulumi up dials it by SSH",
  bundle: "nobody can dial it: its administrator runs a file",
  user: "The user to log in as by SSH (empty: root)",
  auth: "With what?",
  agent: "a key in the SSH agent",
  key: "a private key in a file",
  password: "a password",
  sudo: "How does this user become root?",
  nopasswd: "sudo without a password",
  withPassword: "sudo with a password",
  way: "What is the way to the machine?",
  directly: "directly",
  throughBastion: "through a bastion",
  bastion: "Address of the bastion",
  bastionUser: "The user at the bastion",
  bastionAuth: "With what does the bastion let in?",
  tls: "What does the proxy speak?",
  selfSigned: "https, with a certificate of its own CA",
  http: "http, which everybody on the way can read",
  allow: "Who may reach it besides? ADDRESS=OWNER, such as 203.0.113.9=ACME; empty when there is nobody else",
  privateKey: "Path of the private key, which must have no passphrase",
  loginPassword: "The password to log in with",
  sudoPassword: "The password for sudo",
  bastionPrivateKey: "Path of the private key for the bastion",
  bastionPassword: "The password for the bastion",
  compare: (address: string, print: string) =>
    `${address} answers with the host key ${print}. On the machine: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub. Is it the same?`,
  forget: (host: string, resources: number) =>
    `Take ${host} (${resources} resources) out of the state? Nothing is done on the machine.`,
  /** What an answer is to be, where it was another. */
  expected: {
    leqiId: "1 to 64 letters, digits, - and _",
    customer: "one line of at most 200 characters",
    creditCode: "15 to 20 digits and capital letters",
    registeredIp: "one IPv4 address, such as 203.0.113.10",
    host: "an IPv4 address or a DNS name, such as 203.0.113.10",
    user: "a user's name, such as root",
    bastion: "an IPv4 address or a DNS name, such as 203.0.113.20",
    bastionUser: "a user's name, such as jump",
    allow: "ADDRESS=OWNER, with an IPv4 address or CIDR, such as 203.0.113.9=ACME",
    privateKey: "the file of a private key without a passphrase",
  },
  twice: "this address was named before",
  /** @param wide full-width characters in it; `problem` names them in English already */
  refused: (_wide: readonly string[], problem: string | undefined, expected: string, next?: string): string =>
    [problem, `expected ${expected}`, next].filter((part) => part !== undefined).join("; "),
  atLeastOne: "Mark at least one of them",
  pickOne: "↑/↓ to choose, Enter to confirm",
  pickSome: "Space to mark, Enter to confirm",
  yes: "yes",
  no: "no",
  cancelled: "nothing was changed",
};

/** What is asked of a person. */
export type QuestionWords = typeof EN;

const ZH: QuestionWords = {
  environments: "服务哪些环境？（同一台机器可以都选）",
  sandbox: "sandbox：沙箱（测试）",
  prod: "prod：生产",
  topology: "调用代理的后端在哪里？由此决定放行谁",
  public: "公有云（public-cloud）：后端在厂商的云上；放行厂商的出口IP，以及下面另外填写的地址",
  private: "私有云（private-cloud）：后端在客户内网；只放行下面填写的地址，厂商的一个也不放行",
  leqiId: "接入单位的乐企ID（开头的0不能省）",
  customer: "客户名称（可留空；申请单要用）",
  registeredIp: "在税务局备案的出口IP（还不知道可留空）",
  host: "主机地址，IPv4或域名（多台以空格分隔）",
  delivery: "变更如何下发到主机？",
  ssh: "由 pulumi up 经SSH连接主机执行",
  bundle: "主机连不上：由对方管理员在主机上执行一个文件",
  user: "SSH登录用户（直接回车为root）",
  auth: "用什么方式登录？",
  agent: "SSH agent 中的密钥",
  key: "私钥文件",
  password: "密码",
  sudo: "该用户如何取得root权限？",
  nopasswd: "sudo，免密码",
  withPassword: "sudo，需要密码",
  way: "怎么连到主机？",
  directly: "直连",
  throughBastion: "经跳板机",
  bastion: "跳板机的地址，IPv4或域名",
  bastionUser: "跳板机的登录用户",
  bastionAuth: "用什么方式登录跳板机？",
  tls: "代理对后端用什么协议？",
  selfSigned: "https，证书由自建CA签发（后端须信任该CA）",
  http: "http，传输途中可被他人看到",
  allow: "还有谁可以访问？地址=归属，例如 203.0.113.9=某某公司；没有则直接回车",
  privateKey: "私钥文件的路径（私钥不能带口令）",
  loginPassword: "登录密码",
  sudoPassword: "sudo密码",
  bastionPrivateKey: "登录跳板机的私钥文件的路径",
  bastionPassword: "跳板机的登录密码",
  compare: (address: string, print: string) =>
    `${address} 的主机密钥是 ${print}。请在主机上核对：ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub。是否一致？`,
  forget: (host: string, resources: number) =>
    `从状态中移除 ${host}（${resources} 个资源）？主机上不做任何操作。`,
  expected: {
    leqiId: "1到64个字母、数字、- 或 _",
    customer: "一行文字，最多200个字符",
    creditCode: "15到20位数字和大写字母",
    registeredIp: "一个IPv4地址，例如 203.0.113.10",
    host: "IPv4地址或域名，例如 203.0.113.10",
    user: "用户名，例如 root",
    bastion: "IPv4地址或域名，例如 203.0.113.20",
    bastionUser: "用户名，例如 jump",
    allow: "地址=归属，地址是IPv4地址或网段，例如 203.0.113.9=某某公司",
    privateKey: "不带口令的私钥文件",
  },
  twice: "这个地址前面已经填过",
  refused: (wide, problem, expected, next) => {
    const why = wide.length > 0 ? `含有全角字符 ${wide.join(" ")}，请改用半角` : problem;
    const write = next?.replace(/^write (\S+)$/, "请写 $1");
    return [why, `应为${expected}`, wide.length > 0 && write === next ? undefined : write]
      .filter((part) => part !== undefined)
      .join("；");
  },
  atLeastOne: "请至少勾选一项",
  pickOne: "↑/↓ 选择，回车确认",
  pickSome: "空格勾选，回车确认",
  yes: "是",
  no: "否",
  cancelled: "没有做任何更改",
};

export const QUESTION_WORDS: Catalogue<QuestionWords> = { en: EN, zh: ZH };
