import type { Catalogue } from "./language";
import type { Danger, DangerKind } from "../fleet/plan/dangers";
import type { Plan, StackPlan } from "../fleet/plan/plan";

/** Everything that a plan's report says beside what it quotes. */
export interface PlanWords {
  readonly title: string;
  readonly compared: (from: string, to: string) => string;
  readonly workTree: (uncommitted: number) => string;
  readonly nothing: string;
  readonly counts: (plan: Plan, unreached: number) => string;
  readonly program: string;
  readonly programMeans: string;
  readonly mixed: string;
  readonly mistakes: string;
  readonly dangers: string;
  readonly list: string;
  readonly listMeans: string;
  readonly advice: string;
  readonly split: (come: string, gone: string, stacks: number) => string;
  readonly unreached: string;
  readonly bundle: string;
  readonly out: string;
  readonly seen: string;
  readonly seenNever: string;
  readonly seenLast: (time: string, calls: number) => string;
  readonly preview: string;
  readonly previewEnded: (stack: string) => string;
  readonly previewed: (steps: string) => string;
  readonly previewDiffers: (hosts: string) => string;
  readonly changes: string;
  readonly stacks: (count: number, environment: string) => string;
  readonly kinds: Readonly<Record<StackPlan["kind"], string>>;
  readonly depths: Readonly<Record<StackPlan["depth"], string>>;
  readonly because: (files: string) => string;
  readonly ownFile: string;
  readonly stays: (cidr: string) => string;
  readonly letIn: (cidr: string) => string;
  readonly consent: (what: string) => string;
  readonly secret: (what: string) => string;
  readonly danger: Readonly<Record<DangerKind, (danger: Danger) => string>>;
}

