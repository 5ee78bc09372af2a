import type { Catalogue } from "./language";

/** What `lqpt bundle` and `lqpt record` say. */
export interface BundleWords {
  /** What the administrators are to do with the files, step by step. */
  readonly steps: (stack: string) => readonly string[];
  readonly recorded: (path: string, machine: string, at: string, digest: string, sources: number) => string;
}

const EN: BundleWords = {
  steps: (stack) => [
    "each host's administrator compares the digest by telephone, and runs the file as root",
    `lqpt record ${stack} with what it prints`,
  ],
  recorded: (path, machine, at, digest, sources) =>
    `${path}: ${machine} at ${at}, ${digest}, ${sources} sources in force; commit it`,
};

const ZH: BundleWords = {
  steps: (stack) => [
    "请每台主机的管理员在电话中核对摘要，再以root执行该文件",
    `把文件执行后打印的内容交给 lqpt record ${stack}`,
  ],
  recorded: (path, machine, at, digest, sources) =>
    `${path}：${machine}，${at}，${digest}，${sources} 个源地址生效；请提交`,
};

export const BUNDLE_WORDS: Catalogue<BundleWords> = { en: EN, zh: ZH };
