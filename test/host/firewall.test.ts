import { runWithTool, SHELLS } from "./shell";

const zones = (body: string) => `case "$*" in
*--get-default-zone*) echo public ;;
*--get-active-zones*) printf '%s\\n  interfaces: eth0\\n' ${body.match(/^\S+(?= \(active\))/gm)?.join(" ") ?? ""} ;;
*) cat <<'ZONES'
${body}
ZONES
esac`;

/** As firewalld 1.3 and 0.9 print a zone. */
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
  const openings = (listing: string) =>
    runWithTool({
      shell,
      script: "other_openings runtime public 8864",
      commands: { "firewall-cmd": zones(listing) },
    }).stdout;

  it("finds the sources of rules like ours, and of no other", () => {
    const { stdout } = runWithTool({
      shell,
      script: "read_sources runtime public 8864",
      commands: {
        "firewall-cmd": zones(
          [
            RULE("203.0.113.9").trim(),
            RULE("10.0.0.0/24").trim(),
            RULE("10.0.0.9", "443").trim(),
            `rule family="ipv4" source NOT address="1.2.3.4" port port="8864" protocol="tcp" accept`,
            `rule family="ipv4" source address="1.2.3.5" port port="8864" protocol="tcp" reject`,
          ].join("\n"),
        ),
      },
    });
    expect(stdout).toBe("10.0.0.0/24\n203.0.113.9\n");
  });

  it("sees nothing else where only rules like ours and foreign ports are", () => {
    expect(openings(PUBLIC(`  ports: 443/tcp 8864/udp\n  rich rules: \n${RULE("203.0.113.9")}`))).toBe("");
  });

  it.each([
    ["a general opening", PUBLIC("  ports: 8864/tcp"), "zone public opens port 8864/tcp to everyone"],
    ["a range", PUBLIC("  ports: 8000-9000/tcp"), "zone public opens port 8000-9000/tcp to everyone"],
    [
      "a rule for everyone",
      PUBLIC(`\trule family="ipv4" port port="8864" protocol="tcp" accept`),
      "has the rule",
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
