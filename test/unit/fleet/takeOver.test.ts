import { type Network, parseNetwork } from "../../../config/addresses";
import type { FoundMachine, FoundProxy } from "../../../documents/doctorReport";
import { type Known, takeOver } from "../../../fleet/takeOver";
import { IMPORT_WORDS } from "../../../words/import";

const DAY = "2026-11-26";

function network(text: string): Network {
  const parsed = parseNetwork(text);
  if (parsed.network === undefined) throw new Error(`no network: ${text}`);
  return parsed.network;
}

const known: Known = {
  inherited: [network("121.36.53.0/28")],
  unwanted: [{ network: network("49.4.80.61"), environment: "sandbox", owner: "cloud" }],
  tls: "none",
};

function machine(proxy: Partial<FoundProxy>, more: Partial<FoundMachine> = {}): FoundMachine {
  return {
    ...{ os: "Debian", nginx: "1.22.1", firewalldActive: "active", firewalldFilters: true },
    ...{ rulesets: [], listeners: [] },
    ...more,
    proxy: {
      ...{ port: 8864, owner: null, sources: [], openings: [], foreign: [], sites: [], callers: [] },
      ...{ servesTls: null, accessRules: [], callersLeftOut: 0, logs: 1, unreadLogs: [], closedByStart: [] },
      ...{ nginxRefuses: null, otherNginx: [], mixedSites: [] },
      ...proxy,
    },
  };
}

const source = (text: string) => ({
  ...{ source: text, firstSeen: null, lastSeen: null, requests: 0, runtime: true },
});
const SEEN = { firstSeen: "2026-01-02", lastSeen: "2026-11-25", requests: 7 };
const OPEN = ["zone public has port 8864/tcp (runtime)"];
const taking = (wanted: Known, ...found: FoundMachine[]) => {
  const all = takeOver(new Map(found.map((one, index) => [`proxy-${index + 1}`, one])), wanted, DAY);
  return { ...all, decisions: all.decisions.map(({ say }) => say(IMPORT_WORDS.en)) };
};
const taken = (...found: FoundMachine[]) => taking(known, ...found);

test("whoever is in force is allowed, so that the first up cuts nobody off", () => {
  const seen = { ...source("203.0.113.9"), ...SEEN };
  const { allow, remove, decisions } = taken(machine({ sources: [seen, source("198.51.100.0/28")] }));
  expect(allow).toEqual({
    "203.0.113.9":
      "not known; in force on proxy-1 on 2026-11-26, seen from 2026-01-02 to 2026-11-25 (7 calls)",
    "198.51.100.0/28": "not known; in force on proxy-1 on 2026-11-26, never seen in nginx's log",
  });
  expect(remove).toEqual({});
  expect(decisions).toHaveLength(2);
});

test("of whom no log could tell, nobody says that he never called", () => {
  expect(Object.values(taken(machine({ sources: [source("203.0.113.9")], logs: 0 })).allow)).toEqual([
    "not known; in force on proxy-1 on 2026-11-26, no log of nginx to tell its calls",
  ]);
});

test("who is let in only once firewalld starts anew is told so", () => {
  const later = { ...source("203.0.113.9"), runtime: false };
  expect(Object.values(taken(machine({ sources: [later] })).allow)).toEqual([
    expect.stringContaining("not now but once firewalld is started anew"),
  ]);
});

test("what is inherited is not written again, also where it is a part of it", () => {
  expect(taken(machine({ sources: [source("121.36.53.4"), source("121.36.53.0/28")] }))).toMatchObject({
    allow: {},
    remove: {},
    decisions: [],
  });
});

test("another environment's address is to be removed, however it is written, and that is to be agreed to", () => {
  const { allow, remove, decisions } = taken(machine({ sources: [source("49.4.80.61/32")] }));
  expect(allow).toEqual({});
  expect(Object.keys(remove)).toEqual(["49.4.80.61"]);
  expect(decisions).toEqual([expect.stringContaining("the first up cuts it off; agree to that")]);
});

test("a network that holds such an address and others is neither cut off nor let in: a person decides", () => {
  const { allow, remove, decisions } = taken(machine({ sources: [source("49.4.80.0/24")] }));
  expect(remove).toEqual({});
  expect(Object.keys(allow)).toEqual(["49.4.80.0/24"]);
  expect(allow["49.4.80.0/24"]).toMatch(/^to decide: it holds 49\.4\.80\.61, /);
  expect(decisions).toEqual([expect.stringContaining("write those of it that are to stay")]);
});

