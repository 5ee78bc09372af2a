import { renderDocument } from "../../../../documents/document";
import type { StatusInForce } from "../../../../documents/statusReport";
import { lqptctl } from "../../../../documents/tool";
import { isDrift, judge } from "../../../../fleet/drift/judge";
import { driftReport } from "../../../../fleet/drift/report";
import type { HostRead, StackRead } from "../../../../fleet/drift/readBack";
import { DRIFT_WORDS } from "../../../../words/drift";
import { renderMarkdown, renderText } from "../../../../fleet/report/render";
import type { HostKept } from "../../../../fleet/stateOf";
import { sampleConfig, sampleHost } from "../../sampleConfig";

const NOW = Date.parse("2026-11-26T00:00:00Z");
const { text, digest } = renderDocument(sampleConfig(), sampleHost);
const MARK = { id: "acme-7f3a", host: "proxy-1" };
const KEPT: HostKept = {
  document: text,
  tool: `lqptctl ${lqptctl().version}`,
  report: { digest },
};
const EQUAL: StatusInForce = {
  ...{ owner: "acme-7f3a", host: "proxy-1", lqptctl: lqptctl().version, installed: lqptctl().digest, digest },
  ...{
    equal: true,
    deviations: [],
    closed: null,
    health: null,
    whitelist: [],
    refusedByNginx: [],
    wouldRefuse: [],
  },
  vip: null,
  nginx: { version: "1.22.1", leftOut: [], certificateUntil: null, leqi: [] },
};
const kinds = (status: Partial<StatusInForce>, kept: HostKept | undefined = KEPT): string[] =>
  judge(MARK, kept, { ...EQUAL, ...status }, NOW).map(({ kind }) => kind);
const certificate = (certificateUntil: string) => ({ nginx: { ...EQUAL.nginx, certificateUntil } });

test("a host that is what its stack says has nothing to be said of", () => {
  expect(kinds({})).toEqual([]);
});

test.each<[string, Partial<StatusInForce>, HostKept | undefined, string[]]>([
  ["another document", { digest: "sha256:0" }, KEPT, ["other"]],
  ["another owner", { owner: "other-1a2b" }, KEPT, ["stranger"]],
  ["another host's name", { host: "proxy-2" }, KEPT, ["stranger"]],
  ["a person closed it", { closed: "2026-11-25 root" }, KEPT, ["closed"]],
  ["an edited lqptctl", { installed: "sha256:0" }, KEPT, ["tool"]],
  ["no lqptctl", { installed: null }, KEPT, ["tool"]],
  ["an lqptctl of another version", { installed: "sha256:0" }, { ...KEPT, tool: "lqptctl 0.0.9+0" }, []],
  [
    "an `up` that did not end",
    {},
    { ...KEPT, document: text.replace("port 8864", "port 9000") },
    ["unfinished"],
  ],
  ["notes alone", {}, { ...KEPT, document: text.replace("[notes]\n", "[notes]\nticket CHG-1\n") }, []],
  [
    "an exposure comes first",
    { deviations: ["nginx does not run", "EXPOSED: x"] },
    KEPT,
    ["exposed", "deviates"],
  ],
  ["no `up` at all", {}, { ...KEPT, report: undefined }, ["never"]],
  ["a certificate that ends in 29 days", certificate("Dec 25 00:00:00 2026 GMT"), KEPT, ["certificate"]],
  ["one that ends in 31", certificate("Dec 27 00:00:00 2026 GMT"), KEPT, []],
])("%s", (_, status, kept, expected) => {
  expect(kinds(status, kept)).toEqual(expected);
});

test("nothing in force there is told with whatever is left", () => {
  const status = {
    owner: null,
    lqptctl: "0.1.0",
    installed: lqptctl().digest,
    deviations: ["a run was cut off"],
  };
  expect(judge(MARK, KEPT, status, NOW).map(({ kind }) => kind)).toEqual(["nothing", "deviates"]);
});

test("that health checks are told not to call it is told, and is no drift", () => {
  const health = { healthy: false, since: null, why: ["Leqi cannot be connected to"] };
  const found = judge(MARK, KEPT, { ...EQUAL, health }, NOW);
  expect(found).toEqual([{ kind: "unfit", detail: "Leqi cannot be connected to" }]);
  expect(found.some(isDrift)).toBe(false);
  expect(kinds({ health: { ...health, healthy: true } })).toEqual([]);
});

test("who is let in for a while, and a certificate that ends soon, are no drift", () => {
  const whitelist = [
    { source: "9.9.9.9", since: null, until: NOW / 1000, firstSeen: null, lastSeen: null, requests: 0 },
  ];
  const found = judge(MARK, KEPT, { ...EQUAL, whitelist, ...certificate("Nov 27 00:00:00 2026 GMT") }, NOW);
  expect(found.map(({ kind }) => kind)).toEqual(["temporary", "certificate"]);
  expect(found.some(isDrift)).toBe(false);
});

const hostRead = (more: Partial<HostRead>): HostRead => ({
  ...{ host: "proxy-1", address: "203.0.113.10", how: "asked", findings: [], remark: undefined },
  ...{ problem: undefined, refusal: undefined, status: undefined, record: undefined, kept: undefined },
  ...more,
});
const stackRead = (stack: string, more: Partial<HostRead>): StackRead => ({
  ...{ stack, config: undefined, problem: undefined, others: new Map() },
  hosts: [hostRead(more)],
});

test("a host that says a great deal keeps no other out of the report", () => {
  const chatty = Array.from({ length: 20 }, () => ({
    kind: "exposed" as const,
    detail: `EXPOSED: ${"x".repeat(3900)}`,
  }));
  const reads = [
    stackRead("aaa-prod", { findings: chatty }),
    stackRead("mmm-prod", { how: "silent", problem: "y".repeat(4000) }),
    stackRead("zzz-prod", { findings: [{ kind: "exposed", detail: "EXPOSED: the real one" }] }),
  ];
  const text = renderMarkdown(driftReport(reads, DRIFT_WORDS.en, NOW), "en");
  expect(text).toContain("zzz-prod proxy-1 (203.0.113.10): EXPOSED: the real one");
  expect(text).toContain(
    "aaa-prod proxy-1 (203.0.113.10): … and 10 more lines; lqpt drift aaa-prod --json shows all",
  );
  expect(Math.max(...text.split("\n").map((one) => one.length))).toBeLessThan(400);
});

test.each(["en", "zh"] as const)("the report has the gravest first, in %s", (language) => {
  const reads = [
    stackRead("a-prod", {}),
    stackRead("b-prod", { findings: [{ kind: "other", detail: "sha256:0" }] }),
    stackRead("c-prod", { findings: [{ kind: "exposed", detail: "EXPOSED: x" }] }),
    stackRead("d-prod", { how: "silent", problem: "no answer\u001b[31m" }),
  ];
  const lasts = new Map([["b-prod proxy-1", { who: "root", verb: "apply", time: "2026-11-25T00:00:00Z" }]]);
  const broken = {
    stack: "e-prod",
    config: undefined,
    problem: "Pulumi.e-prod.yaml: 1 mistake\n  lqpt:id",
    hosts: [],
    others: new Map(),
  };
  const report = driftReport([...reads, broken], DRIFT_WORDS[language], NOW, lasts);
  expect(renderText(report, (_, line) => line)).toMatchSnapshot();
});
