import { changesBetween, type Change } from "../../../../fleet/plan/changes";
import { dangersOf } from "../../../../fleet/plan/dangers";
import { PAIR } from "../../config/badVips";
import { ECDSA, FULL, HOST, SMALL, type Values } from "../../config/stacks";
import { sound } from "./fleets";

const between = (before: Values, after: Values): Change[] => changesBetween(sound(before), sound(after));
const told = (before: Values, after: Values): string[] =>
  between(before, after).map(
    ({ of, sign, what, before: was, after: is, within }) =>
      `${sign} ${of} ${what}${was === undefined ? "" : ` was ${was}`}${is === undefined ? "" : ` is ${is}`}${within === undefined ? "" : ` within ${within}`}`,
  );
const dangers = (before: Values, after: Values): string[] => {
  const [old, now] = [sound(before), sound(after)];
  return dangersOf(old, now, changesBetween(old, now)).map(({ kind, what }) => `${kind} ${what}`);
};
const withVip = (change: Values): Values => ({
  ...PAIR,
  vip: { address: "10.0.0.100/24", interface: "eth0", ...change },
});
const allowing = (...cidrs: string[]): Values => ({
  ...SMALL,
  topology: "private-cloud",
  allow: Object.fromEntries(cidrs.map((cidr) => [cidr, "ACME"])),
});

test("what comes and what goes is told with its owner, whatever the order in the file", () => {
  expect(told(allowing("203.0.113.9", "203.0.113.8"), allowing("203.0.113.8", "203.0.113.7"))).toEqual([
    "- source 203.0.113.9 was ACME",
    "+ source 203.0.113.7 is ACME",
  ]);
  expect(told(allowing("203.0.113.9", "203.0.113.8"), allowing("203.0.113.8", "203.0.113.9"))).toEqual([]);
});

test("who stays let in by a wider entry is told to stay, and who was let in by one is told to have been", () => {
  expect(told(allowing("203.0.113.9"), allowing("203.0.113.0/28"))).toEqual([
    "- source 203.0.113.9 was ACME within 203.0.113.0/28",
    "+ source 203.0.113.0/28 is ACME",
  ]);
  expect(told(allowing("203.0.113.0/28"), allowing("203.0.113.9"))).toEqual([
    "- source 203.0.113.0/28 was ACME",
    "+ source 203.0.113.9 is ACME within 203.0.113.0/28",
  ]);
});

test.each<[string, Values, Values, string[]]>([
  [
    "an owner's name",
    { ...SMALL, allow: { "121.36.53.5": "ACME" } },
    { ...SMALL, allow: { "121.36.53.5": { owner: "F5", kind: "frontend", filteredBy: "ACME" } } },
    ["! owner 121.36.53.5 was ACME is frontend: F5, filtered by ACME"],
  ],
  ["consent", SMALL, { ...SMALL, remove: { everyone: "by hand" } }, ["+ remove everyone is by hand"]],
  ["the ticket", SMALL, { ...SMALL, change: { ticket: "CHG-1" } }, ["+ ticket lqpt:change.ticket is CHG-1"]],
  [
    "a machine's place",
    SMALL,
    { ...SMALL, hosts: { "proxy-1": { ...HOST, address: "203.0.113.11", port: 2222 } } },
    ["! host proxy-1 was 203.0.113.10 is 203.0.113.11:2222"],
  ],
  [
    "sshd's port, which is no other machine's where the key is the same",
    SMALL,
    { ...SMALL, hosts: { "proxy-1": { ...HOST, port: 2222 } } },
    ["! access lqpt:hosts.proxy-1.port was 22 is 2222"],
  ],
  [
    "a machine behind another port of the same address, by its key",
    SMALL,
    { ...SMALL, hosts: { "proxy-1": { ...HOST, port: 2222, hostKey: ECDSA } } },
    [
      "! host proxy-1 was 203.0.113.10 is 203.0.113.10:2222",
      `! access lqpt:hosts.proxy-1.hostKey was ${String(HOST["hostKey"])} is ${ECDSA}`,
    ],
  ],
  [
    "how a machine is reached",
    SMALL,
    { ...SMALL, hosts: { "proxy-1": { ...HOST, user: "ops", sudo: "nopasswd", hostKey: ECDSA } } },
    [
      "! access lqpt:hosts.proxy-1.user was root is ops",
      "! access lqpt:hosts.proxy-1.sudo was none is nopasswd",
      `! access lqpt:hosts.proxy-1.hostKey was ${String(HOST["hostKey"])} is ${ECDSA}`,
    ],
  ],
])("%s", (_, before, after, expected) => {
  expect(told(before, after)).toEqual(expected);
});

