import { IPTABLES, NFT } from "./kernelRules";
import { runWithTool, SHELLS } from "./shell";

const ZONES = `dmz
  target: default
  interfaces:${" "}
  sources:${" "}

public (default)
  target: default
  interfaces: eth0 eth1
  sources:${" "}
`;

/** NetworkManager with one connection in dmz, one in no zone. */
const NMCLI = `case $* in
*--active) printf 'u-1:eth1\\nu-2:eth2\\nu-3:eth3\\n' ;;
*"show u-1") echo connection.zone:dmz ;;
*"show u-2") echo connection.zone: ;;
*"show u-3") echo connection.zone:-- ;;
esac`;

/** What firewalld's files have, and which zones there are. */
const OFFLINE = `case $1 in --get-zones) echo dmz public work ;; *) cat "\${0%/*}/zones" ;; esac`;

describe.each(SHELLS)("what a start of firewalld would put in force, %s", (_, shell) => {
  const written = (commands: Readonly<Record<string, string>>, script = "look_written"): string =>
    runWithTool({
      shell,
      script: `${script} && cat "$WORK/zones-runtime"`,
      commands: { "firewall-offline-cmd": OFFLINE, nmcli: "exit 1", ...commands },
      files: { zones: ZONES },
    }).stdout;

  it("is what its files have where nobody else binds an interface", () => {
    expect(written({})).toBe(ZONES.replaceAll(/: \n/g, ":\n").replaceAll("  sources:\n", "  sources: \n"));
  });

  it("has an interface in the zone that NetworkManager binds it to, and in that alone", () => {
    const zones = written({ nmcli: NMCLI });
    expect(zones).toContain("dmz\n  target: default\n  interfaces: eth1\n");
    expect(zones).toContain("public (default)\n  target: default\n  interfaces: eth0\n");
  });

  it("is unknown where firewalld's own command fails", () => {
    expect(written({ "firewall-offline-cmd": "exit 1" })).toBe("");
  });

  /** What of sshd's 22 and 2222 had to be opened before a start, and how often firewalld's own Python was called for it. */
  const opened = (conf: string): string =>
    runWithTool({
      shell,
      script: `mkdir -p "$STATE/armed"; printf '22/tcp\\n2222/tcp\\n' >"$WORK/keep"
gate_zones >"$WORK/gate-zones"; paste -s -d ' ' "$WORK/gate-zones"; open_ports; cat "$STATE/armed/opened"; sed 's/^/called: /' "$DIR/calls"`,
      commands: {
        "firewall-offline-cmd": `echo "$*" >>"\${0%/*}/calls"; case $1 in --list-all-zones) cat "\${0%/*}/zones" ;; --get-default-zone) echo work ;; esac`,
        nmcli: "exit 1",
      },
      files: {
        zones: `${ZONES}  services: ssh\n  ports: \n`,
        "etc/firewalld/firewalld.conf": conf,
        "usr/lib/firewalld/services/ssh.xml": '<service><port protocol="tcp" port="22"/></service>',
      },
    }).stdout;
  const open2222 = "called: --zone=public --add-port=2222/tcp\ncalled: --zone=public --query-port=2222/tcp\n";

  it("has sshd's ports open in each zone that traffic may enter, by as few calls as can be", () => {
    expect(opened("DefaultZone=public\n")).toBe(
      `public\npublic 2222/tcp\ncalled: --list-all-zones\n${open2222}`,
    );
  });

  it("takes the first of two default zones, as firewalld does", () => {
    expect(opened("DefaultZone=public\nDefaultZone=dmz\n")).toMatch(/^public\npublic 2222\/tcp\n/);
  });

  it.each(["", "DefaultZone=gone\n"])(
    "asks firewalld for its default zone where the file says %j",
    (conf) => {
      const said = opened(conf);
      expect(said).toMatch(/^public work\n/);
      expect(said).toContain("called: --get-default-zone\n");
      expect(said).toContain("work 22/tcp\n");
    },
  );

  const left = (conf: string): string =>
    runWithTool({
      shell,
      script: `printf '%s' '${NFT({ tables: "table ip filter {\n\tchain x {\n\t\ttcp dport 8864 accept\n\t}\n}\ntable ip mine {\n\tchain y {\n\t\ttcp dport 8864 accept\n\t}\n}\n" })}' >"$WORK/kernel-nft"
printf '%s' '${IPTABLES()}' >"$WORK/kernel-ipt"
forget_cleared; grep -o 'table ip [a-z]*' "$WORK/kernel-nft"; grep -c dport "$WORK/kernel-ipt"`,
      files: { "etc/firewalld/firewalld.conf": conf },
    }).stdout;

  it.each([
    ["FirewallBackend=nftables\n", "kept"],
    ["FirewallBackend=iptables\n", "cleared"],
    ["DefaultZone=public\n", "cleared"],
  ])("is less what its start clears of iptables: %j", (conf, iptables) => {
    expect(left(conf)).toMatch(
      iptables === "kept" ? /^table ip filter\ntable ip mine\n[1-9]/ : /^table ip mine\n0\n$/,
    );
  });

  it("has an interface in the zone that its ifcfg file binds it to", () => {
    const { stdout } = runWithTool({
      shell,
      script: "bound_elsewhere",
      commands: { nmcli: "exit 1", "firewall-offline-cmd": OFFLINE },
      files: {
        "etc/sysconfig/network-scripts/ifcfg-eth0.bak": "DEVICE=em1\nZONE=work\n",
        "etc/sysconfig/network-scripts/ifcfg-eth3": "ZONE=gone\n",
        "etc/sysconfig/network-scripts/ifcfg-eth0": "DEVICE=em1\nONBOOT=yes\nZONE=dmz\n",
        "etc/sysconfig/network-scripts/ifcfg-eth1": 'ZONE="work"\n',
        "etc/sysconfig/network-scripts/ifcfg-lo": "DEVICE=lo\n",
      },
    });
    expect(stdout).toBe("em1 dmz\neth1 work\n");
  });

  it.each(["add", "remove"])("lets in who is listed by one call: %s", (verb) => {
    const { stdout } = runWithTool({
      shell,
      script: `let_in_offline ${verb} "$DIR/let-in"; cat "$DIR/called"`,
      commands: { "firewall-offline-cmd": `printf '<%s>\\n' "$@" >>"\${0%/*}/called"` },
      files: { "let-in": "public 8864\n203.0.113.9\n203.0.113.0/28\n" },
    });
    const rule = (source: string): string =>
      `<--${verb}-rich-rule=rule family="ipv4" source address="${source}" port port="8864" protocol="tcp" accept>\n`;
    expect(stdout).toBe(`<--zone=public>\n${rule("203.0.113.9")}${rule("203.0.113.0/28")}`);
  });
});
