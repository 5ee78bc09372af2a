import type { Catalogue } from "./language";

/** What is said while a stack is made, and what is left to a person afterwards. */
export interface NewStackWords {
  readonly askingKey: (address: string) => string;
  readonly written: (file: string) => string;
  readonly secretSet: (path: string) => string;
  readonly steps: (stack: string, file: string, next: string) => readonly string[];
}

const EN: NewStackWords = {
  askingKey: (address) => `${address}: asking for its host key`,
  written: (file) => `${file}: written; Pulumi makes the stack`,
  secretSet: (path) => `${path}: set, encrypted`,
  steps: (stack, file, next) => [`lqpt show ${stack}`, `commit ${file}`, next],
};

const ZH: NewStackWords = {
  askingKey: (address) => `${address}：正在取得其主机密钥`,
  written: (file) => `${file}：已写入；正在由Pulumi创建栈`,
  secretSet: (path) => `${path}：已设置并加密`,
  steps: (stack, file, next) => [`lqpt show ${stack}`, `提交 ${file}`, next],
};

export const NEW_STACK_WORDS: Catalogue<NewStackWords> = { en: EN, zh: ZH };
