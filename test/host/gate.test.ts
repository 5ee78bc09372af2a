import { IPTABLES, NFT } from "./kernelRules";
import { runWithTool, SHELLS } from "./shell";

/** As ss of iproute2 5 and 6 prints it to root: sshd, a web server, ours, a database for itself, a name server. */
const SS = `Netid State  Recv-Q Send-Q Local Address:Port  Peer Address:Port Process
tcp   LISTEN 0      128          0.0.0.0:2222       0.0.0.0:*     users:(("sshd",pid=211,fd=3))
tcp   LISTEN 0      511          0.0.0.0:443        0.0.0.0:*     users:(("my web",pid=300,fd=6))
tcp   LISTEN 0      511             [::]:443           [::]:*     users:(("my web",pid=300,fd=7))
tcp   LISTEN 0      511          0.0.0.0:8864       0.0.0.0:*     users:(("nginx",pid=502,fd=6))
tcp   LISTEN 0      80         127.0.0.1:3306       0.0.0.0:*     users:(("mysqld",pid=400,fd=7))
udp   UNCONN 0      0            0.0.0.0:53         0.0.0.0:*     users:(("named",pid=500,fd=7))
`;
const foreign = (head: string) => `table ${head} {\n\tchain x {\n\t\tcounter packets 0 bytes 0\n\t}\n}\n`;

