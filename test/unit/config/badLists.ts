import { showPath } from "../../../config/errors";
import { SMALL, type Values } from "./stacks";

const PRIVATE = { ...SMALL, topology: "private-cloud" };
const MANY = Object.fromEntries(
  Array.from({ length: 257 }, (_, index) => [`10.${index >> 8}.${index & 255}.1`, "ERP"]),
);

/** The small stack with one more source. */
function allow(cidr: string): Values {
  return { ...SMALL, allow: { [cidr]: "ERP" } };
}

function inPrivate(cidr: string): Values {
  return { ...PRIVATE, allow: { [cidr]: "ERP" } };
}

function at(cidr: string): string {
  return showPath(["allow", cidr]);
}

/** What is wrong with who may reach the port, or with what is to go: rows of `BAD_STACKS`. */
export const BAD_LISTS: readonly (readonly [string, Values, readonly string[]])[] = [
  ["nobody allowed", PRIVATE, ["lqpt:allow"]],
  ["an empty list", { ...PRIVATE, allow: {} }, ["lqpt:allow"]],
  ["allow as a list", { ...SMALL, allow: ["198.51.100.7"] }, ["lqpt:allow"]],
  ["everybody allowed", { ...SMALL, allow: { "0.0.0.0/0": "all" } }, ['lqpt:allow["0.0.0.0/0"]']],
  ["host bits", { ...SMALL, allow: { "10.0.0.5/24": "ERP" } }, ['lqpt:allow["10.0.0.5/24"]']],
  ["leading zeros", { ...SMALL, allow: { "010.0.0.5": "ERP" } }, ['lqpt:allow["010.0.0.5"]']],
  ["full-width characters", { ...SMALL, allow: { "１０．0.0.5": "ERP" } }, ['lqpt:allow["１０．0.0.5"]']],
  ["an IPv6 source", { ...SMALL, allow: { "2001:db8::1": "ERP" } }, ['lqpt:allow["2001:db8::1"]']],
  [
    "a source without an owner",
    { ...SMALL, allow: { "10.0.0.5": { kind: "backend" } } },
    ['lqpt:allow["10.0.0.5"].owner'],
  ],
  ["an owner that is empty", { ...SMALL, allow: { "10.0.0.5": " " } }, ['lqpt:allow["10.0.0.5"]']],
  ["an owner that is a number", { ...SMALL, allow: { "10.0.0.5": 42 } }, ['lqpt:allow["10.0.0.5"]']],
  [
    "an owner on two lines",
    { ...SMALL, allow: { "10.0.0.5": "ERP\u0085everyone" } },
    ['lqpt:allow["10.0.0.5"]'],
  ],
  [
    "an owner of 201 characters",
    { ...SMALL, allow: { "10.0.0.5": "发".repeat(201) } },
    ['lqpt:allow["10.0.0.5"]'],
  ],
  [
    "an unknown kind",
    { ...SMALL, allow: { "10.0.0.5": { owner: "F5", kind: "lb" } } },
    ['lqpt:allow["10.0.0.5"].kind'],
  ],
  ["257 sources", { ...PRIVATE, allow: MANY }, ["lqpt:allow"]],
  [
    "removing what is allowed",
    { ...SMALL, remove: { "49.4.83.185": "sandbox" } },
    ['lqpt:remove["49.4.83.185"]'],
  ],
  [
    "removing what an allowed network holds",
    { ...SMALL, allow: { "8.8.4.0/24": "office" }, remove: { "8.8.4.9": "old" } },
    ['lqpt:remove["8.8.4.9"]'],
  ],
  ["removing a name", { ...SMALL, remove: { all: "open" } }, ["lqpt:remove.all"]],
  [
    "removing a path with ..",
    { ...SMALL, remove: { "/etc/../lqpt.conf": "old" } },
    ['lqpt:remove["/etc/../lqpt.conf"]'],
  ],
  ["removing without a reason", { ...SMALL, remove: { everyone: null } }, ["lqpt:remove.everyone"]],
  ["a space", allow("8.8.4.4 "), [at("8.8.4.4 ")]],
  ["full-width digits and punctuation", allow("１０．０．０．１，"), [at("１０．０．０．１，")]],
  ["a full-width semicolon", allow("8.8.4.4；"), [at("8.8.4.4；")]],
  ["a Chinese full stop", allow("8。8。4。4"), [at("8。8。4。4")]],
  ["a character that cannot be seen", allow("8.8.4.4\u200b"), [at("8.8.4.4\u200b")]],
  ["two addresses in one entry", allow("8.8.4.4,8.8.8.8"), [at("8.8.4.4,8.8.8.8")]],
  ["a network wider than a public cloud's", allow("8.8.4.0/23"), [at("8.8.4.0/23")]],
  ["a network wider than a private cloud's", inPrivate("10.8.0.0/15"), [at("10.8.0.0/15")]],
  ["a network wider than any stack's", inPrivate("0.0.0.0/1"), [at("0.0.0.0/1")]],
  [
    "a network wider than the stack's own word",
    { ...allow("8.8.4.0/27"), firewall: { widest: 28 } },
    [at("8.8.4.0/27")],
  ],
  ["a private address in a public cloud", allow("192.168.1.5"), [at("192.168.1.5")]],
  [
    "a network with private addresses in a public cloud",
    { ...allow("172.0.0.0/8"), firewall: { widest: 8 } },
    [at("172.0.0.0/8")],
  ],
  ["an address behind a carrier's NAT in a public cloud", allow("100.64.0.9"), [at("100.64.0.9")]],
  ["a loopback address", inPrivate("127.0.0.1"), [at("127.0.0.1")]],
  ["a link-local address", inPrivate("169.254.169.254"), [at("169.254.169.254")]],
  ["a multicast address", inPrivate("239.1.2.3"), [at("239.1.2.3")]],
  ["the broadcast address", inPrivate("255.255.255.255"), [at("255.255.255.255")]],
  ["the unspecified address", inPrivate("0.0.0.0"), [at("0.0.0.0")]],
  [
    "a loopback address as a frontend",
    { ...SMALL, allow: { "127.0.0.1": { owner: "F5", kind: "frontend", filteredBy: "ACME" } } },
    [at("127.0.0.1")],
  ],
  [
    "a frontend that nobody filters",
    { ...SMALL, allow: { "10.8.0.5": { owner: "ACME F5", kind: "frontend" } } },
    [`${at("10.8.0.5")}.filteredBy`],
  ],
  ["the vendor's address in a private cloud", inPrivate("49.4.83.185"), [at("49.4.83.185")]],
  [
    "a network with the vendor's address in a private cloud",
    inPrivate("68.79.14.0/28"),
    [at("68.79.14.0/28")],
  ],
  ["the vendor's sandbox address in production", allow("49.4.80.61"), [at("49.4.80.61")]],
  [
    "the vendor's production address in a sandbox",
    { ...allow("82.157.180.203"), environments: ["sandbox"] },
    [at("82.157.180.203")],
  ],
];
