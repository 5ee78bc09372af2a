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
    readonly emptied: string;
    readonly account: string;
    readonly newer: (commit: string) => string;
    readonly unknown: (commit: string) => string;
    readonly unremembered: string;
    readonly same: string;
    readonly partly: string;
    readonly otherwise: string;
    readonly noBase: string;
    readonly otherBase: string;
    readonly notOfProgram: string;
    readonly meanwhile: string;
    readonly budget: string;
    readonly canary: string;
    readonly person: string;
  };
  readonly hosts: Readonly<Record<HostTrouble["kind"], (detail: string) => string>>;
  readonly check: (trouble: Trouble) => string;
  readonly reading: (stacks: number) => string;
  readonly again: (stacks: string) => string;
  readonly wave: (wave: number, of: number, stacks: string) => string;
  readonly begun: (stack: string) => string;
  readonly stopping: string;
  readonly dryRun: (stacks: number, waves: number) => string;
  readonly remaining: (count: number) => string;
  readonly allThere: string;
  /** @param left canaries that are not to be changed, each with why */
  readonly noCanary: (left: string) => string;
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
    already: "is what was reviewed",
    failed: "failed",
    unhealthy: "is not what it should be after the change, or does not reach Leqi",
    stopped: "not begun",
    waiting: "waits for its window",
    moved: "is not what was reviewed",
  },
  whys: {
    mistaken: "its file has a mistake now, or is gone",
    unreached: "its hosts are by bundle, or out",
    emptied:
      "its file names no host any more, and no rollout takes a whole proxy away: pulumi up of this stack does",
    account:
      "the account that it is reached by was not let in at another stack's host, and is not tried again",
    newer: (commit) => `${commit} was rolled out to it, which this revision does not have in its past`,
    unknown: (commit) => `${commit} was rolled out to it, and is not known here: fetch the whole history`,
    unremembered: "no rollout is remembered with it: the documents decide",
    same: "it has moved since the review; planned again, the change means the same",
    partly: "a part of what was reviewed is there from an earlier rollout, and the rest follows",
    otherwise: "planned again, the change means something else than was reviewed: review it anew",
    noBase: "it has changed since the review, and what it had then is not known: plan it again",
    otherBase: "its state is of no revision that is known here: plan it again",
    notOfProgram:
      "its file has changed too since its last rollout, and the program alone was reviewed: roll that change out first",
    meanwhile: "somebody else has updated it since this run began: run this again",
    budget: "too many others failed",
    canary: "a canary was not changed, so nothing has gone first",
    person: "the run was stopped",
  },
  hosts: {
    ...DRIFT_WORDS.en.findings,
    silent: (detail) => detail,
    unlike: () => "another document is in force",
  },
  check: CHECK_WORDS.en.says,
  reading: (stacks) => `reading the hosts of ${stacks} ${stacks === 1 ? "stack" : "stacks"} back`,
  again: (stacks) => `calling Leqi again from what is there already: ${stacks}`,
  wave: (wave, of, stacks) => `wave ${wave} of ${of}: ${stacks}`,
  begun: (stack) => `${stack}: pulumi up`,
  stopping: "nothing new is begun; what runs comes to its end",
  dryRun: (stacks, waves) =>
    stacks === 0
      ? "a dry run: nothing was done, and nothing would be"
      : `a dry run: nothing was done; ${stacks} ${stacks === 1 ? "stack" : "stacks"} would be changed, in ${waves} ${waves === 1 ? "wave" : "waves"}`,
  remaining: (count) =>
    `${count} ${count === 1 ? "stack is" : "stacks are"} not what was reviewed; run this again once the causes are mended`,
  allThere: "every stack that can be reached now is what was reviewed",
  noCanary: (left) =>
    `a canary is left out, so nothing would go first and nothing is begun: ${left}. Mend it, or name others that go first with --canary`,
};

const ZH: RolloutWords = {
  verdicts: {
    go: "待变更",
    already: "已与评审内容一致",
    unreached: "主机不由 `pulumi up` 执行",
    waiting: "等待变更窗口",
    silent: "无法读取",
    drifted: "主机与栈不一致；见 lqpt drift",
    moved: "与评审内容不符",
    old: "已有更新的版本",
  },
  outcomes: {
    done: "完成",
    already: "已与评审内容一致",
    failed: "失败",
    unhealthy: "变更后状态不正常，或无法访问乐企",
    stopped: "未开始",
    waiting: "等待变更窗口",
    moved: "与评审内容不符",
  },
  whys: {
    mistaken: "栈文件现在有错误，或已不存在",
    unreached: "主机由对方离线执行，或已停用（out）",
    emptied: "栈文件中已没有主机，而 rollout 不会整体移除代理：请对该栈单独执行 pulumi up",
    account: "所用的登录账号在另一个栈的主机上登录失败，不再尝试，以免账号被锁",
    newer: (commit) => `已下发的 ${commit} 不在本版本的提交历史中`,
    unknown: (commit) => `已下发的 ${commit} 在本地仓库中找不到：请先取得完整历史（git fetch）`,
    unremembered: "没有下发记录：以文档为准",
    same: "评审之后有变动，但重新生成计划后变更内容相同",
    partly: "评审过的变更有一部分已由先前的下发带到，其余随本次下发",
    otherwise: "重新生成计划后，变更内容与评审时不同：请重新评审",
    noBase: "评审之后有变动，且查不到评审时的内容：请重新生成计划（lqpt plan）",
    otherBase: "其状态对应的版本在本地仓库中找不到：请重新生成计划（lqpt plan）",
    notOfProgram: "自上次下发以来其文件也有变更，而本次只评审了程序：请先下发该变更",
    meanwhile: "本次执行开始后已被他人更新：请再次运行",
    budget: "其他栈失败过多",
    canary: "先行栈（canary）未变更，因此没有栈先行验证",
    person: "执行已被人工停止",
  },
  hosts: {
    ...DRIFT_WORDS.zh.findings,
    silent: (detail) => detail,
    unlike: () => "生效的是另一份文档",
  },
  check: CHECK_WORDS.zh.says,
  reading: (stacks) => `正在回读 ${stacks} 个栈的主机`,
  again: (stacks) => `从已变更的栈再次调用乐企：${stacks}`,
  wave: (wave, of, stacks) => `第 ${wave}/${of} 批：${stacks}`,
  begun: (stack) => `${stack}：pulumi up`,
  stopping: "不再启动新的变更；正在执行的会执行完",
  dryRun: (stacks, waves) =>
    stacks === 0
      ? "试运行：什么也没有做，也没有什么要做"
      : `试运行：什么也没有做；将变更 ${stacks} 个栈，分 ${waves} 批执行`,
  remaining: (count) => `还有 ${count} 个栈与评审内容不符；排除原因后请再次运行`,
  allThere: "目前能执行的栈都已与评审内容一致",
  noCanary: (left) =>
    `有先行栈（canary）被略过，没有栈可以先行验证，因此未开始任何变更：${left}。请排除原因，或用 --canary 另行指定`,
};

export const ROLLOUT_WORDS: Catalogue<RolloutWords> = { en: EN, zh: ZH };
