import type { StackConfig, VipConfig } from "../../../config/types";
import { vipClashes } from "../../../fleet/vipClashes";
import { sampleConfig, sampleHost } from "../sampleConfig";

interface Own {
  readonly addresses?: readonly [string, string];
  readonly vip?: Partial<VipConfig>;
  readonly rest?: Partial<StackConfig>;
}

/** A pair whose hosts are dialled at their own addresses. */
function pair({ addresses = ["10.0.0.11", "10.0.0.12"], vip = {}, rest = {} }: Own = {}): StackConfig {
  const hosts = addresses.map((address, index) => ({ ...sampleHost, name: `proxy-${index + 1}`, address }));
  const own = new Map(hosts.map(({ name, address }) => [name, address]));
  const shared = { address: "10.0.0.100", prefix: 24, interface: "eth0", routerId: 100, own, ...vip };
  return sampleConfig({ hosts, vip: shared, ...rest });
}

const OTHER = ["10.0.0.21", "10.0.0.22"] as const;
const alone = (address: string): StackConfig => sampleConfig({ hosts: [{ ...sampleHost, address }] });
const told = (...stacks: StackConfig[]) =>
  vipClashes(stacks.map((config, index) => ({ file: `${index + 1}.yaml`, config }))).map(
    ({ file, path, problem }) => `${file} ${path}: ${problem ?? ""}`,
  );

test("two pairs with one address", () => {
  expect(told(pair(), pair({ addresses: OTHER }))).toEqual([
    "2.yaml lqpt:vip.address: lqpt:vip of 1.yaml is this address already",
  ]);
});

test("two pairs in one network with one virtual router; another network or another router is fine", () => {
  const vip = { address: "10.0.0.101", routerId: 100 };
  expect(told(pair(), pair({ addresses: OTHER, vip }))).toEqual([
    "2.yaml lqpt:vip.routerId: lqpt:vip of 1.yaml is in 10.0.0.0/24 too and has the same virtual router, so the two pairs could be taken for one",
  ]);
  expect(told(pair(), pair({ addresses: OTHER, vip: { ...vip, routerId: 101 } }))).toEqual([]);
  expect(
    told(pair(), pair({ addresses: ["10.0.1.11", "10.0.1.12"], vip: { ...vip, address: "10.0.1.100" } })),
  ).toEqual([]);
});

test("a shared address that is a host's of another stack, whichever comes first", () => {
  expect(told(alone("10.0.0.100"), pair())).toEqual([
    "2.yaml lqpt:vip.address: proxy-1 of 1.yaml is this address already",
  ]);
  expect(told(pair(), alone("10.0.0.100"))).toEqual([
    "2.yaml lqpt:hosts.proxy-1.address: lqpt:vip of 1.yaml is this address, which moves from host to host",
  ]);
  const other = pair({
    addresses: ["10.0.0.100", "10.0.0.22"],
    vip: { address: "10.0.0.101", routerId: 101 },
  });
  expect(told(pair(), other)).toEqual([
    "2.yaml lqpt:hosts.proxy-1.address: lqpt:vip of 1.yaml is this address, which moves from host to host",
  ]);
  expect(told(other, pair())).toEqual(["2.yaml lqpt:vip.address: proxy-1 of 1.yaml is this address already"]);
});

test("customers' private networks are apart, unless they are reached by the same way or are one customer's", () => {
  const behind = (port: number): Partial<StackConfig> => ({
    hosts: [{ ...sampleHost, bastion: { ...sampleHost, name: "jump", address: "203.0.113.9", port } }],
  });
  expect(told(pair({ rest: behind(22) }), pair({ rest: behind(2222) }))).toEqual([]);
  expect(told(pair({ rest: behind(22) }), pair({ rest: behind(22) }))).toHaveLength(1);
  const customer = { name: "ACME", creditCode: undefined };
  const of = (name: string, port: number) =>
    pair({ rest: { ...behind(port), customer: { ...customer, name } } });
  expect(told(of("ACME", 22), of("ACME", 2222))).toHaveLength(1);
  expect(told(of("ACME", 22), of("Other", 2222))).toEqual([]);
});

test("a public address is the same everywhere", () => {
  const vip = { address: "203.0.113.100" };
  const rest = { hosts: [{ ...sampleHost, address: "proxy.acme.example" }] };
  expect(told(pair({ vip, rest }), pair({ vip, rest }))).toHaveLength(1);
});
