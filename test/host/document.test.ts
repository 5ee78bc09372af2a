import { runWithTool, SHELLS } from "./shell";

const GOOD = `lqpt-document 2
# a comment
owner acme-7f3a proxy-1

[listen]
bind 0.0.0.0
port 8864
tls provided
name proxy.acme.example
certificate sha256:00ff

[firewall]
mode firewalld
zone auto
allow 203.0.113.9
allow 198.51.100.0/28

[nginx]
source package

[leqi]
name lqpt.chinatax.gov.cn
port 8443
address 198.51.100.80
verify pinned

[check]
leqi-id ACME0001
environment prod /access/v2/invoke/202007/CXKYSL
after report
port 8865
registered-ip 203.0.113.10
reflector https://ip.example/v4

[ca]
  -----BEGIN CERTIFICATE-----
  AAAA
  -----END CERTIFICATE-----

[site]
  geo $x {

  }

[notes]
ticket CHG-1 \`rm -rf /\`
source 203.0.113.9 某某 $(id)
remove 49.4.80.61 "sandbox" ; never ours
keep-open 443/tcp
keep-open 8000-8100/udp
closes 3306/tcp
closes ufw
rollback-seconds 120

[end]
`;

/** A pair's shared address: two sections more. */
const SHARED = GOOD.replace(
  "[leqi]",
  "[vip]\naddress 10.0.0.100/24\ninterface bond0.100\nown 10.0.0.11\npeer 10.0.0.12\nrouter-id 100\n\n[leqi]",
).replace("[notes]", "[keepalived]\n  vrrp_instance lqpt {\n    auth_pass {{auth-pass}}\n\n  }\n\n[notes]");

