import { IPTABLES } from "./kernelRules";
import { runWithTool, SHELLS } from "./shell";

const read = (shell: readonly string[], rules: string, state: Readonly<Record<string, string>> = {}) => {
  const { stdout, stderr } = runWithTool({
    shell,
    script: `cp "$DIR/rules" "$WORK/kernel-ipt"; : >"$WORK/kernel-nft"
kernel_sources public 8864; echo --; kernel_openings public 8864`,
    files: { rules, ...state },
  });
  expect(stderr).toBe("");
  const [sources = "", openings = ""] = stdout.split("--\n");
  return { sources: sources.split("\n").filter(Boolean), openings };
};

const OURS = ["203.0.113.9", "203.0.114.0/24"];
const NEW = "-m conntrack --ctstate NEW,UNTRACKED -j ACCEPT";

const BYPASSES: readonly (readonly [name: string, rule: string])[] = [
  ["the port for everyone", `-A IN_public_allow -p tcp -m tcp --dport 8864 ${NEW}`],
  ["a range", `-A IN_public_allow -p tcp -m tcp --dport 8000:9000 ${NEW}`],
  ["several ports", "-A INPUT -p tcp -m multiport --dports 80,8800:8900 -j ACCEPT"],
  ["the inverse of another port", "-A INPUT -p tcp -m tcp ! --dport 22 -j ACCEPT"],
  ["the inverse of several", "-A INPUT -p tcp -m multiport ! --dports 22,80 -j ACCEPT"],
  ["the inverse of a source", `-A IN_public_allow ! -s 10.0.0.1/32 -p tcp -m tcp --dport 8864 ${NEW}`],
  ["a set of sources", `-A IN_public_allow -p tcp -m set --match-set office src -m tcp --dport 8864 ${NEW}`],
  ["a set of ports", "-A INPUT -p tcp -m set --match-set ports dst -j ACCEPT"],
  ["a source of IPv6", `-A IN_public_allow -s 2001:db8::/32 -p tcp -m tcp --dport 8864 ${NEW}`],
  ["a source in the base chain", "-A INPUT -s 10.0.0.1/32 -p tcp -m tcp --dport 8864 -j ACCEPT"],
  ["a source in another zone", `-A IN_work_allow -s 10.0.0.1/32 -p tcp -m tcp --dport 8864 ${NEW}`],
  ["a direct rule", "-A INPUT_direct -p tcp -m tcp --dport 8864 -j ACCEPT"],
  ["a direct rule for all ports", "-A INPUT_direct -s 10.0.0.0/8 -j ACCEPT"],
  ["a source for all ports", "-A IN_public_allow -s 10.0.0.0/8 -j ACCEPT"],
  ["a bare accept", "-A INPUT -j ACCEPT"],
  ["target ACCEPT", "-A IN_trusted -j ACCEPT"],
  ["all of TCP", "-A INPUT -p tcp -j ACCEPT"],
  ["all new connections", "-A INPUT -m state --state NEW,RELATED,ESTABLISHED -j ACCEPT"],
  ["whatever is not invalid", "-A INPUT -m conntrack ! --ctstate INVALID -j ACCEPT"],
  ["an interface", "-A INPUT -i eth1 -j ACCEPT"],
  ["every interface but loopback", "-A INPUT ! -i lo -j ACCEPT"],
  ["every protocol but UDP", "-A INPUT ! -p udp -j ACCEPT"],
  ["a source's port", `-A IN_public_allow -p tcp -m tcp --sport 1024:65535 ${NEW}`],
  ["a comment of udp", '-A INPUT -s 10.0.0.1/32 -m comment --comment "not -p udp here" -j ACCEPT'],
  [
    "a comment of another port",
    '-A INPUT -m comment --comment "see --dport 22 too" -p tcp -m tcp --dport 8864 -j ACCEPT',
  ],
];

const NAT: readonly (readonly [name: string, rule: string])[] = [
  [
    "Docker's dnat of the port",
    "-A DOCKER ! -i docker0 -p tcp -m tcp --dport 8864 -j DNAT --to-destination 172.17.0.2:80",
  ],
  ["a redirect of the port", "-A PREROUTING -p tcp -m tcp --dport 8864 -j REDIRECT --to-ports 80"],
  ["a redirect to the port", "-A PREROUTING -p tcp -m tcp --dport 80 -j REDIRECT --to-ports 8864"],
  [
    "a redirect to ports around it",
    "-A PREROUTING -p tcp -m tcp --dport 80 -j REDIRECT --to-ports 8860-8870",
  ],
  ["a redirect of everything to it", "-A PREROUTING -i eth1 -p tcp -j REDIRECT --to-ports 8864"],
  ["a dnat to the port", "-A PREROUTING -p tcp -m tcp --dport 80 -j DNAT --to-destination 10.0.0.5:8864"],
  [
    "firewalld's own forward to it",
    "-A PRE_public_allow -p tcp -m mark --mark 0x64 -j DNAT --to-destination :8864",
  ],
];

