import type { Catalogue } from "./language";

/** What `lqpt forget` and `lqpt unlock` say of a stack's state. */
export interface StateWords {
  readonly neverReported: (host: string) => string;
  /** @param sources none: nobody */
  readonly letsIn: (host: string, sources: readonly string[]) => string;
  readonly takenOut: (host: string, resources: number, stack: string) => string;
  readonly afterwards: (file: string) => readonly string[];
  readonly notLocked: (stack: string) => string;
  readonly released: (stack: string, locks: string) => string;
  readonly held: (stack: string, locks: string) => string;
  readonly locked: (stack: string, locks: string) => string;
  readonly lock: (who: string, pid: number, since: string, minutes: number) => string;
}

const EN: StateWords = {
  neverReported: (host) =>
    `${host} never reported what is in force there, or that cannot be read: whoever it let in it lets in still, if it runs. lqptctl close on its console ends that`,
  letsIn: (host, sources) =>
    `${host}, if it runs, lets in as it last reported: ${sources.join(", ") || "nobody"}. lqptctl close on its console ends that`,
  takenOut: (host, resources, stack) => `${host}: ${resources} resources taken out of the state of ${stack}`,
  afterwards: (file) => [`take it out of ${file}, with its secrets, if it is still there`, "then pulumi up"],
  notLocked: (stack) => `${stack} is not locked, and nothing is pending`,
  released: (stack, locks) => `${stack} was locked ${locks}; it is released, and nothing is pending`,
  held: (stack, locks) =>
    `${stack} is locked ${locks}; that process still runs, so it stays locked. Let it come to its end`,
  locked: (stack, locks) =>
    `${stack} is locked ${locks}; make sure that nobody's run goes on, then lqpt unlock ${stack} --yes`,
  lock: (who, pid, since, minutes) => `by ${who} (process ${pid}) since ${since}, ${minutes} min ago`,
};

const ZH: StateWords = {
  neverReported: (host) =>
    `${host} 从未报告过生效的内容，或报告无法读取：如果它还在运行，原来放行的仍然放行。在其控制台执行 lqptctl close 可停止放行`,
  letsIn: (host, sources) =>
    `${host} 如果还在运行，按其最近一次报告会放行：${sources.join("、") || "无人"}。在其控制台执行 lqptctl close 可停止放行`,
  takenOut: (host, resources, stack) => `${host}：已从 ${stack} 的状态中移除 ${resources} 个资源`,
  afterwards: (file) => [`如果 ${file} 中还有它，连同其密钥和密码一起删去`, "再执行 pulumi up"],
  notLocked: (stack) => `${stack} 没有被锁，也没有未完成项`,
  released: (stack, locks) => `${stack} 曾被锁住（${locks}）；已释放，没有未完成项`,
  held: (stack, locks) => `${stack} 被锁住（${locks}）；该进程仍在运行，因此保持锁定。请等它结束`,
  locked: (stack, locks) =>
    `${stack} 被锁住（${locks}）；请确认没有人的执行还在进行，再执行 lqpt unlock ${stack} --yes`,
  lock: (who, pid, since, minutes) => `由 ${who}（进程 ${pid}）自 ${since} 起，${minutes} 分钟前`,
};

export const STATE_WORDS: Catalogue<StateWords> = { en: EN, zh: ZH };
