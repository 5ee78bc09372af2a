import type { Catalogue } from "./language";

/** What `lqpt lint` and `lqpt show` say beside a file's mistakes and values. */
export interface FileWords {
  readonly warning: (text: string) => string;
  readonly checked: (stacks: number, mistaken: number) => string;
  /** Of the table of values: file, key, value. */
  readonly head: readonly [string, string, string];
}

const EN: FileWords = {
  warning: (text) => `warning: ${text}`,
  checked: (stacks, mistaken) =>
    `${stacks} ${stacks === 1 ? "stack" : "stacks"} checked, ${mistaken === 0 ? "none" : mistaken} with mistakes`,
  head: ["FILE", "KEY", "VALUE"],
};

const ZH: FileWords = {
  warning: (text) => `警告：${text}`,
  checked: (stacks, mistaken) =>
    `已检查 ${stacks} 个栈，${mistaken === 0 ? "都没有错误" : `${mistaken} 个有错误`}`,
  head: ["文件", "键", "值"],
};

export const FILE_WORDS: Catalogue<FileWords> = { en: EN, zh: ZH };