describe.each(SHELLS)("a document read by %s", (_, shell) => {
  const read = (document: string, then: string) =>
    runWithTool({ shell, stdin: document, script: `cat >"$WORK/document"; read_document\n${then}` });

  it("is taken apart into what is enforced and what goes with it", () => {
    const { stdout, status } = read(
      GOOD,
      `for part in owner-id host port bind tls certificate mode zone allow remove ticket keep-open closes rollback-seconds source leqi-name leqi-port leqi-address verify leqi-id environment after check-port registered-ip reflector ca site; do echo "== $part"; cat "$WORK/$part"; done`,
    );
    expect(status).toBe(0);
    expect(stdout).toMatchSnapshot();
  });

  it("may share an address with another host", () => {
    const { stdout, status } = read(
      SHARED,
      `for part in vip-address vip-interface vip-own vip-peer vip-router-id keepalived; do cat "$WORK/$part"; done; cat "$WORK/ca"`,
    );
    expect({ status, stdout }).toEqual({
      status: 0,
      stdout: `10.0.0.100/24
bond0.100
10.0.0.11
10.0.0.12
100
vrrp_instance lqpt {
  auth_pass {{auth-pass}}

}

-----BEGIN CERTIFICATE-----
AAAA
-----END CERTIFICATE-----
`,
    });
  });

  it("shares none where it has no such section", () => {
    const { stdout } = read(GOOD, `cat "$WORK/vip-address" "$WORK/keepalived"; wants_vip || echo none`);
    expect(stdout).toBe("none\n");
  });

  it("has a digest that notes do not change and a source does", () => {
    const digest = (document: string) => read(document, `digest "$WORK/document"`).stdout;
    expect(digest(GOOD.replace("CHG-1", "CHG-2"))).toBe(digest(GOOD));
    expect(digest(GOOD.replace("203.0.113.9\n", "203.0.113.8\n"))).not.toBe(digest(GOOD));
    expect(digest(GOOD)).toMatch(/^[0-9a-f]{64}\n$/);
  });

  it("may have health checks, and callers that speak the PROXY protocol", () => {
    const document = GOOD.replace(
      "[ca]",
      "[health]\nfrom 10.0.0.5\nfrom 10.0.1.0/28\nleqi yes\n\n[ca]",
    ).replace("[firewall]", "proxy-protocol yes\n\n[firewall]");
    const parts = 'cat "$WORK/health-from" "$WORK/health-leqi" "$WORK/proxy-protocol"';
    expect(read(document, parts).stdout).toBe("10.0.0.5\n10.0.1.0/28\nyes\nyes\n");
    expect(read(GOOD, parts).stdout).toBe("");
  });

  it.each(["iptables", "nftables", "ufw", "8000-9000/udp"])("may close %s", (entry) => {
    const { stdout } = read(GOOD.replace("closes ufw", `closes ${entry}`), 'cat "$WORK/closes"');
    expect(stdout).toBe(`3306/tcp\n${entry}\n`);
  });

  it("need not keep anything open, nor close anything", () => {
    const { status, stdout } = read(
      GOOD.replace(/(keep-open|closes) .*\n/g, ""),
      'cat "$WORK/keep-open" "$WORK/closes"',
    );
    expect({ status, stdout }).toEqual({ status: 0, stdout: "" });
  });

  it("may leave the firewall to somebody else", () => {
    expect(read(GOOD.replace("mode firewalld", "mode external"), 'cat "$WORK/mode"').stdout).toBe(
      "external\n",
    );
  });

  it.each<readonly string[]>([
    ["of a newer format", GOOD.replace("lqpt-document 2", "lqpt-document 3"), `found "lqpt-document 3"`],
    ["that is empty", "", "does not end with [end]"],
    ["without a port", GOOD.replace("port 8864\n", ""), `has no "port"`],
    ["with something after its end", `${GOOD}allow 1.2.3.4\n`, "something follows [end]"],
    ["cut short within its list", GOOD.slice(0, GOOD.indexOf("allow 198")), "does not end with [end]"],
    ["with an address out of range", GOOD.replace("203.0.113.9\n", "203.0.113.256\n"), "not an IPv4 address"],
    ["with a leading zero", GOOD.replace("203.0.113.9\n", "203.0.113.09\n"), "not an IPv4 address"],
    ["open to everyone", GOOD.replace("203.0.113.9\n", "0.0.0.0/0\n"), "not an IPv4 address"],
    ["with a shell metacharacter in the zone", GOOD.replace("zone auto", "zone a;id"), "not a zone"],
    [
      "with a word it does not know",
      GOOD.replace("zone auto", "zone auto\ncolour red"),
      "not understood: colour red",
    ],
    [
      "with a source of nginx it does not know",
      GOOD.replace("source package", "source curl"),
      "not a source",
    ],
    ["with a name of Leqi for the shell", GOOD.replace("name lqpt", "name $(id)lqpt"), "not a name"],
    ["with a Leqi ID for the shell", GOOD.replace("ACME0001", "ACME;id"), "not a Leqi ID"],
    [
      "with a path of the check for curl",
      GOOD.replace("prod /access", "prod @/etc/passwd"),
      "not an environment",
    ],
    ["with a reflector for curl", GOOD.replace("https://ip.example/v4", "file:///etc/passwd"), "not a URL"],
    ["with a CA that is not indented", GOOD.replace("  AAAA", "AAAA"), "must be indented"],
    ["with a section it does not know", GOOD.replace("[nginx]", "[cluster]"), "unknown section cluster"],
    ["with a site that is not indented", GOOD.replace("  geo", "geo"), "must be indented"],
    ["with two ports", GOOD.replace("port 8864", "port 8864\nport 22"), `a second "port"`],
    ["with a port out of range", GOOD.replace("port 8864", "port 88640"), "not a port"],
    ["without a mode", GOOD.replace("mode firewalld\n", ""), `has no "mode"`],
    ["with a mode it does not know", GOOD.replace("mode firewalld", "mode ufw"), "not a mode: ufw"],
    ["with two modes", GOOD.replace("mode firewalld", "mode firewalld\nmode external"), `a second "mode"`],
    [
      "with a mode in another section",
      GOOD.replace("port 8864", "port 8864\nmode external"),
      "not understood",
    ],
    [
      "without the seconds of a roll-back",
      GOOD.replace(/rollback-seconds.*\n/, ""),
      `has no "rollback-seconds"`,
    ],
    ...["0", "3601", "2m", "-5", "010"].map((seconds) => [
      `with ${seconds} seconds of a roll-back`,
      GOOD.replace("seconds 120", `seconds ${seconds}`),
      `not a number of seconds: ${seconds}`,
    ]),
    ...["443", "https/tcp", "443/sctp", "0/tcp", "443/tcp,80/tcp", "ufw", "*/tcp", "$(id)/tcp"].map(
      (entry) => [
        `with keep-open ${entry}`,
        GOOD.replace("keep-open 443/tcp", `keep-open ${entry}`),
        `not a port: ${entry}`,
      ],
    ),
    ...["3306", "firewalld", "ufw,iptables", "3306/TCP"].map((entry) => [
      `that closes ${entry}`,
      GOOD.replace("closes 3306/tcp", `closes ${entry}`),
      `not a port: ${entry}`,
    ]),
    [
      "with two things to keep open on one line",
      GOOD.replace("open 443/tcp", "open 443/tcp 80/tcp"),
      "not understood: keep-open",
    ],
    ["with a shared address and no peer", SHARED.replace("peer 10.0.0.12\n", ""), `has no "vip-peer"`],
    [
      "with a shared address without a prefix",
      SHARED.replace("100/24", "100"),
      "not an address with its prefix",
    ],
    [
      "with a peer that is a network",
      SHARED.replace("peer 10.0.0.12", "peer 10.0.0.0/24"),
      "not an IPv4 address",
    ],
    ["with an interface for the shell", SHARED.replace("bond0.100", "$(id)"), "not an interface"],
    ["with an interface of 16 letters", SHARED.replace("bond0.100", "e".repeat(16)), "not an interface"],
    ...["0", "256", "1e2", "007"].map((id) => [
      `with router id ${id}`,
      SHARED.replace("router-id 100", `router-id ${id}`),
      "not a router id",
    ]),
    [
      "with a configuration of keepalived that is not indented",
      SHARED.replace("  vrrp_instance", "vrrp_instance"),
      "[keepalived] must be indented",
    ],
    ["with health checks and no word on Leqi", GOOD.replace("[ca]", "[health]\n\n[ca]"), 'has no "leqi"'],
    [
      "with a health check from a name",
      GOOD.replace("[ca]", "[health]\nfrom $(id)\nleqi no\n\n[ca]"),
      "not an IPv4 address or network",
    ],
    ["that allows nobody", GOOD.replace(/allow .*\n/g, ""), "allows nobody"],
  ])("%s is refused before anything is touched", (_, document, reason) => {
    const { status, stderr, stdout } = read(document, `echo "went on"`);
    expect(stderr).toContain("[E_DOCUMENT]");
    expect(stderr).toContain(reason);
    expect(stderr).toContain("nothing on this host was changed");
    expect({ status, stdout }).toEqual({ status: 10, stdout: "" });
  });
});
