import { hostKeysOf, secretParts } from "../../../cli/bundleKeys";
import type { StackConfig } from "../../../config/types";
import { sampleConfig } from "../sampleConfig";

let mockState = "{}";
const mockCalls: string[][] = [];
jest.mock("../../../fleet/pulumi", () => ({
  pulumiPrints: (_: string, words: string[]) => {
    mockCalls.push(words);
    return Promise.resolve(mockState);
  },
}));

const own = new Map([
  ["proxy-1", "10.0.0.11"],
  ["proxy-2", "10.0.0.12"],
]);
const vip = { address: "10.0.0.100", prefix: 24, interface: "eth0", routerId: 100, own };
const { listen } = sampleConfig();
const HTTPS: Partial<StackConfig> = { listen: { ...listen, tls: "self-signed" } };

const RESOURCES = {
  "vip-password": { result: "Abcd1234" },
  "listener-certificate": { certPem: "CERTIFICATE\n" },
  "listener-key": { privateKeyPem: "KEY\n" },
};

/** A state that has some of the resources. */
function having(...names: (keyof typeof RESOURCES)[]): string {
  const resources = names.map((name) => ({
    urn: `urn:pulumi:acme-prod::lqpt::t::${name}`,
    outputs: RESOURCES[name],
  }));
  return JSON.stringify({ deployment: { resources } });
}

beforeEach(() => mockCalls.splice(0));

test.each([
  ["plain http", {}, []],
  ["https", HTTPS, ["the private key of the listener"]],
  ["a shared address", { vip }, ["VRRP's password"]],
  ["both", { ...HTTPS, vip }, ["the private key of the listener", "VRRP's password"]],
])("what is secret of a host with %s", (_, rest, parts) => {
  expect(secretParts(sampleConfig(rest))).toEqual(parts);
});

test("all of it comes from one look at the state, as lqptctl reads it", async () => {
  mockState = having("vip-password", "listener-certificate", "listener-key");
  await expect(hostKeysOf("/", sampleConfig({ ...HTTPS, vip }))).resolves.toBe(
    "vrrp-password Abcd1234\nCERTIFICATE\nKEY\n",
  );
  expect(mockCalls).toEqual([["stack", "export", "--show-secrets", "--stack", "acme-prod"]]);
  await expect(hostKeysOf("/", sampleConfig({ vip }))).resolves.toBe("vrrp-password Abcd1234\n");
  await expect(hostKeysOf("/", sampleConfig(HTTPS))).resolves.toBe("CERTIFICATE\nKEY\n");
});

test("before pulumi up has made it, that is what to do first", async () => {
  mockState = having("listener-certificate", "listener-key");
  await expect(hostKeysOf("/", sampleConfig({ ...HTTPS, vip }))).rejects.toThrow(
    "the state of acme-prod has no password for VRRP; expected the one that pulumi up makes. Run pulumi up --stack acme-prod first",
  );
  mockState = having("vip-password");
  await expect(hostKeysOf("/", sampleConfig({ ...HTTPS, vip }))).rejects.toThrow("no certificate");
});