const HARMLESS: readonly (readonly [name: string, rule: string])[] = [
  ["ssh from one network", "-A INPUT -s 10.0.0.0/8 -p tcp -m tcp --dport 22 -j ACCEPT"],
  ["the port of UDP", "-A INPUT -p udp -m udp --dport 8864 -j ACCEPT"],
  ["ranges beside it", "-A INPUT -p tcp -m multiport --dports 8000:8863,8865:9000 -j ACCEPT"],
  ["a port that looks like it", "-A INPUT -p tcp -m tcp --dport 18864 -j ACCEPT"],
  ["the inverse of the port", "-A INPUT -p tcp -m tcp ! --dport 8864 -j ACCEPT"],
  ["pings of IPv6", "-A INPUT -p ipv6-icmp -j ACCEPT"],
  ["virtual routers", "-A INPUT_direct -d 224.0.0.18/32 -i eth0 -p vrrp -j ACCEPT"],
  ["a protocol by its number", "-A INPUT -p 89 -j ACCEPT"],
  ["what is established", "-A INPUT_direct -m state --state RELATED,ESTABLISHED -j ACCEPT"],
  ["what was forwarded", "-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED,DNAT -j ACCEPT"],
  ["loopback from one address", "-A INPUT -s 127.0.0.0/8 -i lo -j ACCEPT"],
  ["a drop of the port", "-A INPUT -p tcp -m tcp --dport 8864 -j DROP"],
  [
    "a refusal",
    "-A IN_public_deny -s 10.0.0.1/32 -p tcp -m tcp --dport 8864 -j REJECT --reject-with icmp-port-unreachable",
  ],
  ["what this host itself sends", "-A OUTPUT -p tcp -m tcp --dport 8864 -j ACCEPT"],
  [
    "a container's own port",
    "-A DOCKER -d 172.17.0.2/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 80 -j ACCEPT",
  ],
  ["what is sent through this host", "-A FORWARD -p tcp -m tcp --dport 8864 -j ACCEPT"],
  [
    "firewalld's forward of another port",
    "-A IN_public_allow -m conntrack --ctstate NEW,UNTRACKED -m mark --mark 0x64 -j ACCEPT",
  ],
];

describe.each(SHELLS)("iptables' rules, read by %s", (_, shell) => {
  it("let in whom rules like ours name", () => {
    expect(read(shell, IPTABLES())).toEqual({ sources: OURS, openings: "" });
  });

  it("let in a source of a zone that was ours and whose rules are to go", () => {
    const rules = IPTABLES({ filter: `-A IN_work_allow -s 10.0.0.1/32 -p tcp -m tcp --dport 8864 ${NEW}` });
    expect(read(shell, rules, { "state/pending/places": "work 8864 0.0.0.0\n" })).toEqual({
      sources: ["10.0.0.1", ...OURS],
      openings: "",
    });
  });

  it.each(BYPASSES)("that let somebody pass are told: %s", (_, filter) => {
    expect(read(shell, IPTABLES({ filter }))).toEqual({
      sources: OURS,
      openings: `the kernel has, in iptables filter ${filter.split(" ")[1] ?? ""}: ${filter}\n`,
    });
  });

  it.each(NAT)("that send elsewhere are told: %s", (_, nat) => {
    expect(read(shell, IPTABLES({ nat }))).toEqual({
      sources: OURS,
      openings: `the kernel has, in iptables nat ${nat.split(" ")[1] ?? ""}: ${nat}\n`,
    });
  });

  it.each(HARMLESS)("that let nobody pass are not told: %s", (_, filter) => {
    expect(read(shell, IPTABLES({ filter }))).toEqual({ sources: OURS, openings: "" });
  });

  it.each([
    ["is entered before the zones", "-A INPUT -j ADMIN", true],
    ["is entered through another", "-A INPUT -s 10.0.0.0/8 -g OUTER\n-A OUTER -j ADMIN", true],
    ["is entered by nobody", "-A FORWARD -j ADMIN", false],
    ["is entered for another port", "-A INPUT -p tcp -m tcp --dport 22 -j ADMIN", false],
    ["is entered for UDP", "-A INPUT -p udp -j ADMIN", false],
  ])("in a chain of somebody's that %s", (_, entry, told) => {
    const accept = "-A ADMIN -s 10.0.0.1/32 -j ACCEPT";
    expect(read(shell, IPTABLES({ filter: `${accept}\n${entry}` })).openings).toBe(
      told ? `the kernel has, in iptables filter ADMIN: ${accept}\n` : "",
    );
  });

  it.each([
    [
      "ports of others",
      "-A DOCKER ! -i docker0 -p tcp -m tcp --dport 9000 -j DNAT --to-destination 172.17.0.2:80",
    ],
    [
      "a redirect to a port that looks like it",
      "-A PREROUTING -p tcp -m tcp --dport 80 -j REDIRECT --to-ports 88640",
    ],
  ])("that send others elsewhere are not told: %s", (_, nat) => {
    expect(read(shell, IPTABLES({ nat })).openings).toBe("");
  });
});
