import type { Trouble } from "../documents/checkReport";
import type { Catalogue } from "./language";
import type { OutcomeKind } from "../fleet/rollout/run";
import type { VerdictKind } from "../fleet/rollout/verdict";
import type { HostTrouble } from "../fleet/rollout/why";
import { CHECK_WORDS } from "./check";
import { DRIFT_WORDS } from "./drift";

/** Everything that a rollout says beside what hosts and Pulumi say. */
export interface RolloutWords {
  readonly verdicts: Readonly<Record<VerdictKind, string>>;
  readonly outcomes: Readonly<Record<OutcomeKind, string>>;
  readonly whys: {
    readonly mistaken: string;
    readonly unreached: string;
    readonly account: string;
    readonly newer: (commit: string) => string;
    readonly unknown: (commit: string) => string;
    readonly unremembered: string;
    readonly same: string;
    readonly otherwise: string;
    readonly noBase: string;
    readonly otherBase: string;
  };
  readonly hosts: Readonly<Record<HostTrouble["kind"], (detail: string) => string>>;
  readonly check: (trouble: Trouble) => string;
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
  whys: {
    mistaken: "its file has a mistake now, or is gone",
    unreached: "its hosts are by bundle, or out",
    account:
      "the account that it is reached by was not let in at another stack's host, and is not tried again",
    newer: (commit) => `${commit} was rolled out to it, which this revision does not have in its past`,
    unknown: (commit) => `${commit} was rolled out to it, and is not known here: fetch the whole history`,
    unremembered: "no rollout is remembered with it: the documents decide",
    same: "it has moved since the review; planned again, the change means the same",
    otherwise: "planned again, the change means something else than was reviewed: review it anew",
    noBase: "it has changed since the review, and what it had then is not known: plan it again",
    otherBase: "its state is of no revision that is known here: plan it again",
  },
  hosts: {
    ...DRIFT_WORDS.en.findings,
    silent: (detail) => detail,
    unlike: () => "another document is in force",
  },
  check: CHECK_WORDS.en.says,
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
  whys: {
    mistaken: "它的文件现在有错误，或已不存在",
    unreached: "它的主机由他人离线执行，或已停用（out）",
    account: "登录它所用的账号在另一个栈的主机上未被放行，因此不再尝试",
    newer: (commit) => `已下发给它的 ${commit} 不在本版本的历史之中`,
    unknown: (commit) => `已下发给它的 ${commit} 在这里未知：请取得完整历史（git fetch）`,
    unremembered: "没有记住对它的任何下发：以文档为准",
    same: "评审之后有变动；重新计划，变更的意思不变",
    otherwise: "重新计划，变更的意思与评审的不同：请重新评审",
    noBase: "评审之后有变动，而当时的内容未知：请重新计划",
    otherBase: "它的状态不属于这里已知的任何版本：请重新计划",
  },
  hosts: {
    ...DRIFT_WORDS.zh.findings,
    silent: (detail) => detail,
    unlike: () => "生效的是另一份文档",
  },
  check: CHECK_WORDS.zh.says,
  reading: (stacks) => `正在回读 ${stacks} 个栈的主机`,
  wave: (wave, of, stacks) => `第 ${wave}/${of} 批：${stacks}`,
  begun: (stack) => `${stack}：pulumi up`,
  stopping: "不再开始新的；正在进行的会做完",
  dryRun: (waves) => `将分 ${waves} 批进行；没有改动任何东西`,
  remaining: (count) => `还有 ${count} 个栈不是评审过的内容；解决原因后再运行一次`,
  allThere: "目前能到达的每个栈都已是评审过的内容",
};

export const ROLLOUT_WORDS: Catalogue<RolloutWords> = { en: EN, zh: ZH };