describe.each(SHELLS)("before firewalld is started, %s", (_, shell) => {
  const inPorts = (entries: readonly string[], lines: readonly string[]) =>
    runWithTool({
      shell,
      stdin: lines.map((line) => `${line}\n`).join(""),
      script: 'in_ports "$DIR/entries"',
      files: { entries: entries.map((entry) => `${entry}\n`).join("") },
    }).stdout;

  it.each([
    ["nothing", [], ["tcp 443 web", "udp 53 named"]],
    ["one", ["443/tcp"], ["udp 53 named"]],
    ["one of UDP", ["443/udp"], ["tcp 443 web", "udp 53 named"]],
    ["both", ["443/tcp", "53/udp"], []],
    ["a range around it", ["400-500/tcp"], ["udp 53 named"]],
    ["a range that ends with it", ["80-443/tcp"], ["udp 53 named"]],
    ["a range that begins with it", ["443-444/tcp"], ["udp 53 named"]],
    ["a range beside it", ["444-500/tcp"], ["tcp 443 web", "udp 53 named"]],
    ["a port that begins like it", ["4430/tcp", "44/tcp"], ["tcp 443 web", "udp 53 named"]],
  ])("takes the listeners that nobody decided on, where %s is decided", (_, entries, left) => {
    expect(inPorts(entries, ["tcp 443 web", "udp 53 named"])).toBe(left.map((line) => `${line}\n`).join(""));
  });

  it.each([
    ["nothing", "", "", "inactive", ""],
    ["firewalld's own table", NFT(), "", "inactive", ""],
    ["what refuses our health checks", foreign("ip lqpt_health"), "", "inactive", ""],
    [
      "the same by iptables",
      "",
      "*filter\n:INPUT ACCEPT [0:0]\n:lqpt_health - [0:0]\n-A INPUT -j lqpt_health\n-A lqpt_health -s 10.0.0.5/32 -j REJECT\nCOMMIT\n",
      "inactive",
      "",
    ],
    ["an empty iptables", "", "*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n", "inactive", ""],
    ["ufw", "", "", "active", "ufw\n"],
    ["a table of somebody's", foreign("inet filter"), "", "inactive", "nftables\n"],
    ["a table beside firewalld's", NFT({ tables: foreign("ip mine") }), "", "inactive", "nftables\n"],
    ["iptables' rules within nftables", foreign("ip filter"), "", "inactive", "iptables\n"],
    ["rules of iptables", "", IPTABLES(), "inactive", "iptables\n"],
    ["a policy of iptables alone", "", "*filter\n:INPUT DROP [0:0]\nCOMMIT\n", "inactive", "iptables\n"],
    ["two at once", foreign("inet x") + foreign("ip6 nat"), "", "active", "ufw\nnftables\niptables\n"],
  ])("names the rule sets in force: %s", (_, nft, ipt, ufw, named) => {
    const { stdout } = runWithTool({
      shell,
      script: "rulesets",
      commands: {
        ufw: `echo 'Status: ${ufw}'`,
        nft: 'cat "${0%/*}/nft-rules"',
        "iptables-save": 'cat "${0%/*}/ipt-rules"',
        ...Object.fromEntries(
          ["ip6tables-save", "iptables-legacy-save", "ip6tables-legacy-save"].map((name) => [name, "exit 1"]),
        ),
      },
      files: { "nft-rules": nft, "ipt-rules": ipt },
    });
    expect(stdout).toBe(named);
  });

  const problems = ({
    keep = "",
    closes = "",
    ss = SS,
    active = "inactive",
    enabled = "disabled",
    sets = "",
    raw = "",
    forwards = "",
    before = "",
  }: Partial<
    Record<"keep" | "closes" | "ss" | "active" | "enabled" | "sets" | "raw" | "forwards" | "before", string>
  >) =>
    runWithTool({
      shell,
      script: `ss() { case $1 in -lw*) cat "$DIR/raw" ;; *) cat "$DIR/ss" ;; esac; }
forwarding() { printf '${forwards}'; }
rulesets() { printf '${sets}'; }
mkdir -p "$STATE"
${before}
preflight_firewall "$DIR/keep" "$DIR/closes" 8864; cat "$WORK/problems" 2>/dev/null`,
      commands: {
        "firewall-cmd": "exit 1",
        systemctl: `case $1 in is-active) echo ${active} ;; is-enabled) echo ${enabled} ;; esac`,
      },
      files: { keep, closes, ss, raw },
    }).stdout;

  it("asks for a decision on each listener that it would cut off, once", () => {
    expect(problems({})).toMatch(
      /^\[E_LISTENERS\] .*beside sshd: my web on tcp 443; named on udp 53\. .*\(443\/tcp 53\/udp\), then run this again\n$/,
    );
  });

  it.each([
    ["kept open", { keep: "443/tcp\n53/udp\n" }, ""],
    ["closed", { closes: "400-500/tcp\n53/udp\n" }, ""],
    ["kept open and closed, one each", { keep: "443/tcp\n", closes: "53/udp\nufw\n" }, ""],
    ["half of them", { keep: "443/tcp\n" }, "named on udp 53"],
    ["of another protocol", { keep: "443/udp\n53/udp\n" }, "my web on tcp 443"],
  ])("takes the decision on what is %s", (_, decided, told) => {
    const found = problems(decided);
    expect(told === "" ? found : "").toBe("");
    expect(found).toContain(told);
  });

  const DECIDED = { keep: "443/tcp\n53/udp\n" };

  it("asks for a decision on each rule set, by its word", () => {
    expect(problems({ ...DECIDED, sets: "ufw\\niptables\\n" })).toMatch(
      /^\[E_RULESET\] .* already: iptables ufw;/,
    );
    expect(problems({ ...DECIDED, sets: "ufw\\niptables\\n", closes: "ufw\n" })).toMatch(
      / already: iptables;/,
    );
    expect(problems({ ...DECIDED, sets: "ufw\\niptables\\n", closes: "ufw\niptables\n" })).toBe("");
  });

  const RAW = `State Recv-Q Send-Q Local Address:Port Peer Address:Port Process
UNCONN 0 0 0.0.0.0%eth0:112 0.0.0.0:* users:(("keepalived",pid=600,fd=9))
UNCONN 0 0 *:58 *:* users:(("networkd",pid=601,fd=3))
`;

  it("asks for a decision on what is neither TCP nor UDP, ICMP aside, and on what is forwarded", () => {
    expect(problems({ ...DECIDED, raw: RAW })).toMatch(
      /^\[E_LISTENERS\] .*sshd: keepalived on ip 112\. .*\(112\/ip\),/,
    );
    expect(problems({ keep: `${DECIDED.keep}112/ip\n`, raw: RAW })).toBe("");
    expect(problems({ ...DECIDED, forwards: "forwarding\\n" })).toMatch(/^\[E_RULESET\] .*: forwarding;/);
    expect(problems({ ...DECIDED, forwards: "forwarding\\n", closes: "forwarding\n" })).toBe("");
  });

  it("asks for none on our own keepalived, whose rule firewalld loads as it starts", () => {
    const ours = (vrrp: string): string =>
      problems({
        ...DECIDED,
        raw: RAW,
        before: `: >"$STATE/keepalived.conf"; echo '${vrrp}' >"$STATE/vrrp"`,
      });
    expect(ours("public 10.0.0.12")).toBe("");
    // Of mode external there is no rule.
    expect(ours("- 10.0.0.12")).toMatch(/keepalived on ip 112/);
  });

  it("refuses where no sshd was found, or firewalld is masked", () => {
    expect(problems({ ...DECIDED, ss: SS.replace(/^.*sshd.*\n/m, "") })).toMatch(/^\[E_SSHD\] .*\n$/);
    expect(problems({ ...DECIDED, enabled: "masked" })).toMatch(
      /^\[E_FIREWALLD\] firewalld is masked here;.*\n$/,
    );
  });

  it("takes sshd's socket of systemd for sshd, on port 22 alone", () => {
    const socket = (port: string) =>
      SS.replace(/0\.0\.0\.0:2222 .*/, `0.0.0.0:${port} 0.0.0.0:* users:(("systemd",pid=1,fd=3))`);
    expect(problems({ ...DECIDED, ss: socket("22") })).toBe("");
    expect(problems({ ...DECIDED, ss: socket("23") })).toMatch(
      /^\[E_SSHD\] .*\n\[E_LISTENERS\] .* systemd on tcp 23\./,
    );
  });

  it("has nothing to ask where firewalld runs", () => {
    expect(problems({ active: "active", sets: "ufw\\n" })).toBe("");
  });
});
