/** The application to have access reopened, in both languages. */
export const UNBAN_WORDS = {
  zh: {
    title: "关于申请开启乐企访问的申请",
    to: "致：____________________（请填写：主管税务机关，或乐企平台运营方）",
    about: (ip: string, environments: string) =>
      `　　我单位通过在税务局备案的出口IP ${ip} 访问乐企平台（${environments}），该IP对乐企平台的访问已被关闭。我单位已完成整改，现将有关情况报告如下，特申请重新开启访问。`,
    customer: "申请单位",
    creditCode: "统一社会信用代码",
    leqiId: "乐企ID",
    environments: "环境",
    registeredIp: "备案的出口IP",
    reason: "情况说明",
    date: "申请日期",
    mended: "整改情况",
    only: (port: number) =>
      `代理端口 ${String(port)} 现仅对附表一所列源地址开放，对其他任何地址（包括IPv6）均不开放。`,
    changes: "白名单的变更记录（时间、操作人、工单）见附表二。",
    recorded: (hosts: string) => `主机 ${hosts} 不能远程读取，附表一中其白名单以该主机最近一次回报为准。`,
    requests: "申请事项",
    reopen: (ip: string) => `重新开启备案的出口IP ${ip} 对乐企平台的访问。`,
    further: "如需补充材料或进一步核查，请与下列联系人联系，我单位将予以配合。",
    farewell: ["　　特此申请。", "　　此致", "敬礼"],
    signature: (customer: string, day: string) => [
      ...[`申请单位（盖章）：${customer}`, "联系人及电话：（请填写）", `日期：${day}`],
    ],
    whitelist: "附表一：当前生效的访问白名单（读自主机）",
    whitelistHead: ["主机", "主机地址", "允许的源地址", "归属", "生效时间（北京时间）"],
    history: "附表二：白名单变更记录（读自主机）",
    more: (count: number) => `；更早的${String(count)}条未列出`,
    historyHead: ["时间（北京时间）", "主机", "操作", "操作人", "工单", "新增", "移除"],
    verbs: {
      apply: "变更",
      close: "关闭",
      open: "恢复",
      allow: "临时放行",
      expire: "到期移除",
      remove: "拆除",
    },
    unknown: "未列入配置",
  },
  en: {
    title: "Application for access to Leqi to be opened again",
    to: "To: ____________________ (please fill in: the tax bureau in charge, or the operator of the Leqi platform)",
    about: (ip: string, environments: string) =>
      `We call the Leqi platform (${environments}) from the egress IP ${ip}, which is registered with the tax bureau. Its access to the platform was closed. What was wrong has been mended; we report on it below, and apply for access to be opened again.`,
    customer: "Applicant",
    creditCode: "Credit code",
    leqiId: "Leqi ID",
    environments: "Environments",
    registeredIp: "Registered egress IP",
    reason: "What was wrong",
    date: "Date",
    mended: "What has been mended",
    only: (port: number) =>
      `Port ${String(port)} is open to the sources of annex 1 and to nobody else, on IPv6 to nobody at all.`,
    changes: "Annex 2 has the changes of the whitelist, each with its time, person and ticket.",
    recorded: (hosts: string) =>
      `${hosts} cannot be read from afar; the whitelist in annex 1 is the one that it last reported.`,
    requests: "What is applied for",
    reopen: (ip: string) =>
      `That access to the Leqi platform from the registered egress IP ${ip} is opened again.`,
    further: "Should more be needed, or an inspection, please turn to the person named below.",
    farewell: ["Yours faithfully"],
    signature: (customer: string, day: string) => [
      ...[`Applicant (stamp): ${customer}`, "Person and telephone: (please fill in)", `Date: ${day}`],
    ],
    whitelist: "Annex 1: whitelist in force, as read from the hosts",
    whitelistHead: ["Host", "Address", "Source let in", "Whose it is", "Since (Beijing time)"],
    history: "Annex 2: changes of the whitelist, as read from the hosts",
    more: (count: number) => `; ${String(count)} earlier ones are left out`,
    historyHead: ["Time (Beijing)", "Host", "What", "Who", "Ticket", "Added", "Removed"],
    verbs: {
      ...{ apply: "change", close: "closed", open: "opened again", allow: "let in for a while" },
      ...{ expire: "time over", remove: "taken away" },
    },
    unknown: "not in the list",
  },
} as const;
