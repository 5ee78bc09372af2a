import type { Catalogue } from "./language";

const EN = {
  environments: "Which environments does it serve?",
  topology: "Where are the back ends that call it?",
  public: "public cloud: the vendor's, and the customer's",
  private: "private cloud: the customer's alone",
  leqiId: "The Leqi ID",
  customer: "The customer's name",
  host: "Address of the machine (several: separated by blanks)",
  delivery: "How does a change get there?",
  ssh: "pulumi up dials it by SSH",
  bundle: "nobody can dial it: its administrator runs a file",
  user: "The user to log in as",
  auth: "With what?",
  agent: "a key in the SSH agent",
  key: "a private key in a file",
  password: "a password",
  sudo: "How does this user become root?",
  nopasswd: "sudo without a password",
  withPassword: "sudo with a password",
  tls: "What does the proxy speak?",
  selfSigned: "https, with a certificate of its own CA",
  http: "http",
  allow: "Who may reach it besides? ADDRESS=OWNER, empty when there is nobody else",
  privateKey: "Path of the private key",
  loginPassword: "The password to log in with",
  sudoPassword: "The password for sudo",
  compare: (address: string, print: string) =>
    `${address} answers with the host key ${print}. On the machine: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub. Is it the same?`,
  forget: (host: string, resources: number) =>
    `Take ${host} (${resources} resources) out of the state? Nothing is done on the machine.`,
  pickOne: "↑/↓ to choose, Enter to confirm",
  pickSome: "Space to mark, Enter to confirm",
  yes: "yes",
  no: "no",
  cancelled: "nothing was changed",
};

/** What is asked of a person. */
export type QuestionWords = typeof EN;

const ZH: QuestionWords = {
  environments: "服务哪些环境？",
  topology: "调用它的后端在哪里？",
  public: "公有云：厂商的和客户的",
  private: "私有云：只有客户自己的",
  leqiId: "乐企ID",
  customer: "客户名称",
  host: "主机地址（多台以空格分隔）",
  delivery: "变更如何到达主机？",
  ssh: "pulumi up 通过SSH连接",
  bundle: "无法连接：由其管理员运行一个文件",
  user: "登录用户",
  auth: "用什么登录？",
  agent: "SSH agent中的密钥",
  key: "文件中的私钥",
  password: "密码",
  sudo: "该用户如何成为root？",
  nopasswd: "sudo，不需要密码",
  withPassword: "sudo，需要密码",
  tls: "代理用什么协议？",
  selfSigned: "https，证书由自有CA签发",
  http: "http",
  allow: "还有谁可以访问？地址=归属，没有则留空",
  privateKey: "私钥文件的路径",
  loginPassword: "登录密码",
  sudoPassword: "sudo密码",
  compare: (address: string, print: string) =>
    `${address} 的主机密钥是 ${print}。请在主机上核对：ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub。是否一致？`,
  forget: (host: string, resources: number) =>
    `从状态中移除 ${host}（${resources} 个资源）？主机上不做任何操作。`,
  pickOne: "↑/↓选择，回车确认",
  pickSome: "空格勾选，回车确认",
  yes: "是",
  no: "否",
  cancelled: "没有做任何更改",
};

export const QUESTION_WORDS: Catalogue<QuestionWords> = { en: EN, zh: ZH };
