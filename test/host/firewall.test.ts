import { runWithTool, SHELLS } from "./shell";

/** As each firewalld prints a zone: the header, and what comes before the interfaces. */
const VERSIONS = [
  ["0.6.3", "public (active)", "  icmp-block-inversion: no"],
  ["0.9", "public (active)", "  icmp-block-inversion: no"],
  ["1.3", "public (active)", "  icmp-block-inversion: no"],
  [
    "2.3",
    "public (default, active)",
    "  ingress-priority: 0\n  egress-priority: 0\n  icmp-block-inversion: no",
  ],
] as const;
const FORWARD: Readonly<Record<string, string>> = { "1.3": "  forward: yes\n", "2.3": "  forward: yes\n" };

const zoneOf = (
  version: string,
  header: string,
  before: string,
  ports: string,
  rules: readonly string[],
) => `${header}
  target: default
${before}
  interfaces: eth0
  sources: 
  services: dhcpv6-client ssh
  ports: ${ports}
  protocols: 
${FORWARD[version] ?? ""}  masquerade: no
  forward-ports: 
  source-ports: 
  icmp-blocks: 
  rich rules: 
${rules.join("\n")}
`;

const PUBLIC = (extra: string) => `public (active)
  target: default
  icmp-block-inversion: no
  interfaces: eth0
  sources: 
  services: ssh
${extra}`;

const RULE = (source: string, port = "8864") =>
  `\trule family="ipv4" source address="${source}" port port="${port}" protocol="tcp" accept`;

