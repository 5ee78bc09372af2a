import { SECRET } from "../../../config/parse";
import { BAD_LISTS } from "./badLists";
import { BAD_IN_FRONT } from "./badInFront";
import { BAD_PROXIES } from "./badProxies";
import { BAD_VIPS } from "./badVips";
import { blob, ED25519, HOST, SMALL, type Values, without } from "./stacks";

/** The small stack with another host. */
export function host(change: Values, rest: Values = {}): Values {
  return { ...SMALL, hosts: { "proxy-1": { ...HOST, ...change } }, ...rest };
}

function firewall(change: Values, rest: Values = {}): Values {
  return { ...SMALL, firewall: change, ...rest };
}

/** What is wrong, the stack's values, where each mistake is told. */
export const BAD_STACKS: readonly (readonly [string, Values, readonly string[]])[] = [
  ["an unknown key", { ...SMALL, whitelist: {} }, ["lqpt:whitelist"]],
  ["a key of a later version", { ...SMALL, metrics: { port: 9113 } }, ["lqpt:metrics"]],
  ["an unknown key inside", { ...SMALL, firewall: { zones: "public" } }, ["lqpt:firewall.zones"]],

  ["no id", without(SMALL, "id"), ["lqpt:id"]],
  ["an id with capitals", { ...SMALL, id: "Acme" }, ["lqpt:id"]],
  ["an id of two characters", { ...SMALL, id: "ab" }, ["lqpt:id"]],
  ["no environments", without(SMALL, "environments"), ["lqpt:environments"]],
  ["environments as one word", { ...SMALL, environments: "prod" }, ["lqpt:environments"]],
  ["an empty list of environments", { ...SMALL, environments: [] }, ["lqpt:environments"]],
  ["an unknown environment", { ...SMALL, environments: ["prod", "test"] }, ["lqpt:environments[1]"]],
  ["an environment twice", { ...SMALL, environments: ["prod", "prod"] }, ["lqpt:environments"]],
  [
    "a bundle with the vendor's nginx",
    host(
      { delivery: "bundle" },
      {
        listen: { tls: "none" },
        nginx: {
          source: "vendor",
          archive: { file: "vendor/fpy-nginx-lqpt.tar.gz", sha256: "b".repeat(64) },
        },
      },
    ),
    ["lqpt:hosts.proxy-1.delivery"],
  ],
  [
    "two hosts with one key",
    { ...SMALL, hosts: { "proxy-1": HOST, "proxy-2": { ...HOST, address: "203.0.113.11" } } },
    ["lqpt:hosts.proxy-2.hostKey"],
  ],
  ["no topology", without(SMALL, "topology"), ["lqpt:topology"]],
  ["an unknown topology", { ...SMALL, topology: "hybrid" }, ["lqpt:topology"]],
  ["no Leqi ID", without(SMALL, "leqiId"), ["lqpt:leqiId"]],
  ["a Leqi ID that is a number", { ...SMALL, leqiId: 12345 }, ["lqpt:leqiId"]],
  ["a Leqi ID with a line feed", { ...SMALL, leqiId: "A1\nB" }, ["lqpt:leqiId"]],
  [
    "a customer without a name",
    { ...SMALL, customer: { creditCode: "91310000MA1FL0001X" } },
    ["lqpt:customer.name"],
  ],
  [
    "a credit code that is a number",
    { ...SMALL, customer: { name: "ACME", creditCode: 913 } },
    ["lqpt:customer.creditCode"],
  ],
  [
    "a name with a direction override",
    { ...SMALL, customer: { name: "AC\u202eME" } },
    ["lqpt:customer.name"],
  ],
  ["a registered IP that is a network", { ...SMALL, registeredIp: "203.0.113.0/24" }, ["lqpt:registeredIp"]],
  [
    "a public address with a path",
    { ...SMALL, publicAddress: "http://a.example:8864/access/" },
    ["lqpt:publicAddress"],
  ],
  [
    "a public address without a scheme",
    { ...SMALL, publicAddress: "203.0.113.10:8864" },
    ["lqpt:publicAddress"],
  ],

  ["hosts that are empty", { ...SMALL, hosts: {} }, ["lqpt:hosts"]],
  ["hosts without a value", { ...SMALL, hosts: null }, ["lqpt:hosts"]],
  ["hosts as a list", { ...SMALL, hosts: [HOST] }, ["lqpt:hosts"]],
  ["a host that is no mapping", { ...SMALL, hosts: { "proxy-1": "203.0.113.10" } }, ["lqpt:hosts.proxy-1"]],
  ["a host's name with a dot", { ...SMALL, hosts: { "proxy.1": HOST } }, ['lqpt:hosts["proxy.1"]']],
  [
    "a host without anything",
    { ...SMALL, hosts: { a: {} } },
    ["lqpt:hosts.a.address", "lqpt:hosts.a.user", "lqpt:hosts.a.hostKey"],
  ],
  ["an address with a missing part", host({ address: "203.0.113" }), ["lqpt:hosts.proxy-1.address"]],
  ["an address with a letter behind it", host({ address: "203.0.113.10x" }), ["lqpt:hosts.proxy-1.address"]],
  ["an address with a letter in it", host({ address: "203.0.113.l0" }), ["lqpt:hosts.proxy-1.address"]],
  ["a name whose last part is a number", host({ address: "proxy.10" }), ["lqpt:hosts.proxy-1.address"]],
  ["an address in full-width", host({ address: "２０３．0.113.10" }), ["lqpt:hosts.proxy-1.address"]],
  ["a name in full-width", host({ address: "proxy．acme。example" }), ["lqpt:hosts.proxy-1.address"]],
  ["sshd's port in full-width", host({ port: "２２" }), ["lqpt:hosts.proxy-1.port"]],
  ["a user in full-width", host({ user: "ｒｏｏｔ" }), ["lqpt:hosts.proxy-1.user"]],
  ["an environment in full-width", { ...SMALL, environments: ["prod，sandbox"] }, ["lqpt:environments[0]"]],
  ["a Leqi ID in full-width", { ...SMALL, leqiId: "００１２" }, ["lqpt:leqiId"]],
  ["a registered IP in full-width", { ...SMALL, registeredIp: "203。0.113.10" }, ["lqpt:registeredIp"]],
  [
    "a public address in full-width",
    { ...SMALL, publicAddress: "http：／／203.0.113.10:8864" },
    ["lqpt:publicAddress"],
  ],
  ["a host's name in full-width", { ...SMALL, hosts: { "proxy－1": HOST } }, ['lqpt:hosts["proxy－1"]']],
  ["an address with a port", host({ address: "203.0.113.10:22" }), ["lqpt:hosts.proxy-1.address"]],
  ["sshd's port in quotes", host({ port: "22" }), ["lqpt:hosts.proxy-1.port"]],
  ["sshd's port out of range", host({ port: 65536 }), ["lqpt:hosts.proxy-1.port"]],
  ["a user with a space", host({ user: "the admin" }), ["lqpt:hosts.proxy-1.user"]],
  ["a user that is a number", host({ user: 1001 }), ["lqpt:hosts.proxy-1.user"]],
  ["root with sudo", host({ sudo: "nopasswd" }), ["lqpt:hosts.proxy-1.sudo"]],
  ["a user without sudo", host({ user: "ops", sudo: "none" }), ["lqpt:hosts.proxy-1.sudo"]],
  ["an unknown way to log in", host({ auth: "kerberos" }), ["lqpt:hosts.proxy-1.auth"]],
  ["an unknown delivery", host({ delivery: "post" }), ["lqpt:hosts.proxy-1.delivery"]],
  ["an unknown state", host({ state: "dead" }), ["lqpt:hosts.proxy-1.state"]],
  [
    "no host key",
    { ...SMALL, hosts: { "proxy-1": without(HOST, "hostKey") } },
    ["lqpt:hosts.proxy-1.hostKey"],
  ],
  [
    "an RSA host key",
    host({ hostKey: `ssh-rsa ${blob("ssh-rsa", "e", "n")}` }),
    ["lqpt:hosts.proxy-1.hostKey"],
  ],
  ["a DSA host key", host({ hostKey: "ssh-dss AAAA" }), ["lqpt:hosts.proxy-1.hostKey"]],
  [
    "a host key as ssh-keyscan prints it",
    host({ hostKey: `203.0.113.10 ${ED25519}` }),
    ["lqpt:hosts.proxy-1.hostKey"],
  ],
  ["a host key cut short", host({ hostKey: ED25519.slice(0, -8) }), ["lqpt:hosts.proxy-1.hostKey"]],
  [
    "a host key of another type inside",
    host({ hostKey: `ssh-ed25519 ${blob("ssh-rsa", "e", "n")}` }),
    ["lqpt:hosts.proxy-1.hostKey"],
  ],
  [
    "a host key on the wrong curve",
    host({ hostKey: `ecdsa-sha2-nistp256 ${blob("ecdsa-sha2-nistp256", "nistp384", Buffer.alloc(65, 4))}` }),
    ["lqpt:hosts.proxy-1.hostKey"],
  ],
  [
    "two names for one machine",
    { ...SMALL, hosts: { a: HOST, b: { ...HOST, port: 22 } } },
    ["lqpt:hosts.b.address"],
  ],
  ["a bastion that is not there", host({ bastion: "jump-1" }), ["lqpt:hosts.proxy-1.bastion"]],
  [
    "a bastion behind a bastion",
    host({ bastion: "j" }, { bastions: { j: { ...HOST, bastion: "k" } } }),
    ["lqpt:bastions.j.bastion"],
  ],
  ["a bastion named as a host", { ...SMALL, bastions: { "proxy-1": HOST } }, ["lqpt:bastions.proxy-1"]],

  ["a key without its secret", host({ auth: "key" }), ["lqpt:secrets.proxy-1.privateKey"]],
  ["a password without its secret", host({ auth: "password" }), ["lqpt:secrets.proxy-1.password"]],
  [
    "sudo without its password",
    host({ user: "ops", sudo: "password" }),
    ["lqpt:secrets.proxy-1.sudoPassword"],
  ],
  [
    "a bastion's key without its secret",
    host({ bastion: "j" }, { bastions: { j: { ...HOST, auth: "key" } } }),
    ["lqpt:secrets.j.privateKey"],
  ],
  [
    "a secret that the agent does not use",
    { ...SMALL, secrets: { "proxy-1": { privateKey: SECRET } } },
    ["lqpt:secrets.proxy-1.privateKey"],
  ],
  [
    "a password beside a key",
    host({ auth: "key" }, { secrets: { "proxy-1": { privateKey: SECRET, password: SECRET } } }),
    ["lqpt:secrets.proxy-1.password"],
  ],
  [
    "a bastion's sudo password",
    host({ bastion: "j" }, { bastions: { j: HOST }, secrets: { j: { sudoPassword: SECRET } } }),
    ["lqpt:secrets.j.sudoPassword"],
  ],
  [
    "a secret of nobody",
    { ...SMALL, secrets: { "proxy-9": { password: SECRET } } },
    ["lqpt:secrets.proxy-9"],
  ],
  [
    "an unknown secret",
    { ...SMALL, secrets: { "proxy-1": { passphrase: SECRET } } },
    ["lqpt:secrets.proxy-1.passphrase"],
  ],
  [
    "a secret that is a number",
    host({ auth: "password" }, { secrets: { "proxy-1": { password: 271828 } } }),
    ["lqpt:secrets.proxy-1.password"],
  ],
  ["secrets that are one text", { ...SMALL, secrets: "hunter2" }, ["lqpt:secrets"]],

  ...BAD_LISTS,

  ...BAD_PROXIES,

  ...BAD_VIPS,

  ...BAD_IN_FRONT,

  ["an unknown mode of the firewall", { ...SMALL, firewall: { mode: "iptables" } }, ["lqpt:firewall.mode"]],
  ["a zone with a space", { ...SMALL, firewall: { zone: "my zone" } }, ["lqpt:firewall.zone"]],
  ["ports kept open as one text", firewall({ keepOpen: "443/tcp" }), ["lqpt:firewall.keepOpen"]],
  ["a port without its protocol", firewall({ keepOpen: [443] }), ["lqpt:firewall.keepOpen[0]"]],
  ["a port above 65535", firewall({ keepOpen: ["443/tcp", "65536/udp"] }), ["lqpt:firewall.keepOpen[1]"]],
  ["a range from high to low", firewall({ keepOpen: ["90-80/tcp"] }), ["lqpt:firewall.keepOpen[0]"]],
  ["a full-width slash", firewall({ keepOpen: ["443／tcp"] }), ["lqpt:firewall.keepOpen[0]"]],
  ["a port kept open twice", firewall({ keepOpen: ["80/tcp", "80/tcp"] }), ["lqpt:firewall.keepOpen"]],
  ["a ruleset kept open", firewall({ keepOpen: ["ufw"] }), ["lqpt:firewall.keepOpen[0]"]],
  ["the proxy's own port kept open", firewall({ keepOpen: ["8864/tcp"] }), ["lqpt:firewall.keepOpen[0]"]],
  [
    "the proxy's own port in a range kept open",
    firewall({ keepOpen: ["9000-9010/tcp"] }, { listen: { port: 9005, tls: "none" } }),
    ["lqpt:firewall.keepOpen[0]"],
  ],
  ["closing an unknown ruleset", firewall({ closes: ["ufw", "pf"] }), ["lqpt:firewall.closes[1]"]],
  [
    "closing what is kept open",
    firewall({ keepOpen: ["443/tcp", "3300-3310/tcp"], closes: ["443/udp", "3306/tcp"] }),
    ["lqpt:firewall.closes[1]"],
  ],
  ["closing sshd's port", firewall({ closes: ["20-25/tcp"] }), ["lqpt:firewall.closes[0]"]],
  ["going back too soon", firewall({ rollbackSeconds: 59 }), ["lqpt:firewall.rollbackSeconds"]],
  ["going back too late", firewall({ rollbackSeconds: 901 }), ["lqpt:firewall.rollbackSeconds"]],
  ["seconds in quotes", firewall({ rollbackSeconds: "300" }), ["lqpt:firewall.rollbackSeconds"]],
  ["a prefix that no stack may have", firewall({ widest: 7 }), ["lqpt:firewall.widest"]],
  ["a prefix with a slash", firewall({ widest: "/24" }), ["lqpt:firewall.widest"]],
  ["a window without a zone", { ...SMALL, change: { window: "Sat 22:00-24:00" } }, ["lqpt:change.window"]],
  ["a ticket that is a number", { ...SMALL, change: { ticket: 4711 } }, ["lqpt:change.ticket"]],
];
