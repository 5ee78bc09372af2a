import { recordFile } from "../config/input";
import { type DeliveryRemark, remarkInEnglish } from "../documents/delivery";
import type { Catalogue } from "./language";

/** What is said of a host that no `pulumi up` reaches. */
export type DeliveryWords = (remark: DeliveryRemark) => string;

const ZH: DeliveryWords = (remark) => {
  const { host, stack } = remark;
  const next = `lqpt bundle ${stack}，请人在该机器上以root执行 ${host} 的文件，再 lqpt record ${stack}`;
  switch (remark.kind) {
    case "out":
      return `${host} 已停用（out）：不做任何操作。如果它还在运行，原来放行的仍然放行；在其控制台执行 lqptctl close 可停止放行`;
    case "first":
      return `${host} 尚待其管理员首次部署：${next}`;
    case "stranger": {
      const [found, expected] = [remark.found, remark.expected].map(
        (one) => `${one.owner} 的 ${one.host}（${one.address}）`,
      );
      return `${host} 尚待其管理员首次部署（${recordFile(stack, host)} 不算数：它属于 ${found ?? ""}，而不是 ${expected ?? ""}）：${next}`;
    }
    case "change":
      return `${host} 上还有变更待执行，按其 ${remark.at} 的报告，生效的是另一份文档：${next}`;
    case "tool":
      return `按其 ${remark.at} 的报告，${host} 已有这份文档，但lqptctl是另一个版本 ${remark.lqptctl}：${next}`;
    case "done":
      return `按其 ${remark.at} 的报告，${host} 已有这份文档`;
  }
};

export const DELIVERY_WORDS: Catalogue<DeliveryWords> = { en: remarkInEnglish, zh: ZH };