describe.each(SHELLS)("firewalld read by %s", (_, shell) => {
  const ask = (listing: string, script: string, files: Readonly<Record<string, string>> = {}) =>
    runWithTool({
      shell,
      script,
      commands: {
        "firewall-cmd": `case "$*" in *--list-all-zones) cat "\${0%/*}/listing" ;; *) exit 2 ;; esac`,
      },
      files: { listing, "etc/firewalld/firewalld.conf": "DefaultZone=public\n", ...files },
    });
  const openings = (listing: string) =>
    ask(listing, "look runtime && other_openings runtime public 8864").stdout;

  it.each(VERSIONS)(
    "%s: finds the sources of rules like ours, and of no other",
    (version, header, before) => {
      const rules = [
        RULE("203.0.113.9"),
        RULE("10.0.0.0/24"),
        RULE("10.0.0.9", "443"),
        `\trule family="ipv4" source NOT address="1.2.3.4" port port="8864" protocol="tcp" accept`,
        `\trule family="ipv4" source address="1.2.3.5" port port="8864" protocol="tcp" reject`,
        `\trule family="ipv4" source address="1.2.3.6" port port="8864" protocol="udp" accept`,
      ];
      const listing = [
        `dmz\n  interfaces: \n  rich rules: \n${RULE("10.9.9.9")}\n`,
        zoneOf(version, header, before, "443/tcp", rules),
        `work\n  interfaces: \n  rich rules: \n${RULE("10.9.9.8")}\n`,
      ].join("\n");
      expect(ask(listing, "read_sources runtime public 8864")).toMatchObject({
        status: 0,
        stdout: "10.0.0.0/24\n203.0.113.9\n",
      });
    },
  );

  it.each(VERSIONS)(
    "%s: sees nothing else where only rules like ours and foreign ports are",
    (version, header, before) => {
      const rules = [RULE("203.0.113.9"), `\trule protocol value="icmp" accept`];
      expect(openings(zoneOf(version, header, before, "443/tcp 8864/udp 8865-9000/tcp", rules))).toBe("");
      expect(openings(zoneOf(version, header, before, "8000-9000/tcp", rules))).toContain(
        "8000-9000/tcp to everyone",
      );
    },
  );

  it("has no sources of a zone that is not there, which is not the same as none", () => {
    expect(ask(PUBLIC(""), "read_sources runtime work 8864 && echo found").stdout).toBe("");
    expect(ask(PUBLIC(""), "read_sources runtime pub 8864 && echo found").stdout).toBe("");
    expect(ask(PUBLIC(""), "read_sources runtime public 8864 && echo found").stdout).toBe("found\n");
  });

  it.each([
    ["answers nothing", ""],
    ["is not running", "echo 'FirewallD is not running' >&2; exit 252"],
  ])("where it %s, its zones are not known, and that counts as open", (_, answer) => {
    const { stdout } = runWithTool({
      shell,
      script: "look runtime && echo looked; other_openings runtime public 8864",
      commands: { "firewall-cmd": answer },
    });
    expect(stdout).toBe(
      "other\t-\tfirewalld does not list its zones, so nobody knows what is open (runtime)\n",
    );
  });

  it("takes what is as wide as the whole world for nobody's address, however its mask is written", () => {
    const rules = ["0.0.0.0/0", "1.2.3.4/0.0.0.0", "1.2.3.4/252.0.0.0", "10.0.0.0/255.0.0.0", "10.0.0.0/8"];
    const { stdout } = ask(
      PUBLIC(rules.map((one) => RULE(one)).join("\n")),
      "read_sources runtime public 8864",
    );
    expect(stdout).toBe("10.0.0.0/255.0.0.0\n10.0.0.0/8\n");
  });

  it("asks the permanent configuration for itself", () => {
    const { stdout } = runWithTool({
      shell,
      script: "read_sources permanent public 8864",
      commands: {
        "firewall-cmd": `[ "$1" = --permanent ] && printf 'public\\n%s\\n' '${RULE("203.0.113.9")}'`,
      },
    });
    expect(stdout).toBe("203.0.113.9\n");
  });

  it("lets rules of ours be in a zone that was ours and whose rules are to go", () => {
    const listing = `${PUBLIC("")}\nwork (active)\n  sources: 1.2.3.0/24\n${RULE("203.0.113.9")}\n`;
    const look = "look runtime && other_openings runtime public 8864";
    expect(ask(listing, look).stdout).toContain("zone work has the rule");
    expect(ask(listing, look, { "state/place": "work 8864 0.0.0.0\n" }).stdout).toBe("");
    expect(ask(listing, look, { "state/pending/places": "work 8864 0.0.0.0\n" }).stdout).toBe("");
  });

  it.each([
    ["a general opening", PUBLIC("  ports: 8864/tcp"), "zone public opens port 8864/tcp to everyone"],
    ["a range", PUBLIC("  ports: 8000-9000/tcp"), "zone public opens port 8000-9000/tcp to everyone"],
    [
      "a rule for everyone",
      PUBLIC(`\trule family="ipv4" port port="8864" protocol="tcp" accept`),
      'everyone\tpublic --remove-rich-rule=rule family="ipv4" port port="8864" protocol="tcp" accept\tzone public has',
    ],
    [
      "a rule for the whole world, which is no source",
      PUBLIC(RULE("0.0.0.0/0")),
      'everyone\tpublic --remove-rich-rule=rule family="ipv4" source address="0.0.0.0/0"',
    ],
    ...["0.0.0.0", "128.0.0.0", "254.0.0.0", "0.255.255.255", "07"].map((mask): [string, string, string] => [
      `a rule for the mask ${mask}, which is as wide`,
      PUBLIC(RULE(`1.2.3.4/${mask}`)),
      `everyone\tpublic --remove-rich-rule=rule family="ipv4" source address="1.2.3.4/${mask}"`,
    ]),
    [
      "a rule for everyone from one of his ports",
      PUBLIC(`\trule family="ipv4" source-port port="53" protocol="tcp" accept`),
      "other\tpublic\tzone public has the rule",
    ],
    [
      "a rule with a range",
      PUBLIC(`\trule family="ipv4" source address="1.2.3.4" port port="8860-8870" protocol="tcp" accept`),
      "has the rule",
    ],
    [
      "a rule for all ports",
      PUBLIC(`\trule family="ipv4" source address="1.2.3.0/24" accept`),
      "has the rule",
    ],
    [
      "a negated source",
      PUBLIC(`\trule family="ipv4" source NOT address="1.2.3.4" port port="8864" protocol="tcp" accept`),
      "has the rule",
    ],
    [
      "a forwarded port",
      PUBLIC("  forward-ports: \n\tport=8864:proto=tcp:toport=80:toaddr="),
      "forwards port 8864",
    ],
    [
      "a forward to it",
      PUBLIC("  forward-ports: port=80:proto=tcp:toport=8864:toaddr="),
      "forwards port 8864",
    ],
    [
      "another active zone",
      `${PUBLIC("")}\nwork (active)\n  target: default\n  sources: 1.2.3.0/24\n  ports: 8864/tcp`,
      "zone work opens port 8864/tcp",
    ],
    [
      "a trusted interface",
      `${PUBLIC("")}\ntrusted (active)\n  target: ACCEPT\n  interfaces: eth1`,
      "target ACCEPT",
    ],
    ["our zone accepting all", "public (active)\n  target: ACCEPT\n  interfaces: eth0", "target ACCEPT"],
  ])("finds %s", (_, listing, words) => {
    expect(openings(listing)).toContain(words);
  });

  it("does not count a zone that nothing enters", () => {
    expect(openings(`${PUBLIC("")}\ntrusted\n  target: ACCEPT\n  interfaces: \n  sources: `)).toBe("");
  });
});
