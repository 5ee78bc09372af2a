import { runWithTool, SHELLS } from "./shell";

/**
 * As firewalld lists its zones once it runs: NetworkManager has bound an interface to `internal` and one to `work`, of
 * which its own files say nothing.
 */
const listing = (internal: string, work = "  services: ssh\n  ports: 9400/tcp\n  protocols: 112"): string =>
  `public (default, active)
  target: default
  interfaces: eth0
  services: ssh

internal (active)
  interfaces: eth1
${internal}

work (active)
  interfaces: eth2
${work}

home
  target: default
  services: nothing
`;

const SSH =
  '<?xml version="1.0"?>\n<service>\n  <short>SSH</short>\n  <port protocol="tcp" port="22"/>\n</service>\n';

describe.each(SHELLS)("zones that only a running firewalld knows, opened by %s", (_, shell) => {
  const open = (zones: string, keep: readonly string[]): string =>
    runWithTool({
      shell,
      script: `printf '%s\\n' public >"$WORK/gate-zones"; printf '%s\\n' ${keep.join(" ")} | sort -u >"$WORK/keep"
open_other_zones; cat "$DIR/called" "$STATE/armed/opened" 2>/dev/null`,
      commands: {
        "firewall-cmd": `case $1 in --list-all-zones) cat "\${0%/*}/listing" ;; *) echo "$*" >>"\${0%/*}/called" ;; esac`,
      },
      files: {
        listing: zones,
        "state/armed/opened": "",
        "usr/lib/firewalld/services/ssh.xml": SSH,
      },
    }).stdout;

  it("let in sshd and what is kept, at run time and for good, and that is noted", () => {
    expect(open(listing("  services: dhcpv6-client"), ["2222/tcp", "9400/tcp", "112/ip"])).toBe(
      `${[
        "--zone=internal --add-protocol=112",
        "--permanent --zone=internal --add-protocol=112",
        "--zone=internal --add-port=2222/tcp",
        "--permanent --zone=internal --add-port=2222/tcp",
        "--zone=internal --add-port=9400/tcp",
        "--permanent --zone=internal --add-port=9400/tcp",
        "--zone=work --add-port=2222/tcp",
        "--permanent --zone=work --add-port=2222/tcp",
        "internal 112/ip",
        "internal 2222/tcp",
        "internal 9400/tcp",
        "work 2222/tcp",
      ].join("\n")}\n`,
    );
  });

  it.each([
    ["a service", "  services: dhcpv6-client ssh"],
    ["the port", "  services: \n  ports: 22/tcp"],
    ["a range", "  services: \n  ports: 53/udp 20-30/tcp"],
    ["the zone's target", "  target: ACCEPT\n  services: "],
  ])("are left as they are where they let sshd in already, by %s", (_name, zone) => {
    expect(open(listing(zone), ["22/tcp"])).toBe("");
  });

  it.each([
    ["of another protocol", "  services: \n  ports: 22/udp"],
    ["that begins like it", "  services: \n  ports: 2222/tcp 220/tcp"],
  ])("are opened where there is a port %s", (_name, zone) => {
    expect(open(listing(zone), ["22/tcp"])).toContain("internal 22/tcp\n");
  });

  it("are left alone where nothing but firewalld's own files bind interfaces", () => {
    expect(open("public (default, active)\n  interfaces: eth0\n  services: ssh\n", ["9400/tcp"])).toBe("");
  });
});
