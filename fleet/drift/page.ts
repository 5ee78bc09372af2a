import { readFileSync } from "node:fs";
import { join } from "node:path";
import { toPrintable } from "../../documents/report";
import { isDrift } from "./judge";
import type { HostRead, StackRead } from "./readBack";
import { DRIFT_WORDS, type DriftWords } from "../../words/drift";
import type { Language } from "../../words/language";

/** How a host is: the gravest counts. */
type State = "exposed" | "drifted" | "silent" | "outstanding" | "equal";

/**
 * The fleet as one page that needs no server and no network: who may reach which proxy, what is wrong, which customers
 * have an address. What it is looking for is in the address after `#`, so that it can be sent to somebody.
 *
 * @param now milliseconds since 1970
 */
export function renderPage(reads: readonly StackRead[], language: Language, now: number): string {
  const words = DRIFT_WORDS[language];
  const hosts = reads.flatMap((read) => [
    ...read.hosts.map((host) => hostData(read, host, words)),
    ...(read.problem === undefined ? [] : [unread(read, read.problem)]),
  ]);
  const { states, sources, seen, columns } = words.page;
  const data = { words: { states, sources, seen }, hosts };
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>${words.title}</title>
<style>
${part("page.css")}</style>
</head>
<body>
<h1>${words.title}</h1>
<form onsubmit="return false">
<input type="search" id="search" placeholder="${words.page.search}" aria-label="${words.page.search}" autofocus>
<label><input type="checkbox" id="wrong"> ${words.page.onlyWrong}</label>
<span id="count"></span>
<span>${words.page.readAt} ${new Date(now).toISOString()}</span>
</form>
<table>
<thead><tr>${columns.map((column) => `<th>${column}</th>`).join("")}</tr></thead>
<tbody id="rows"></tbody>
</table>
<script type="application/json" id="data">${escaped(data)}</script>
<script>
${part("page.js")}</script>
</body>
</html>
`;
}

function part(name: string): string {
  return readFileSync(join(__dirname, "page", name), "utf8");
}

/** JSON that ends no script: whatever a host says stays a text in it. */
function escaped(data: unknown): string {
  return JSON.stringify(data).replaceAll("<", "\\u003c");
}

function hostData({ stack, config }: StackRead, read: HostRead, words: DriftWords): object {
  const owners = new Map(config?.sources.map(({ cidr, owner }) => [cidr, owner]));
  const recorded = read.record?.whitelist.map((source) => ({ source, lastSeen: null }));
  const told = read.findings.map(({ kind, detail }) => words.findings[kind](detail));
  return {
    ...{
      stack,
      customer: config?.customer?.name ?? "",
      host: read.host,
      address: read.address,
      state: stateOf(read),
    },
    findings: [...told, ...unreachedText(read, words)].map(toPrintable),
    whitelist: (read.status?.whitelist ?? recorded ?? []).map(({ source, lastSeen }) => ({
      ...{ source, owner: owners.get(source) ?? "", lastSeen },
    })),
  };
}

function unreachedText({ problem, remark }: HostRead, words: DriftWords): string[] {
  return [
    ...(problem === undefined ? [] : [problem]),
    ...(remark === undefined ? [] : [words.remark(remark)]),
  ];
}

function unread({ stack }: StackRead, problem: string): object {
  return {
    stack,
    customer: "",
    host: "",
    address: "",
    state: "silent",
    findings: [toPrintable(problem)],
    whitelist: [],
  };
}

function stateOf({ findings, how, remark }: HostRead): State {
  if (findings.some(({ kind }) => kind === "exposed")) return "exposed";
  if (findings.some(isDrift)) return "drifted";
  if (how === "silent") return "silent";
  return remark?.outstanding === true ? "outstanding" : "equal";
}
