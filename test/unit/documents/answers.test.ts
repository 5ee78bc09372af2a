import { parseCheck, troublesOf } from "../../../documents/checkReport";
import { parseFound } from "../../../documents/doctorReport";
import { parseStatus } from "../../../documents/statusReport";

const FOUND = {
  ...{ os: "Debian", nginx: null, firewalldActive: "active", firewalldFilters: true },
  ...{ rulesets: [], listeners: [] },
  proxy: {
    ...{ port: 8864, owner: null, sources: [], openings: [], foreign: [], sites: [], callers: [] },
    ...{ servesTls: null, accessRules: [], callersLeftOut: 0, logs: 0, unreadLogs: [] },
    ...{ nginxRefuses: null, otherNginx: [], mixedSites: [], closedByStart: [] },
  },
};
const STATUS = {
  ...{ lqptctl: "0.1.0+1", owner: "acme", host: "proxy-1", digest: "sha256:1", equal: true, closed: null },
  deviations: ["EXPOSED: \u001b[2Jx"],
  ...{ whitelist: [], refusedByNginx: [], wouldRefuse: [] },
  nginx: { version: "1.22.1", leftOut: [], certificateUntil: null, leqi: [] },
};
const WAY = { result: "connected", says: "Leqi read the call", status: 200 };
const CHECK = {
  leqi: "lqpt.example:8443",
  environments: { prod: { direct: WAY, nginx: WAY } },
  egress: null,
  callsLeft: 6,
};

const json = (value: unknown): string => `Welcome to this machine\n${JSON.stringify(value)}\n`;

test("what a login shell prints before an answer is no part of it", () => {
  expect(parseStatus(json(STATUS))).toMatchObject({ owner: "acme" });
  expect(parseCheck(json(CHECK))).toMatchObject({ callsLeft: 6 });
  expect(parseFound(json(FOUND))).toMatchObject({ nginx: null });
});

test("what would move a terminal's cursor is shown as a question mark", () => {
  expect(parseStatus(json(STATUS)).deviations).toEqual(["EXPOSED: ?[2Jx"]);
});

test.each([
  ["status", parseStatus, { ...STATUS, whitelist: [{ source: "203.0.113.9" }] }],
  ["status", parseStatus, { ...STATUS, equal: "yes" }],
  ["report of `lqptctl check`", parseCheck, { ...CHECK, environments: { other: {} } }],
  ["report of `lqptctl doctor`", parseFound, { ...FOUND, proxy: { ...FOUND.proxy, sites: ["lqpt.conf"] } }],
  [
    "report of `lqptctl doctor`",
    parseFound,
    {
      ...FOUND,
      proxy: { ...FOUND.proxy, sources: [{ source: "x", firstSeen: null, lastSeen: null, requests: 1 }] },
    },
  ],
  [
    "report of `lqptctl doctor`",
    parseFound,
    { ...FOUND, proxy: { ...FOUND.proxy, closedByStart: ["443/tcp\n  lqpt:id: x"] } },
  ],
])("an answer that is no %s is refused whole", (what, parse, answer) => {
  expect(() => parse(json(answer))).toThrow(`no ${what}`);
});

test("a check is well where every way is, and the world sees the registered address", () => {
  expect(troublesOf(parseCheck(json(CHECK)))).toEqual([]);
  const egress = { seen: "203.0.113.1", registered: "203.0.113.2", equal: false };
  const nginx = { result: "bad-gateway", says: "nginx got no answer" };
  const bad = { ...CHECK, egress, environments: { prod: { direct: WAY, nginx } } };
  expect(troublesOf(parseCheck(json(bad)))).toEqual([
    { kind: "way", environment: "prod", way: "nginx", detail: "nginx got no answer" },
    { kind: "egress", seen: "203.0.113.1", registered: "203.0.113.2" },
  ]);
  const untried = { result: "not-tried", says: "not called" };
  expect(
    troublesOf(parseCheck(json({ ...CHECK, environments: { prod: { direct: untried, nginx: WAY } } }))),
  ).toEqual([{ kind: "untried", environment: "prod", way: "direct", detail: "not called" }]);
});
