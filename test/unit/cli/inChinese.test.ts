import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { blob, ECDSA, ED25519, SMALL } from "../config/stacks";
import { makeFolder, writeStack } from "../fleet/folder";
import { callIn } from "./inProcess";

const mockWay = { result: "connected", says: "Leqi read the call" };
/** What the one host says, by what it is asked. */
const mockSaid = {
  status: {
    ...{ owner: "acme-7f3a", host: "proxy-1", lqptctl: "0.1.0", installed: null, digest: "sha256:1" },
    ...{ equal: false, closed: "2026-11-25 root", deviations: ["nginx does not run", "EXPOSED: port 8864"] },
    whitelist: [
      {
        ...{ source: "203.0.113.9", since: "2026-11-01T00:00:00Z", until: null },
        ...{ firstSeen: null, lastSeen: null, requests: 0 },
      },
    ],
    refusedByNginx: [{ peer: "198.51.100.7", lastSeen: "2026-11-25T08:00:00Z", requests: 3 }],
    wouldRefuse: [{ method: "GET", path: "/x", requests: 1 }],
    vip: { address: "10.0.0.100/24", holds: true, peer: "10.0.0.12", keepalived: "active" },
    nginx: { version: null, leftOut: [], certificateUntil: "Dec 25 00:00:00 2026 GMT", leqi: [] },
  },
  check: {
    ...{ leqi: "lqpt.example:8443", callsLeft: 6 },
    environments: { prod: { direct: mockWay, nginx: { result: "dropped", says: "no answer came" } } },
    egress: { seen: "203.0.113.1", registered: "203.0.113.2", equal: false },
  },
  history: [],
  doctor: {
    ...{ os: "Debian", nginx: "1.22.1", firewalldActive: null, firewalldFilters: null },
    rulesets: ["ufw"],
    listeners: ["nginx on tcp 0.0.0.0:8864"],
    proxy: {
      ...{ port: 8864, owner: null, foreign: [], sites: [], callers: [], closedByStart: ["443/tcp"] },
      ...{ servesTls: false, accessRules: [], callersLeftOut: 0, logs: 1, unreadLogs: [] },
      ...{ nginxRefuses: null, otherNginx: [], mixedSites: [] },
      openings: ["zone public has port 8864/tcp"],
      sources: [
        { source: "203.0.113.9", firstSeen: null, lastSeen: null, requests: 0, runtime: true },
        { source: "49.4.80.61", firstSeen: "2026-01-02", lastSeen: "2026-11-25", requests: 7, runtime: true },
      ],
    },
  },
};
jest.mock("../../../fleet/session", () => ({
  Session: {
    dial: () =>
      Promise.resolve({
        run: (line: string) => {
          const [, said] = Object.entries(mockSaid).find(([verb]) => line.includes(verb)) ?? [];
          return Promise.resolve({ status: 0, stdout: JSON.stringify(said), stderr: "" });
        },
        close: () => undefined,
      }),
  },
}));
jest.mock("../../../fleet/pulumi", () => ({
  runPulumi: () => Promise.resolve({ status: 0, stdout: "{}", stderr: "" }),
  pulumiPrints: () => Promise.resolve("{}"),
}));

jest.mock("../../../cli/pulumiReady", () => ({ refuseWithoutPulumi: () => undefined }));
jest.mock("../../../cli/pulumi", () => ({ pulumi: () => undefined }));

const OTHER = `ssh-ed25519 ${blob("ssh-ed25519", Buffer.alloc(32, 9))}`;
const THIRD = `ssh-ed25519 ${blob("ssh-ed25519", Buffer.alloc(32, 10))}`;
const IMPORT = [
  ...["--environment", "prod", "--topology", "public-cloud", "--leqi-id", "0012345", "--tls", "none"],
  ...["--host", "203.0.113.12", "--host-key", ECDSA, "--auth", "agent"],
];

let folder: string;
beforeAll(() => {
  folder = makeFolder();
  writeStack(folder, "acme-prod", { ...SMALL, allow: { "203.0.113.9": "某某有限公司" } });
  writeStack(folder, "bundle-prod", {
    ...{ ...SMALL, id: "bundle-1a2b", listen: { tls: "none" } },
    hosts: { "proxy-1": { address: "203.0.113.11", delivery: "bundle" } },
  });
});
afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  ["status", "acme-prod"],
  ["status", "bundle-prod"],
  ["check", "acme-prod"],
  ["check", "bundle-prod"],
  ["drift", "acme-prod", "bundle-prod", "--repair"],
  ["lint", "acme-prod"],
  ["bundle", "bundle-prod", "--out", "."],
  ["unlock", "acme-prod"],
  ["import", "found-prod", ...IMPORT],
])("lqpt %s %s says this in Chinese", async (...words) => {
  const all = words.map((word) => (word === "." ? folder : word));
  const { stdout, stderr } = await callIn(folder, [...all, "--lang", "zh"]);
  const steady = `${stdout}${stderr}`
    .replaceAll(ED25519, "KEY")
    .replaceAll(folder, "FOLDER")
    .replaceAll(/sha256:[0-9a-f]{64}/g, "DIGEST")
    .replaceAll(/-[0-9a-f]{8}\.sh\n {2}[0-9a-f ]{71}/g, "-XXXXXXXX.sh\n  DIGEST");
  expect(steady).toMatchSnapshot();
});

test("what an import leaves to be decided is told to programs in English, and the file says it to its reviewer", async () => {
  const words = ["import", "other-prod", ...IMPORT, "--lang", "zh", "--json"];
  const { stdout, stderr } = await callIn(
    folder,
    words.map((word) => word.replace("203.0.113.12", "203.0.113.13").replace(ECDSA, OTHER)),
  );
  const { decisions, ...answer } = JSON.parse(stdout) as { decisions: object[] };
  expect(answer).toMatchObject({
    format: 1,
    stack: "other-prod",
    file: "Pulumi.other-prod.yaml",
    secrets: [],
  });
  expect(decisions).toContainEqual({
    kind: "allowed",
    text: expect.stringContaining("203.0.113.9 may reach proxy-1, never seen") as string,
  });
  expect(stderr).toContain("Pulumi.other-prod.yaml：已写入");
  expect(readFileSync(join(folder, "Pulumi.other-prod.yaml"), "utf8")).toContain(
    "# 待决定：203.0.113.9 可以访问 proxy-1",
  );
});

test("what an import tells programs is the same in either language", async () => {
  const told = async (language: string): Promise<unknown> => {
    const words = ["import", "third-prod", ...IMPORT, "--lang", language, "--json"];
    const { status, stdout } = await callIn(
      folder,
      words.map((word) => word.replace("203.0.113.12", "203.0.113.14").replace(ECDSA, THIRD)),
    );
    rmSync(join(folder, "Pulumi.third-prod.yaml"));
    return { status, answer: JSON.parse(stdout) as unknown };
  };
  expect(await told("zh")).toEqual(await told("en"));
});
