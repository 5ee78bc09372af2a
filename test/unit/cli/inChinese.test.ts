import { rmSync } from "node:fs";
import { ED25519, SMALL } from "../config/stacks";
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
    nginx: { version: null, leftOut: [], certificateUntil: "Dec 25 00:00:00 2026 GMT", leqi: [] },
  },
  check: {
    ...{ leqi: "lqpt.example:8443", callsLeft: 6 },
    environments: { prod: { direct: mockWay, nginx: { result: "dropped", says: "no answer came" } } },
    egress: { seen: "203.0.113.1", registered: "203.0.113.2", equal: false },
  },
  history: [],
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
