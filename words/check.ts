import type { Trouble } from "../documents/checkReport";
import type { Catalogue } from "./language";

/** Everything that `lqpt check` says beside what hosts say. */
export interface CheckWords {
  readonly reached: (host: string) => string;
  readonly trouble: (host: string) => string;
  readonly callsLeft: (told: string, count: number) => string;
  readonly says: (trouble: Trouble) => string;
  readonly notDialled: (host: string) => string;
}

const EN: CheckWords = {
  reached: (host) => `${host}: Leqi is reached`,
  trouble: (host) => `${host}: trouble`,
  callsLeft: (told, count) => `${told}; ${count} calls left for this hour`,
  says: (trouble) => {
    if (trouble.kind === "silent") return trouble.detail;
    if (trouble.kind === "egress") {
      return `the world sees this machine as ${trouble.seen ?? "nobody knows"}, and registered is ${trouble.registered ?? "nothing"}: Leqi takes calls from the registered address alone`;
    }
    const way = `${trouble.environment}, ${trouble.way === "direct" ? "directly" : "through nginx"}`;
    return trouble.kind === "chain" ? `${way}, its chain: ${trouble.detail}` : `${way}: ${trouble.detail}`;
  },
  notDialled: (host) => `${host}: not dialled; its administrator calls lqptctl check there`,
};

const ZH: CheckWords = {
  reached: (host) => `${host}：乐企连通性检查通过`,
  trouble: (host) => `${host}：乐企连通性检查未通过`,
  callsLeft: (told, count) => `${told}；本小时还可调用 ${count} 次`,
  says: (trouble) => {
    if (trouble.kind === "silent") return trouble.detail;
    if (trouble.kind === "egress") {
      return `本机的实际出口IP是 ${trouble.seen ?? "未知"}，备案的是 ${trouble.registered ?? "无"}：乐企只接受来自备案IP的调用`;
    }
    const way = `${trouble.environment}，${trouble.way === "direct" ? "直连" : "经过nginx"}`;
    return trouble.kind === "chain" ? `${way}，其证书链：${trouble.detail}` : `${way}：${trouble.detail}`;
  },
  notDialled: (host) => `${host}：不远程连接；请其管理员在主机上执行 lqptctl check`,
};

export const CHECK_WORDS: Catalogue<CheckWords> = { en: EN, zh: ZH };
