import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type * as fflate from "fflate";
import { dependencies, version } from "../package.json";
import { kept } from "../tools/kept";

/** lqptctl's parts, in the order in which they make one file. */
export const TOOL_PARTS = [
  ...["head", "report", "files", "lock", "ownership", "history", "document-vip", "document"],
  ...["networks", "connections", "preflight", "zones", "firewall", "kernel", "openings", "reach"],
  ...["gate", "written", "start", "armed", "timers"],
  ...["guards", "layout", "nginx", "packages", "brought", "vendor", "resolve", "keys", "site", "check"],
  ...["vip", "vrrp", "check-script", "join", "keepalived", "keepalived-load", "handover", "vrrp-password"],
  ...["logs", "selinux", "boot", "health", "status", "survey", "plan", "prove", "apply", "rollback"],
  ...["console"],
  ...["remove", "install", "tree", "callers", "found", "doctor", "main"],
] as const;

/** lqptctl, ready to be brought to a host. */
export interface Tool {
  /** `0.1.0+1f2e3d4c`: the project's version and the text's hash, so that two different tools never look the same. */
  readonly version: string;
  /** `sha256:<hex>` of the text, as `lqptctl status` tells it of the one that is installed. */
  readonly digest: string;
  /** The whole POSIX sh script. */
  readonly text: string;
  /** The text as it goes to a host and into the state: gzip, base64. The same bytes on every machine. */
  readonly packed: string;
}

let cached: Tool | undefined;

/** lqptctl as one file, put together from `host/`. */
export function lqptctl(): Tool {
  cached ??= assemble();
  return cached;
}

function assemble(): Tool {
  const parts = TOOL_PARTS.map((part) => readFileSync(join(__dirname, "..", "host", `${part}.sh`), "utf8"));
  const hash = createHash("sha256").update(parts.join("\n")).digest("hex").slice(0, 8);
  const toolVersion = `${version}+${hash}`;
  const [head, ...rest] = parts;
  const text = [head, `LQPTCTL_VERSION='${toolVersion}'\n`, ...rest].join("\n");
  const digest = `sha256:${createHash("sha256").update(text).digest("hex")}`;
  return { version: toolVersion, digest, text, packed: pack(text) };
}

/** Not by Node's own zlib: what that makes depends on the machine and on how its Node was built. */
function pack(text: string): string {
  return kept(`fflate ${dependencies.fflate}`, text, () => {
    // Loaded here, because where it was kept already nobody is to wait for that.
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const { gzipSync } = require("fflate") as typeof fflate;
    return Buffer.from(gzipSync(Buffer.from(text), { level: 9, mtime: 0 })).toString("base64");
  });
}