const OPTIONAL = [
  "customer",
  "registeredIp",
  "publicAddress",
  "remove",
  "site",
  "leqi",
  "check",
  "firewall",
  "change",
];
test.each(OPTIONAL)("lqpt:%s, written or not, is told as a change", (key) => {
  const all = { ...FULL, check: { after: "report" } };
  const without = Object.fromEntries(Object.entries(all).filter(([one]) => one !== key));
  const changed = between(without, all).map(({ of, what }) => (of === "remove" ? "lqpt:remove" : what));
  expect(changed.filter((what) => what.startsWith(`lqpt:${key}`))).not.toEqual([]);
});

test("a secret that is another is told to be one, and nothing of it", () => {
  const changes = changesBetween(
    sound({
      ...SMALL,
      hosts: { "proxy-1": { ...HOST, auth: "password" } },
      secrets: { "proxy-1": { password: { secure: "v1:AAAA" } } },
    }),
    sound({
      ...SMALL,
      hosts: { "proxy-1": { ...HOST, auth: "password" } },
      secrets: { "proxy-1": { password: { secure: "v1:BBBB" } } },
    }),
  );
  expect(changes).toEqual([{ of: "secret", sign: "!", what: "proxy-1.password" }]);
});

test.each<[string, Values, Values, string[]]>([
  ["another owner's mark", SMALL, { ...SMALL, id: "acme-2" }, ["owner lqpt:id"]],
  [
    "another port",
    SMALL,
    { ...SMALL, listen: { tls: "self-signed", port: 9000 } },
    ["callers lqpt:listen.port"],
  ],
  ["no firewall", SMALL, { ...SMALL, firewall: { mode: "external" } }, ["external lqpt:firewall.mode"]],
  [
    "no check of the certificate",
    SMALL,
    { ...SMALL, leqi: { verify: "off" } },
    ["unverified lqpt:leqi.verify"],
  ],
  [
    "another Leqi",
    SMALL,
    { ...SMALL, leqi: { endpoint: "https://other.example:8443" } },
    ["leqi lqpt:leqi.endpoint"],
  ],
  ["another nginx", SMALL, { ...SMALL, nginx: { source: "existing" } }, ["nginx lqpt:nginx.source"]],
  [
    "a site that is not enforced",
    SMALL,
    { ...SMALL, site: { enforce: false } },
    ["unenforced lqpt:site.enforce"],
  ],
  [
    "a machine that is out",
    SMALL,
    { ...SMALL, hosts: { "proxy-1": { ...HOST, state: "out" } } },
    ["out lqpt:hosts.proxy-1.state"],
  ],
  [
    "a machine that is back is none",
    { ...SMALL, hosts: { "proxy-1": { ...HOST, state: "out" } } },
    SMALL,
    [],
  ],
  [
    "a machine by bundle",
    SMALL,
    { ...SMALL, hosts: { "proxy-1": { ...HOST, delivery: "bundle" } } },
    ["bundle lqpt:hosts.proxy-1.delivery"],
  ],
  [
    "a machine elsewhere",
    SMALL,
    { ...SMALL, hosts: { "proxy-1": { ...HOST, address: "203.0.113.11" } } },
    ["moved proxy-1"],
  ],
  ["a shared address that comes", { ...PAIR, vip: undefined }, PAIR, ["vip lqpt:vip.address"]],
  [
    "another shared address",
    PAIR,
    withVip({ address: "10.0.0.101/24", routerId: 100 }),
    ["vip lqpt:vip.address"],
  ],
  [
    "another virtual router and another own address",
    PAIR,
    withVip({ routerId: 7, hosts: { "proxy-2": "10.0.0.13" } }),
    ["pair lqpt:vip.routerId", "pair lqpt:vip.hosts.proxy-2"],
  ],
  [
    "a default that is written is none",
    PAIR,
    withVip({ routerId: 100, hosts: { "proxy-1": "10.0.0.11" } }),
    [],
  ],
  [
    "a machine given up",
    { ...SMALL, hosts: { "proxy-1": HOST, "proxy-2": { ...HOST, address: "203.0.113.11", hostKey: ECDSA } } },
    SMALL,
    ["host-gone proxy-2"],
  ],
  ["half of the list", allowing("203.0.113.9", "203.0.113.8"), allowing("203.0.113.9"), ["bulk 203.0.113.8"]],
  [
    "less than half of it is none",
    allowing("203.0.113.9", "203.0.113.8", "203.0.113.7"),
    allowing("203.0.113.9", "203.0.113.7"),
    [],
  ],
  [
    "half of it, each named, is none",
    allowing("203.0.113.9", "203.0.113.8"),
    { ...allowing("203.0.113.9"), remove: { "203.0.113.8": "moved" } },
    [],
  ],
  [
    "half of it that stays let in is none",
    allowing("203.0.113.9", "203.0.113.8"),
    allowing("203.0.113.8/31"),
    [],
  ],
])("to look at twice: %s", (_, before, after, expected) => {
  expect(dangers(before, after)).toEqual(expected);
});
