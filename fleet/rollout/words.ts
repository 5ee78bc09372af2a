import type { Language } from "../../forms/form";
import type { OutcomeKind } from "./run";
import type { VerdictKind } from "./verdict";

/** Everything that a rollout says beside what hosts and Pulumi say. */
export interface RolloutWords {
  readonly verdicts: Readonly<Record<VerdictKind, string>>;
  readonly outcomes: Readonly<Record<OutcomeKind, string>>;
  readonly reading: (stacks: number) => string;
  readonly wave: (wave: number, of: number, stacks: string) => string;
  readonly begun: (stack: string) => string;
  readonly stopping: string;
  readonly dryRun: (waves: number) => string;
  readonly remaining: (count: number) => string;
  readonly allThere: string;
}

const EN: RolloutWords = {
  verdicts: {
    go: "to be changed",
    already: "is what was reviewed",
    unreached: "no `pulumi up` reaches its hosts",
    waiting: "waits for its window",
    silent: "could not be read",
    drifted: "is not what its stack says; lqpt drift",
    moved: "is not what was reviewed",
    old: "has had a newer revision",
  },
  outcomes: {
    done: "done",
    failed: "failed",
    unhealthy: "is not what it should be after the change",
    stopped: "not begun: too many others failed",
  },
  reading: (stacks) => `reading the hosts of ${stacks} ${stacks === 1 ? "stack" : "stacks"} back`,
  wave: (wave, of, stacks) => `wave ${wave} of ${of}: ${stacks}`,
  begun: (stack) => `${stack}: pulumi up`,
  stopping: "nothing new is begun; what runs comes to its end",
  dryRun: (waves) => `would go in ${waves} ${waves === 1 ? "wave" : "waves"}; nothing was changed`,
  remaining: (count) =>
    `${count} ${count === 1 ? "stack is" : "stacks are"} not what was reviewed; run this again once the causes are mended`,
  allThere: "every stack that can be reached now is what was reviewed",
};

const ZH: RolloutWords = {
  verdicts: {
    go: "待变更",
    already: "已是评审过的内容",
    unreached: "`pulumi up` 到不了它的主机",
    waiting: "等待变更窗口",
    silent: "无法读取",
    drifted: "与其栈不一致；见 lqpt drift",
    moved: "不是评审过的内容",
    old: "已有更新的版本",
  },
  outcomes: {
    done: "完成",
    failed: "失败",
    unhealthy: "变更后与应有的不一致",
    stopped: "未开始：其他栈失败过多",
  },
  reading: (stacks) => `正在回读 ${stacks} 个栈的主机`,
  wave: (wave, of, stacks) => `第 ${wave}/${of} 批：${stacks}`,
  begun: (stack) => `${stack}：pulumi up`,
  stopping: "不再开始新的；正在进行的会做完",
  dryRun: (waves) => `将分 ${waves} 批进行；没有改动任何东西`,
  remaining: (count) => `还有 ${count} 个栈不是评审过的内容；解决原因后再运行一次`,
  allThere: "目前能到达的每个栈都已是评审过的内容",
};

export const ROLLOUT_WORDS: Readonly<Record<Language, RolloutWords>> = { en: EN, zh: ZH };
