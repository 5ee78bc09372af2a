import type { NftExtra } from "./kernelRules";

/** A chain of firewalld's table as nft prints it. */
export const chain = (name: string, ...rules: readonly string[]) =>
  `\n\tchain ${name} {\n${rules.map((rule) => `\t\t${rule}\n`).join("")}\t}\n`;
const table = (head: string, name: string, ...rules: readonly string[]) =>
  `table ${head} {${chain(name, ...rules)}}\n`;

/** Rules that let somebody reach the port, and what is told of them. */
export const NFT_BYPASSES: readonly (readonly [name: string, extra: NftExtra, told: string])[] = [
  [
    "the port for everyone",
    { allow: "tcp dport 8864 accept" },
    "filter_IN_public_allow: tcp dport 8864 accept",
  ],
  ["a range", { allow: "tcp dport 8000-9000 accept" }, "tcp dport 8000-9000"],
  ["a range without an end", { allow: "tcp dport > 8000 accept" }, "> 8000"],
  ["a set", { allow: "tcp dport { 80, 8864 } accept" }, "{ 80, 8864 }"],
  ["a set with a range", { allow: "tcp dport { 80, 8800-8900 } accept" }, "8800-8900"],
  ["a named set", { input: "tcp dport @web accept" }, "@web"],
  ["a map of verdicts", { input: "tcp dport vmap { 22 : accept, 8864 : accept }" }, "vmap"],
  ["the inverse of another port", { allow: "tcp dport != 22 accept" }, "!= 22"],
  ["the inverse of a set", { allow: "tcp dport != { 22, 80 } accept" }, "!= { 22, 80 }"],
  ["every protocol's port", { allow: "meta l4proto { tcp, udp } th dport 8864 accept" }, "th dport"],
  ["a range of sources", { allow: "ip saddr 10.0.0.1-10.0.0.9 tcp dport 8864 accept" }, "10.0.0.1-"],
  ["a set of sources", { allow: "ip saddr { 10.0.0.1, 10.0.0.2 } tcp dport 8864 accept" }, "{ 10.0.0.1"],
  ["a named set of sources", { allow: "ip saddr @office tcp dport 8864 accept" }, "@office"],
  ["the inverse of a source", { allow: "ip saddr != 10.0.0.1 tcp dport 8864 accept" }, "!= 10.0.0.1"],
  ["a source of IPv6", { allow: "ip6 saddr 2001:db8::/32 tcp dport 8864 accept" }, "ip6 saddr"],
  ["all of IPv6", { allow: "meta nfproto ipv6 tcp dport 8864 accept" }, "ipv6"],
  [
    "a source in the base chain",
    { input: "ip saddr 10.0.0.1 tcp dport 8864 accept" },
    "filter_INPUT: ip saddr",
  ],
  [
    "a source in another zone",
    { chains: chain("filter_IN_work_allow", "ip saddr 10.0.0.1 tcp dport 8864 accept") },
    "filter_IN_work_allow",
  ],
  [
    "a source in a policy",
    { chains: chain("filter_IN_policy_in_allow", "ip saddr 10.0.0.1 tcp dport 8864 accept") },
    "policy_in_allow",
  ],
  [
    "a policy for everyone",
    { chains: chain("filter_IN_policy_in_allow", "tcp dport 8864 accept") },
    "policy_in_allow",
  ],
  [
    "a policy that accepts all",
    { chains: chain("filter_IN_policy_in", "jump filter_IN_policy_in_allow", "accept") },
    "filter_IN_policy_in: accept",
  ],
  [
    "target ACCEPT",
    { chains: chain("filter_IN_trusted", "jump filter_IN_trusted_allow", "accept") },
    "filter_IN_trusted: accept",
  ],
  ["a bare accept in the base chain", { input: "accept" }, "filter_INPUT: accept"],
  [
    "a bare accept before the zones",
    { zones: "ip saddr 10.0.0.1 accept" },
    "filter_INPUT_ZONES: ip saddr 10.0.0.1 accept",
  ],
  ["a network for all ports", { allow: "ip saddr 10.0.0.0/8 accept" }, "ip saddr 10.0.0.0/8 accept"],
  ["a network for all ports, before", { pre: "ip saddr 10.0.0.0/8 accept" }, "filter_IN_public_pre"],
  ["a network of IPv6 for all ports", { allow: "ip6 saddr 2001:db8::/32 accept" }, "2001:db8::/32 accept"],
  ["an interface", { input: 'iifname "eth1" accept' }, 'iifname "eth1" accept'],
  ["every interface but loopback", { input: 'iifname != "lo" accept' }, 'iifname != "lo"'],
  ["all of TCP", { allow: "meta l4proto tcp accept" }, "l4proto tcp"],
  ["all of TCP, said otherwise", { allow: "ip saddr 10.0.0.1 ip protocol tcp accept" }, "ip protocol tcp"],
  ["TCP and UDP", { allow: "meta l4proto { tcp, udp } accept" }, "{ tcp, udp }"],
  ["a source's port", { allow: "tcp sport 1024-65535 accept" }, "tcp sport"],
  [
    "new connections beside established ones",
    { input: "ct state { established, related, new } accept" },
    "new }",
  ],
  ["new ones, in today's words", { input: "ct state established,related,new accept" }, "related,new"],
  ["whatever is not invalid", { input: "ct state != invalid accept" }, "!= invalid"],
  ["an accept with a comment", { input: 'ip saddr 10.0.0.1 accept comment "icmp only"' }, "10.0.0.1 accept"],
  [
    "a comment that names another port",
    { allow: 'tcp dport 8864 accept comment "as dport 22 is"' },
    "tcp dport 8864",
  ],
  [
    "a log's words that name another port",
    { allow: 'tcp dport 8864 log prefix "dport 22 " accept' },
    "tcp dport 8864",
  ],
  ["a queue", { input: "tcp dport 8864 queue to 0" }, "queue"],
  ["a redirect to the port", { nat: "tcp dport 8865 redirect to :8864" }, "8865 redirect to :8864"],
  ["a redirect to ports around it", { nat: "tcp dport 80 redirect to :8860-8870" }, ":8860-8870"],
  ["a redirect of everything to it", { nat: 'iifname "eth1" meta l4proto tcp redirect to :8864' }, ":8864"],
  ["a redirect of the port", { nat: "tcp dport 8864 redirect to :80" }, "8864 redirect to :80"],
  ["a dnat to the port", { nat: "meta nfproto ipv4 tcp dport 80 dnat ip to 10.0.0.5:8864" }, "10.0.0.5:8864"],
  [
    "a dnat of the port",
    {
      tables: table(
        "ip nat",
        "DOCKER",
        'iifname != "docker0" tcp dport 8864 counter packets 0 bytes 0 dnat to 172.17.0.2:80',
      ),
    },
    "table ip nat, chain DOCKER",
  ],
  [
    "a transparent proxy on the port",
    { tables: table("ip tp", "pre", "tcp dport 80 tproxy to :8864 accept") },
    "tproxy to :8864",
  ],
  [
    "a foreign table",
    { tables: table("inet filter", "input", "tcp dport 8864 accept") },
    "table inet filter, chain input",
  ],
];

