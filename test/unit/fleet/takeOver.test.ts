import { type Network, parseNetwork } from "../../../config/addresses";
import type { FoundMachine } from "../../../documents/doctorReport";
import { takeOver } from "../../../fleet/takeOver";
import { IMPORT_WORDS } from "../../../words/import";

const DAY = "2026-11-26";

function network(text: string): Network {
  const parsed = parseNetwork(text);
  if (parsed.network === undefined) throw new Error(`no network: ${text}`);
  return parsed.network;
}

const known = {
  inherited: [network("121.36.53.0/28")],
  unwanted: [{ network: network("49.4.80.61"), environment: "sandbox", owner: "cloud" } as const],
};

function machine(proxy: Partial<FoundMachine["proxy"]>, more: Partial<FoundMachine> = {}): FoundMachine {
  return {
    ...{ os: "Debian", nginx: "1.22.1", firewalldActive: "active", rulesets: [] },
    ...more,
    proxy: {
      ...{ port: 8864, owner: null, sources: [], openings: [], foreign: [], sites: [], callers: [] },
      closedByStart: [],
      ...proxy,
    },
  };
}

const source = (text: string) => ({ source: text, firstSeen: null, lastSeen: null, requests: 0 });
const taken = (...found: FoundMachine[]) => {
  const all = takeOver(new Map(found.map((one, index) => [`proxy-${index + 1}`, one])), known, DAY);
  return { ...all, decisions: all.decisions.map((decision) => decision(IMPORT_WORDS.en)) };
};

test("whoever is in force is allowed, so that the first up cuts nobody off", () => {
  const seen = { source: "203.0.113.9", firstSeen: "2026-01-02", lastSeen: "2026-11-25", requests: 7 };
  const { allow, remove, decisions } = taken(machine({ sources: [seen, source("198.51.100.0/28")] }));
  expect(allow).toEqual({
    "203.0.113.9":
      "not known; in force on proxy-1 on 2026-11-26, seen from 2026-01-02 to 2026-11-25 (7 calls)",
    "198.51.100.0/28": "not known; in force on proxy-1 on 2026-11-26, never seen in nginx's log",
  });
  expect(remove).toEqual({});
  expect(decisions).toHaveLength(2);
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

test("a network that holds such an address is to be removed as a whole", () => {
  expect(Object.keys(taken(machine({ sources: [source("49.4.80.0/24")] })).remove)).toEqual(["49.4.80.0/24"]);
});

test("an opening to everyone is to be removed, and who used it by the log is told", () => {
  const { remove, decisions } = taken(
    machine({
      openings: ["zone public has port 8864/tcp (runtime)"],
      callers: ["198.51.100.7 from 2026-11-01 to 2026-11-26, 9 calls"],
    }),
  );
  expect(remove).toEqual({ everyone: "proxy-1 was open to everyone on 2026-11-26" });
  expect(decisions).toEqual([expect.stringMatching(/8864\/tcp.*198\.51\.100\.7.*lqpt:allow/)]);
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
    { firewalldActive: null, rulesets: ["ufw"] },
  );
  const { keepOpen, decisions } = taken(off);
  expect(keepOpen).toEqual(["161/udp", "443/tcp"]);
  expect(decisions).toHaveLength(4);
});

test("of a pair all is counted together", () => {
  const { allow, hasNginx } = taken(
    machine({ sources: [source("203.0.113.9")] }, { nginx: null }),
    machine({ sources: [source("203.0.113.10")] }),
  );
  expect(Object.keys(allow)).toEqual(["203.0.113.9", "203.0.113.10"]);
  expect(hasNginx).toBe(true);
});