const EN: PlanWords = {
  title: "What this change means",
  compared: (from, to) => `${from} compared with ${to}`,
  workTree: (uncommitted) =>
    uncommitted === 0
      ? "the files as they are here"
      : `the files as they are here, ${uncommitted} of them not committed`,
  nothing: "No stack changes.",
  counts: ({ stacks, unchanged, mistaken }, unreached) =>
    [
      `${stacks.length} ${stacks.length === 1 ? "stack changes" : "stacks change"}, ${unchanged} stay as they are`,
      ...(mistaken.length === 0 ? [] : [`${mistaken.length} with mistakes`]),
      ...(unreached === 0 ? [] : [`${unreached} hosts among them that no \`pulumi up\` reaches`]),
    ].join("; "),
  program: "The program changes",
  programMeans:
    "a code rollout: every host may get another lqptctl or another document, whatever its stack's file says; what follows is what the program in use here makes of both revisions",
  mixed: "this change is of the program and of stacks at once; make it two, each with a rollout of its own",
  mistakes: "Mistakes",
  dangers: "Look twice",
  list: "Who is let in, and who no longer",
  listMeans: "in stacks that were there before",
  advice: "Advice",
  split: (come, gone, stacks) =>
    `in ${stacks} ${stacks === 1 ? "stack" : "stacks"} ${come} comes while ${gone} goes; if the one replaces the other, make it two changes: first let the new one in, and take the old one out when \`lqpt plan --seen\` shows that nobody calls from it any more`,
  unreached: "Hosts that no `pulumi up` reaches",
  bundle: "by bundle: lqpt bundle, its administrator runs it, lqpt record",
  out: "out: nothing is done there",
  seen: "When who is to go was last seen",
  seenNever: "not seen in 180 days",
  seenLast: (time, calls) => `last ${time}, ${calls} calls`,
  preview: "By `pulumi preview`",
  previewEnded: (stack) => `${stack}: previewed`,
  previewed: (steps) => `as reviewed; ${steps || "nothing to do"}`,
  previewDiffers: (hosts) => `another document than the one that was reviewed: ${hosts}`,
  changes: "What changes where",
  stacks: (count, environment) => `${count} ${environment} ${count === 1 ? "stack" : "stacks"}`,
  kinds: {
    changed: "changed",
    new: "new",
    gone: "gone",
    mended: "its file had a mistake before: nothing to compare with",
    back: "changed and changed back in between",
  },
  depths: {
    enforced: "rules or site",
    access: "only how hosts are reached",
    notes: "notes only: nothing that is enforced",
  },
  because: (files) => `because of ${files}`,
  ownFile: "its own file",
  stays: (cidr) => `stays let in, within ${cidr}`,
  letIn: (cidr) => `was let in already, within ${cidr}`,
  consent: (what) => `consent to remove ${what}`,
  secret: (what) => `lqpt:secrets.${what} (encrypted)`,
  danger: {
    gone: ({ what }) =>
      `its file is gone; what runs on ${what} stays as it is until \`pulumi destroy\` with the file as it was`,
    "host-gone": ({ what, before }) => `the site and the rules are taken away from ${what} (${before ?? ""})`,
    moved: ({ what, before, after }) =>
      `${what} moves from ${before ?? ""} to ${after ?? ""}; the machine at the old place is left as it is, and lets in whom it let in`,
    out: ({ what }) =>
      `${hostOf(what)} is out: nothing is done there, and whoever it let in it lets in still, if it runs`,
    bundle: ({ what }) =>
      `${hostOf(what)} is no longer dialled: its administrator carries changes out from now on`,
    owner: ({ before, after }) =>
      `the owner's mark changes from ${before ?? ""} to ${after ?? ""}: every machine of the stack refuses (E_OWNER)`,
    bulk: ({ what }) =>
      `half or more of the list goes, and lqpt:remove does not name ${what}: every machine refuses (E_BULK)`,
    callers: ({ what, before, after }) =>
      `${what} changes from ${before ?? "nothing"} to ${after ?? "nothing"}: back ends must call the new address from that moment on`,
    vip: ({ before, after }) =>
      `the shared address changes from ${before ?? "none"} to ${after ?? "none"}: ${before === undefined ? "" : "nobody has the old one from that moment on, and "}back ends must call ${after === undefined ? "a host's own" : "the new one"}`,
    pair: ({ what, before, after }) =>
      `${what} changes from ${before ?? "nothing"} to ${after ?? "nothing"}: until both hosts have it they do not hear each other, and neither stands in for the other`,
    external: () => "no firewall of the machine is the lock any more, nginx's list alone is",
    unverified: () => "Leqi's certificate is no longer checked",
    leqi: ({ what, before, after }) =>
      `invoices go to another place: ${what} changes from ${before ?? "nothing"} to ${after ?? "nothing"}`,
    nginx: ({ before, after }) =>
      `nginx comes from elsewhere: ${before ?? "nothing"} becomes ${after ?? "nothing"}`,
    unenforced: () => "what matches neither the site's paths nor its methods is passed on",
  },
};