/** Rules that look like it and do not. */
export const NFT_HARMLESS: readonly (readonly [name: string, extra: NftExtra])[] = [
  ["nothing else", {}],
  [
    "what refuses our health checks",
    {
      tables:
        "table ip lqpt_health {\n\tchain checks {\n\t\ttype filter hook input priority filter - 10; policy accept;\n\t\tip saddr 10.0.0.5 tcp dport 8864 tcp flags & (fin | syn | rst | ack) == syn reject with tcp reset\n\t}\n}\n",
    },
  ],
  ["ssh from one network", { allow: "ip saddr 10.0.0.0/8 tcp dport 22 accept" }],
  ["the port of UDP", { allow: "udp dport 8864 accept" }],
  ["ranges beside it", { allow: "tcp dport { 8000-8863, 8865-9000 } accept" }],
  ["ports that look like it", { allow: "tcp dport { 88, 864, 18864, 88640 } accept" }],
  ["the inverse of the port", { allow: "tcp dport != 8864 accept" }],
  ["the inverse of a range with it", { allow: "tcp dport != 8000-9000 accept" }],
  ["echo requests", { allow: "icmp type echo-request accept" }],
  ["what is established, in today's words", { input: "ct state established,related accept" }],
  ["other protocols", { allow: "meta l4proto { esp, ah, vrrp } accept" }],
  ["another protocol of IPv6", { allow: "meta nfproto ipv6 meta l4proto esp accept" }],
  ["igmp", { allow: "ip protocol igmp accept" }],
  ["a drop of the port", { deny: "tcp dport 8864 drop" }],
  ["a refusal of a source", { deny: "ip saddr 10.0.0.1 tcp dport 8864 reject with icmpx admin-prohibited" }],
  ["a redirect between other ports", { nat: "tcp dport 80 redirect to :8080" }],
  ["a redirect to a port that looks like it", { nat: "tcp dport 80 redirect to :88640" }],
  [
    "a dnat of other ports",
    { tables: table("ip nat", "DOCKER", "tcp dport 9000 counter packets 0 bytes 0 dnat to 172.17.0.2:80") },
  ],
  ["what this host itself sends", { chains: chain("filter_OUT_policy_out_allow", "tcp dport 8864 accept") }],
  [
    "what is sent through this host",
    { chains: chain("filter_FWD_public_allow", "ip saddr 10.0.0.0/8 accept", "tcp dport 8864 accept") },
  ],
  [
    "bare accepts of a foreign table",
    { tables: table("inet filter", "input", "ip saddr 10.0.0.0/8 accept", "accept") },
  ],
];
