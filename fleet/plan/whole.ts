import { createHash } from "node:crypto";
import type { Change } from "./changes";
import type { Sound } from "./rendered";

/**
 * `sha256:<hex>` of all that a revision says of a stack, whatever order it is written in: its hosts' documents, where they
 * are and how they are reached, what is brought to them, and a mark of each secret. Where it is the same, the same is done.
 */
export function wholeOf({ hosts, settings, secrets }: Sound): string {
  const all = {
    hosts: hosts.map(({ host, document }) => [host, document.whole]),
    settings: settings.map(({ path, value }) => [path, JSON.stringify(value)]).sort(),
    secrets: [...secrets].sort(),
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