const ZH: PlanWords = {
  title: "本次变更的影响",
  compared: (from, to) => `${from} 与 ${to} 的比较`,
  workTree: (uncommitted) =>
    uncommitted === 0 ? "当前目录的文件" : `当前目录的文件（其中 ${uncommitted} 个尚未提交）`,
  nothing: "没有栈发生变化。",
  counts: ({ stacks, unchanged, mistaken }, unreached) =>
    [
      `${stacks.length} 个栈有变化，${unchanged} 个不变`,
      ...(mistaken.length === 0 ? [] : [`${mistaken.length} 个有错误`]),
      ...(unreached === 0 ? [] : [`其中 ${unreached} 台主机是 \`pulumi up\` 到不了的`]),
    ].join("；"),
  program: "程序本身有变化",
  programMeans:
    "这是一次代码下发：无论栈文件怎么写，每台主机都可能得到新的 lqptctl 或新的文档；以下内容由当前使用的程序对两个版本分别生成",
  mixed: "本次变更同时改了程序和栈；请拆成两次，各自下发",
  mistakes: "错误",
  dangers: "请再看一眼",
  list: "谁可以进，谁不再可以",
  listMeans: "只计变更前已存在的栈",
  advice: "建议",
  split: (come, gone, stacks) =>
    `在 ${stacks} 个栈中，加入 ${come} 的同时去掉 ${gone}；如果前者是来替换后者的，请分两次变更：先放行新地址，等 \`lqpt plan --seen\` 显示旧地址已无人使用后再去掉它`,
  unreached: "`pulumi up` 到不了的主机",
  bundle: "离线交付：lqpt bundle，由客户管理员执行，再 lqpt record",
  out: "已停用（out）：不做任何操作",
  seen: "将被去掉的地址最后一次出现的时间",
  seenNever: "180 天内未出现",
  seenLast: (time, calls) => `最后 ${time}，共 ${calls} 次`,
  preview: "`pulumi preview` 的结果",
  previewEnded: (stack) => `${stack}：预览完成`,
  previewed: (steps) => `与评审一致；${steps || "无事可做"}`,
  previewDiffers: (hosts) => `与评审过的文档不同：${hosts}`,
  changes: "哪里有什么变化",
  stacks: (count, environment) => `${count} 个 ${environment} 栈`,
  kinds: {
    changed: "有变化",
    new: "新增",
    gone: "已删除",
    mended: "此前文件有错误，无从比较",
    back: "其间的提交改过又改回",
  },
  depths: { enforced: "规则或站点", access: "仅登录方式", notes: "仅备注，生效内容不变" },
  because: (files) => `原因：${files}`,
  ownFile: "栈自己的文件",
  stays: (cidr) => `仍可进入，包含在 ${cidr} 内`,
  letIn: (cidr) => `此前已可进入，包含在 ${cidr} 内`,
  consent: (what) => `同意去掉 ${what}`,
  secret: (what) => `lqpt:secrets.${what}（已加密）`,
  danger: {
    gone: ({ what }) => `栈文件已删除；${what} 上运行的内容保持原样，直到用原来的文件执行 \`pulumi destroy\``,
    "host-gone": ({ what, before }) => `${what}（${before ?? ""}）上的站点和规则会被撤除`,
    moved: ({ what, before, after }) =>
      `${what} 从 ${before ?? ""} 换到 ${after ?? ""}；旧地址上的机器保持原样，原来放行的仍然放行`,
    out: ({ what }) => `${hostOf(what)} 停用（out）：不再操作；如果它还在运行，原来放行的仍然放行`,
    bundle: ({ what }) => `${hostOf(what)} 不再由我们登录：今后由其管理员执行变更`,
    owner: ({ before, after }) =>
      `归属标记从 ${before ?? ""} 变为 ${after ?? ""}：该栈的每台机器都会拒绝（E_OWNER）`,
    bulk: ({ what }) =>
      `白名单的一半或更多被去掉，而 lqpt:remove 没有写明 ${what}：每台机器都会拒绝（E_BULK）`,
    callers: ({ what, before, after }) =>
      `${what} 从 ${before ?? "无"} 变为 ${after ?? "无"}：从那一刻起，后端必须调用新地址`,
    vip: ({ before, after }) =>
      `虚拟IP从 ${before ?? "无"} 变为 ${after ?? "无"}：${before === undefined ? "" : "从那一刻起旧地址不再有主机持有，"}后端必须调用${after === undefined ? "主机自己的地址" : "新地址"}`,
    pair: ({ what, before, after }) =>
      `${what} 从 ${before ?? "无"} 变为 ${after ?? "无"}：两台主机都改好之前互相听不到，谁也不能替谁顶上`,
    external: () => "不再由机器上的防火墙把守，只剩 nginx 的白名单",
    unverified: () => "不再校验乐企的证书",
    leqi: ({ what, before, after }) => `发票会发往别处：${what} 从 ${before ?? "无"} 变为 ${after ?? "无"}`,
    nginx: ({ before, after }) => `nginx 的来源改变：${before ?? "无"} 变为 ${after ?? "无"}`,
    unenforced: () => "不符合站点路径和方法的请求也会被转发",
  },
};

export const PLAN_WORDS: Catalogue<PlanWords> = { en: EN, zh: ZH };

/** `lqpt:hosts.proxy-1.state`: proxy-1. */
function hostOf(path: string): string {
  return path.split(".")[1] ?? path;
}