test.each(["10.8.0.5/24", "10.8.0.0/255.255.255.0"])("%s, which no list can say, is a decision", (text) => {
  const { allow, decisions } = taken(machine({ sources: [source(text)] }));
  expect(allow).toEqual({});
  expect(decisions).toEqual([expect.stringContaining(`proxy-1 lets in ${text}, which no list can say`)]);
});

test("who calls a machine that is open to everyone must be decided on, or the file is refused", () => {
  const callers = [
    { source: "198.51.100.7", ...SEEN },
    { source: "49.4.80.61", ...SEEN },
  ];
  const { allow, remove, decisions, callersUnknown } = taken(machine({ openings: OPEN, callers }));
  expect(remove).toEqual({ everyone: "proxy-1 was open to everyone on 2026-11-26" });
  expect(allow).toEqual({
    "198.51.100.7": "to decide: it called proxy-1, seen from 2026-01-02 to 2026-11-25 (7 calls)",
  });
  expect(decisions).toEqual([
    expect.stringMatching(/198\.51\.100\.7 calls proxy-1.*write whose it is/),
    expect.stringMatching(/49\.4\.80\.61 calls.*the vendor's for sandbox.*cuts it off/),
    expect.stringMatching(/open to everyone.*8864\/tcp/),
  ]);
  expect(callersUnknown).toBe(false);
});

test.each([
  ["more called than are written", { callersLeftOut: 3 }, /3 more addresses called/],
  ["no log tells who called", { logs: 0 }, /nobody knows who calls/],
  [
    "a log could not be read",
    { unreadLogs: ["/a.log is odd", "/b.log too"] },
    /\(\/a\.log is odd; \/b\.log too\)/,
  ],
])("where %s, the file does not name all", (_, more, expected) => {
  const { decisions, callersUnknown } = taken(machine({ openings: OPEN, ...more }));
  expect(decisions).toContainEqual(expect.stringMatching(expected));
  expect(callersUnknown).toBe(true);
});

test("who calls a machine that lets in its list alone is a stranger, and nobody asks about him", () => {
  expect(taken(machine({ callers: [{ source: "198.51.100.7", ...SEEN }] })).allow).toEqual({});
});

test("of whom a log might tell that could not be read, nobody says that he never called", () => {
  const found = machine({ sources: [source("203.0.113.9")], logs: 2, unreadLogs: ["/a.log is odd"] });
  const whole = machine({ sources: [source("203.0.113.9")] });
  expect(Object.values(taken(found).allow)).toEqual([expect.stringContaining("no log of nginx")]);
  expect(Object.values(taken(whole, found).allow)).toEqual([expect.stringContaining("no log of nginx")]);
});

test.each([
  [false, /the kernel has none of its rules.*or the first up is refused/],
  [null, /nobody knows whether it filters/],
])("where firewalld runs and its filtering is %s, the machine counts as open", (firewalldFilters, words) => {
  const callers = [{ source: "198.51.100.7", ...SEEN }];
  const { allow, decisions } = taken(machine({ callers }, { firewalldFilters }));
  expect(Object.keys(allow)).toEqual(["198.51.100.7"]);
  expect(decisions).toContainEqual(expect.stringMatching(words));
  expect(decisions.join()).not.toContain("does not run");
});

test("what the first up could not take away is told to be taken away by hand", () => {
  const { decisions } = taken(machine({ foreign: ["zone public has the service proxy, which opens it"] }));
  expect(decisions).toEqual([
    "proxy-1: zone public has the service proxy, which opens it: take that away there by hand, or the first up is refused",
  ]);
});

test("where firewalld does not run, what its start would close is kept open, each to be decided", () => {
  const off = machine(
    { closedByStart: ["443/tcp", "161/udp"] },
    { firewalldActive: null, firewalldFilters: null, rulesets: ["ufw"] },
  );
  const { keepOpen, decisions } = taken(off);
  expect(keepOpen).toEqual(["161/udp", "443/tcp"]);
  expect(decisions).toHaveLength(4);
});

test("of a pair all is counted together, and who is let in to one alone is told of", () => {
  const { allow, hasNginx, decisions } = taken(
    machine({ sources: [{ ...source("203.0.113.9"), ...SEEN }, source("203.0.113.8")] }, { nginx: null }),
    machine({ sources: [{ ...source("203.0.113.9"), ...SEEN, lastSeen: "2026-11-26" }] }),
  );
  expect(allow).toMatchObject({
    "203.0.113.9":
      "not known; in force on proxy-1, proxy-2 on 2026-11-26, seen from 2026-01-02 to 2026-11-26 (14 calls)",
  });
  expect(decisions[0]).not.toContain("as well");
  expect(decisions[1]).toMatch(/203\.0\.113\.8 .*The first up lets it in to proxy-2 as well$/);
  expect(hasNginx).toBe(true);
});

const TLS = [
  [true, "none", "provided", /its certificate to lqpt:listen.certificate/],
  [true, "self-signed", "self-signed", /another in its place/],
  [false, "self-signed", "self-signed", /callers must call https/],
] as const;
test.each(TLS)("serves TLS: %s, asked for: %s: the file says %s", (servesTls, tls, expected, words) => {
  const found = taking({ ...known, tls }, machine({ servesTls }));
  expect(found.tls).toBe(expected);
  expect(found.decisions).toEqual([expect.stringMatching(words)]);
});

test("of a pair of which one alone serves TLS, the other's callers are told that they must call https", () => {
  const found = taking(known, machine({ servesTls: true }), machine({ servesTls: false }));
  expect(found.tls).toBe("provided");
  expect(found.decisions).toEqual([
    expect.stringMatching(/^proxy-1 speaks TLS .*its certificate to lqpt:listen.certificate/),
    expect.stringMatching(/^proxy-2 speaks plain http .*callers must call https/),
  ]);
});

test.each([
  "/etc/nginx/conf.d/乐企.conf",
  "/etc/nginx/a b.conf",
  "/etc/nginx/../x.conf",
  `/${"x".repeat(256)}`,
])("a file with the site that no lqpt:remove can name is to be renamed: %s", (site) => {
  const { remove, decisions } = taken(machine({ servesTls: false, sites: [site] }));
  expect(remove).toEqual({});
  expect(decisions).toEqual([expect.stringContaining(`${site} on proxy-1 has the server on the port, and`)]);
});

test("a file that has more than the server on the port is not promised to go, but to be taken apart by hand", () => {
  const { remove, decisions } = taken(machine({ servesTls: false, mixedSites: ["/etc/nginx/nginx.conf"] }));
  expect(remove).toEqual({});
  expect(decisions).toEqual([
    expect.stringMatching(/nginx\.conf on proxy-1.*move that server block to a file/),
  ]);
});

test("an nginx that refuses its own files is told, and not taken for another server", () => {
  const refusing = machine(
    { nginxRefuses: 'unknown directive "x"', logs: 0 },
    { listeners: ["nginx 7 on tcp 0.0.0.0:8864"] },
  );
  expect(taken(refusing).decisions).toEqual([
    expect.stringMatching(/nginx refuses its own files \(unknown directive "x"\)/),
  ]);
});

test("other nginx that run there, which the first up refuses, are told", () => {
  const { decisions } = taken(machine({ servesTls: false, otherNginx: ["/opt/nginx (pid 7)"] }));
  expect(decisions).toEqual([expect.stringContaining("/opt/nginx (pid 7)")]);
});

test("nginx's own rules, which the new site does not have, are told", () => {
  const { decisions } = taken(machine({ servesTls: false, accessRules: ["deny all (/etc/nginx/a.conf)"] }));
  expect(decisions).toEqual([expect.stringMatching(/deny all \(\/etc\/nginx\/a.conf\).*compare/)]);
});

test("a port that another server holds is to be freed by hand", () => {
  const { decisions } = taken(machine({}, { listeners: ["haproxy 7 on tcp 0.0.0.0:8864"] }));
  expect(decisions).toEqual([expect.stringContaining("no nginx that was found")]);
});

test("a decision has a name for programs, whatever words its sentence is made of", () => {
  const { decisions } = takeOver(
    new Map([["proxy-1", machine({ sources: [source("203.0.113.9")] }, { firewalldActive: "inactive" })]]),
    known,
    DAY,
  );
  expect(decisions.map(({ kind }) => kind)).toEqual(expect.arrayContaining(["allowed", "off"]));
});
