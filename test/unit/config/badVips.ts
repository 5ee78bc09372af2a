import { ECDSA, HOST, SMALL, type Values } from "./stacks";

const FIRST: Values = { ...HOST, address: "10.0.0.11" };
const SECOND: Values = { ...HOST, address: "10.0.0.12", hostKey: ECDSA };

/** A pair that shares an address. */
export const PAIR: Values = {
  ...SMALL,
  hosts: { "proxy-1": FIRST, "proxy-2": SECOND },
  vip: { address: "10.0.0.100/24", interface: "eth0" },
};

function vip(change: Values, rest: Values = {}): Values {
  return { ...PAIR, vip: { address: "10.0.0.100/24", interface: "eth0", ...change }, ...rest };
}

function address(text: unknown): Values {
  return vip({ address: text });
}

function hosts(first: Values, second: Values, change: Values = {}): Values {
  return vip(change, { hosts: { "proxy-1": { ...FIRST, ...first }, "proxy-2": { ...SECOND, ...second } } });
}

/** As `BAD_STACKS`, of `lqpt:vip`. */
export const BAD_VIPS: readonly (readonly [string, Values, readonly string[]])[] = [
  ["a shared address of one host", { ...PAIR, hosts: { "proxy-1": FIRST } }, ["lqpt:vip"]],
  [
    "a shared address of three hosts",
    {
      ...PAIR,
      hosts: {
        "proxy-1": FIRST,
        "proxy-2": SECOND,
        "proxy-3": { user: "root", address: "10.0.0.13", delivery: "bundle" },
      },
    },
    ["lqpt:vip"],
  ],
  ["a shared address without its interface", vip({ interface: undefined }), ["lqpt:vip.interface"]],
  ["a shared address that is a host's", address("10.0.0.12/24"), ["lqpt:vip.address"]],
  ["a shared address without its prefix", address("10.0.0.100"), ["lqpt:vip.address"]],
  ["a shared address with two prefixes", address("10.0.0.100/24/24"), ["lqpt:vip.address"]],
  ["a shared address of IPv6", address("fd00::100/64"), ["lqpt:vip.address"]],
  ["a shared address with a name", address("vip.acme.example/24"), ["lqpt:vip.address"]],
  ["a shared address that is a number", address(10), ["lqpt:vip.address"]],
  ["a shared address in full-width", address("10.0.0.100／24"), ["lqpt:vip.address"]],
  ["a shared address with a prefix too long", address("10.0.0.100/33"), ["lqpt:vip.address"]],
  ["a shared address alone in its network", address("10.0.0.100/32"), ["lqpt:vip.address"]],
  ["a shared address with one neighbour", address("10.0.0.100/31"), ["lqpt:vip.address"]],
  ["a shared address in all of the world", address("10.0.0.100/0"), ["lqpt:vip.address"]],
  ["a shared address that is its network's own", address("10.0.0.0/24"), ["lqpt:vip.address"]],
  ["a shared address that is for broadcasts", address("10.0.0.127/25"), ["lqpt:vip.address"]],
  ["a shared address of the machine itself", address("127.0.0.5/8"), ["lqpt:vip.address"]],
  ["a shared address whose last number is 0", address("10.0.1.0/22"), ["lqpt:vip.routerId"]],
  [
    "an interface with a longer name than there is",
    vip({ interface: "a123456789abcdef" }),
    ["lqpt:vip.interface"],
  ],
  ["an interface as ip prints it", vip({ interface: "eth0@if5" }), ["lqpt:vip.interface"]],
  ["an interface with a second line", vip({ interface: "eth0\n}" }), ["lqpt:vip.interface"]],
  ["the loopback interface", vip({ interface: "lo" }), ["lqpt:vip.interface"]],
  ["a virtual router that there is not", vip({ routerId: 256 }), ["lqpt:vip.routerId"]],
  ["a virtual router 0", vip({ routerId: 0 }), ["lqpt:vip.routerId"]],
  ["an unknown key of the shared address", vip({ password: "hunter2" }), ["lqpt:vip.password"]],
  [
    "a shared address on one of a host's addresses",
    vip({}, { listen: { tls: "none", bind: "10.0.0.11" } }),
    ["lqpt:listen.bind"],
  ],
  [
    "a host dialled elsewhere, and its own address not said",
    hosts({ address: "203.0.113.10" }, {}),
    ["lqpt:vip.hosts.proxy-1"],
  ],
  [
    "a host dialled by a name, and its own address not said",
    hosts({}, { address: "proxy-2.acme.example" }),
    ["lqpt:vip.hosts.proxy-2"],
  ],
  [
    "an own address of a host that is not there",
    vip({ hosts: { "proxy-3": "10.0.0.13" } }),
    ["lqpt:vip.hosts.proxy-3"],
  ],
  [
    "an own address in another network",
    vip({ hosts: { "proxy-1": "10.0.1.11" } }),
    ["lqpt:vip.hosts.proxy-1"],
  ],
  [
    "an own address that is the shared one",
    vip({ hosts: { "proxy-1": "10.0.0.100" } }),
    ["lqpt:vip.hosts.proxy-1"],
  ],
  [
    "an own address that no machine can have",
    vip({ hosts: { "proxy-1": "10.0.0.255" } }),
    ["lqpt:vip.hosts.proxy-1"],
  ],
  ["an own address with a prefix", vip({ hosts: { "proxy-1": "10.0.0.11/24" } }), ["lqpt:vip.hosts.proxy-1"]],
  ["two hosts with one own address", vip({ hosts: { "proxy-2": "10.0.0.11" } }), ["lqpt:vip.hosts.proxy-2"]],
  ["own addresses as a list", vip({ hosts: ["10.0.0.11", "10.0.0.12"] }), ["lqpt:vip.hosts"]],
  [
    "a peer that is to go",
    vip({}, { remove: { "10.0.0.12": "opened by hand" } }),
    ['lqpt:remove["10.0.0.12"]'],
  ],
  [
    "a shared address where callers speak the PROXY protocol",
    vip(
      {},
      {
        listen: { tls: "none", proxyProtocol: true },
        allow: { "203.0.113.5": { owner: "ACME F5", kind: "frontend", filteredBy: "ACME" } },
      },
    ),
    ["lqpt:listen.proxyProtocol"],
  ],
  [
    "VRRP kept open to everyone",
    vip({}, { firewall: { keepOpen: ["443/tcp", "112/ip"] } }),
    ["lqpt:firewall.keepOpen[1]"],
  ],
];
