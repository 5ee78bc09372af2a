import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stackInputFromFile } from "../config/fromYaml";
import { parseStack } from "../config/parse";
import { ProjectFolder } from "../config/projectFolder";
import { renderDocx } from "../forms/docx";
import type { Form } from "../forms/form";
import { openingsForm } from "../forms/openings";
import { unbanForm } from "../forms/unban";

// Draws docs/images/openings.png and unban.png: what LibreOffice makes of the two forms for the stack below. It needs
// soffice (Debian: libreoffice-writer-nogui, fonts-noto-cjk, fonts-liberation), pdftoppm (poppler-utils) and netpbm.

const ROOT = join(__dirname, "..");
const IMAGES = join(ROOT, "docs", "images");

/** A host key that is like none other. */
const hostKey = (fill: string): string => {
  const head = Buffer.from("0000000b7373682d6564323535313900000020", "hex");
  return `ssh-ed25519 ${Buffer.concat([head, Buffer.alloc(32, fill)]).toString("base64")}`;
};

const STACK = `config:
  lqpt:id: acme-7f3a
  lqpt:environments: [prod]
  lqpt:topology: public-cloud
  lqpt:leqiId: "0012345"
  lqpt:customer: {name: 某某有限公司, creditCode: "91310000MA1FL0001X"}
  lqpt:registeredIp: 203.0.113.10
  lqpt:publicAddress: https://lqpt.acme.example:8864
  lqpt:listen: {tls: self-signed}
  lqpt:allow: {198.51.100.7: 财务共享中心（上海）}
  lqpt:hosts:
    proxy-1: {address: 10.20.0.11, user: root, bastion: jump-1, hostKey: ${hostKey("1")}}
    proxy-2: {address: 10.20.0.12, user: root, bastion: jump-1, hostKey: ${hostKey("2")}}
  lqpt:bastions:
    jump-1: {address: 10.30.0.2, user: jump, hostKey: ${hostKey("3")}}
`;

const VENDOR = ["49.4.83.185", "52.82.125.155", "82.157.180.203", "121.36.53.241"];
const SHARED = "198.51.100.7";

/** What a host would have said, and what its history then is. */
const SINCE = { vendor: "2026-11-18T02:30:40Z", shared: "2026-11-20T08:02:11Z" };
const HISTORY = [
  {
    time: SINCE.vendor,
    verb: "apply",
    who: "ops",
    ticket: "CHG-1017",
    added: VENDOR,
    removed: ["49.4.80.61"],
  },
  { time: SINCE.shared, verb: "apply", who: "ops", ticket: "CHG-1022", added: [SHARED], removed: [] },
  {
    time: "2026-11-25T09:15:00Z",
    verb: "close",
    who: "wang",
    ticket: "",
    added: [],
    removed: [...VENDOR, SHARED],
  },
  {
    time: "2026-11-25T10:40:12Z",
    verb: "open",
    who: "wang",
    ticket: "",
    added: [...VENDOR, SHARED],
    removed: [],
  },
];

const REASON =
  "2026年11月17日前，代理端口8864曾对所有地址开放。2026年11月18日起只对白名单内的地址开放，主机防火墙和nginx各有一份白名单。";

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "lqpt-images-"));
  try {
    for (const file of ["Pulumi.yaml", "Pulumi.prod.yaml", "Pulumi.sandbox.yaml"]) {
      writeFileSync(join(folder, file), new ProjectFolder(ROOT).text(file) ?? "");
    }
    writeFileSync(join(folder, "Pulumi.acme-prod.yaml"), STACK);
    const config = parseStack(stackInputFromFile(new ProjectFolder(folder), "acme-prod"));
    const [host] = config.hosts;
    if (host === undefined) throw new Error("the stack has no host");
    const whitelist = [
      ...VENDOR.map((source) => ({ source, since: SINCE.vendor })),
      { source: SHARED, since: SINCE.shared },
    ];
    const evidence = {
      name: host.name,
      address: host.address,
      from: "host" as const,
      whitelist,
      history: HISTORY,
    };
    const now = new Date("2026-11-26T02:00:00Z");
    const unban = unbanForm({ config, hosts: [evidence], reason: REASON, now }, "zh");
    await draw(folder, "openings", openingsForm(config, "zh"), [1052]);
    await draw(folder, "unban", unban, [1052, 590]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** @param heights of each page, in pixels of its 1052: what is below is empty */
async function draw(folder: string, name: string, form: Form, heights: readonly number[]): Promise<void> {
  writeFileSync(join(folder, `${name}.docx`), await renderDocx(form));
  const pages = heights.map((height, index) => {
    const page = String(index + 1);
    const only = `-f ${page} -l ${page} -x 0 -y 0 -W 744 -H ${String(height)}`;
    // A line around it, for it is shown on white.
    return `pdftoppm -r 90 -gray ${only} ${name}.pdf | pnmpad -black -left 1 -right 1 -top 1 -bottom 1 >page-${page}.pgm`;
  });
  const script = [
    "set -e",
    `soffice --headless --convert-to pdf ${name}.docx >/dev/null`,
    ...pages,
    "pnmcat -topbottom page-*.pgm | pamdepth 15 | pnmtopng -compression 9",
    "rm page-*.pgm",
  ];
  const png = execFileSync("sh", ["-c", script.join("\n")], {
    cwd: folder,
    stdio: ["ignore", "pipe", "ignore"],
    maxBuffer: 1 << 24,
  });
  writeFileSync(join(IMAGES, `${name}.png`), png);
}

void main();
