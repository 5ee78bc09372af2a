import { PAIR } from "./badVips";
import { FULL, HOST, parse, SMALL } from "./stacks";

test("a stack with every key that this version knows", () => {
  expect(parse(FULL)).toMatchSnapshot();
});

test("the smallest stack with a host gets every default", () => {
  expect(parse(SMALL)).toMatchSnapshot();
});

test("an environment's own stack makes nothing and inherits nothing", () => {
  const values = { environments: ["prod"], allow: { "49.4.83.185": "group" } };
  const config = parse(values, { stack: "prod", file: "Pulumi.prod.yaml" });
  expect(config.hosts).toEqual([]);
  expect(config.sources.map(({ cidr, from }) => [cidr, from])).toEqual([["49.4.83.185", "Pulumi.prod.yaml"]]);
  expect(config.publicAddress).toBeUndefined();
});

test("a customer's stack without hosts still says what it would inherit", () => {
  expect(parse({ environments: ["sandbox"] }).sources.map(({ cidr }) => cidr)).toEqual([
    "49.4.80.61",
    "68.79.14.3",
    "82.156.30.248",
    "124.70.28.68",
  ]);
});

test("a private cloud inherits none of the vendor's addresses and needs no word on TLS", () => {
  const values = { ...SMALL, listen: {}, topology: "private-cloud", allow: { "10.8.0.5": "ERP" } };
  const config = parse(values);
  expect(config.sources.map(({ cidr }) => cidr)).toEqual(["10.8.0.5"]);
  expect(config.listen).toMatchObject({ port: 8864, bind: "0.0.0.0", tls: "none" });
  expect(config.warnings).toEqual([]);
});

test("removals are in order: addresses by number, everyone, files", () => {
  expect(parse(FULL).removals.map(({ what }) => what)).toEqual([
    "9.9.9.9",
    "192.0.2.0/24",
    "everyone",
    "/etc/nginx/conf.d/lqpt.conf",
  ]);
});

test("a network may be removed though an address inside it stays allowed", () => {
  expect(parse({ ...SMALL, remove: { "49.4.0.0/16": "far too wide" } }).removals).toHaveLength(1);
});

test.each([
  ["root", undefined, "none"],
  ["ops", undefined, "nopasswd"],
  ["ops", "nopasswd", "nopasswd"],
])("%s with sudo %s gets root by %s", (user, sudo, expected) => {
  const host = { ...HOST, user, ...(sudo !== undefined && { sudo }) };
  expect(parse({ ...SMALL, hosts: { "proxy-1": host } }).hosts[0]?.sudo).toBe(expected);
});

test("hosts keep the order written, which is the order of change", () => {
  expect(parse(FULL).hosts.map(({ name }) => name)).toEqual(["proxy-2", "proxy-1"]);
});

describe("an address that two hosts share", () => {
  it("gets its virtual router by its last number, and each host's own address from where it is dialled", () => {
    expect(parse(PAIR).vip).toEqual({
      ...{ address: "10.0.0.100", prefix: 24, interface: "eth0", routerId: 100 },
      own: new Map([
        ["proxy-1", "10.0.0.11"],
        ["proxy-2", "10.0.0.12"],
      ]),
    });
  });

  it("is what back ends are told to call and in the self-signed certificate, unless the file says otherwise", () => {
    const { publicAddress, listen } = parse(PAIR);
    expect(publicAddress).toBe("https://10.0.0.100:8864");
    expect(listen.names).toEqual(["10.0.0.100", "10.0.0.11", "10.0.0.12"]);
    const own = "https://lqpt.acme.example:8864";
    expect(parse({ ...PAIR, publicAddress: own }).publicAddress).toBe(own);
  });

  it("may be on a network of its own, and one of the two may be out or get a bundle", () => {
    const hosts = {
      "proxy-1": { ...HOST, state: "out" },
      "proxy-2": { address: "proxy-2.acme.example", delivery: "bundle" },
    };
    const vip = {
      ...{ interface: "bond0.100", routerId: 7 },
      hosts: { "proxy-2": "192.168.5.12", "proxy-1": "192.168.6.11" },
    };
    expect(parse({ ...PAIR, hosts, vip: { ...vip, address: "192.168.5.0/22" } }).vip).toEqual({
      ...{ address: "192.168.5.0", prefix: 22, interface: "bond0.100", routerId: 7 },
      own: new Map([
        ["proxy-1", "192.168.6.11"],
        ["proxy-2", "192.168.5.12"],
      ]),
    });
  });

  it("is warned of where nobody on the hosts keeps others' VRRP away", () => {
    const { warnings } = parse({ ...PAIR, firewall: { mode: "external" } });
    expect(warnings.filter((text) => text.includes("VRRP"))).toHaveLength(1);
  });
});
