import { createHash } from "node:crypto";
import type { Change } from "./changes";
import type { Sound } from "./rendered";

/**
 * `sha256:<hex>` of all that a revision says of a stack: its hosts' documents, where they are and how they are reached, what
 * is brought to them, and a mark of each secret. Where it is the same, the same is done.
 */
export function wholeOf({ config, hosts, settings, secrets }: Sound): string {
  const all = {
    hosts: hosts.map(({ host, document }) => [host, document.whole]),
    brought: [[...config.nginx.files], config.nginx.archive],
    settings: settings.map(({ path, value }) => [path, value]),
    secrets: [...secrets],
  };
  return `sha256:${createHash("sha256").update(JSON.stringify(all)).digest("hex")}`;
}

/** What no document has: what is brought beside it, and which of that a host takes. */
const BROUGHT = /^lqpt:(nginx\.(files|archive)|hosts)\b/;

/** Whether a change is there once the documents are: none tells where a machine is, how it is reached, or what is brought. */
export function isToldByDocuments({ of, sign, what }: Change): boolean {
  switch (of) {
    case "access":
    case "secret":
      return false;
    case "host":
      return sign !== "!";
    case "setting":
      return !BROUGHT.test(what);
    case "source":
    case "owner":
    case "remove":
    case "ticket":
      return true;
  }
}
