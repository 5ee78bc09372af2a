import { runWithTool, SHELLS } from "./shell";

const direct = (...rules: readonly string[]) => ({
  "etc/firewalld/direct.xml": `<?xml version="1.0" encoding="utf-8"?>\n<direct>\n${rules.map((rule) => `  ${rule}\n`).join("")}</direct>\n`,
});
const rule = (args: string, chain = "INPUT", table = "filter") =>
  `<rule ipv="ipv4" table="${table}" chain="${chain}" priority="0">${args}</rule>`;
const passthrough = (args: string) => `<passthrough ipv="ipv4">${args}</passthrough>`;

const policy = (content: string, { target = "CONTINUE", egress = "HOST", name = "in" } = {}) => ({
  [`etc/firewalld/policies/${name}.xml`]: `<?xml version="1.0" encoding="utf-8"?>
<policy priority="-1" target="${target}">
  <short>Ours</short>
  <ingress-zone name="ANY"/>
  <egress-zone name="${egress}"/>
  ${content}
</policy>
`,
});

const LEQI = '<port port="8864" protocol="tcp"/>';
const richRule = (...parts: readonly string[]) =>
  `<rule family="ipv4">\n    ${parts.join("\n    ")}\n  </rule>`;
const FROM = '<source address="10.0.0.0/8"/>';

describe.each(SHELLS)("firewalld's files, read by %s", (_, shell) => {
  const openings = (files: Readonly<Record<string, string>>) => {
    const { stdout, stderr } = runWithTool({ shell, script: "file_openings 8864", files });
    expect(stderr).toBe("");
    return stdout;
  };

  it("open nothing where there are none", () => {
    expect(openings({})).toBe("");
  });

  it.each([
    ["for the port", rule("-p tcp --dport 8864 -j ACCEPT"), "-p tcp --dport 8864 -j ACCEPT"],
    [
      "in long words",
      rule("--protocol tcp --destination-port 8864 --jump ACCEPT"),
      "-p tcp --dport 8864 -j ACCEPT",
    ],
    ["for a range", rule("-p tcp --dport 8000:9000 -j ACCEPT"), "8000:9000"],
    ["for several ports", rule("-p tcp -m multiport --dports 80,8864 -j ACCEPT"), "80,8864"],
    ["for every other port", rule("-p tcp ! --dport 22 -j ACCEPT"), "! --dport 22"],
    ["for all ports", rule("-s 10.0.0.0/8 -j ACCEPT"), "-s 10.0.0.0/8"],
    ["for all protocols but UDP", rule("! -p udp -j ACCEPT"), "! -p udp"],
    ["for the port of IPv6", rule("-p tcp --dport 8864 -j ACCEPT").replace("ipv4", "ipv6"), "8864"],
    ["in a zone's chain", rule("-s 10.0.0.1 -j ACCEPT", "IN_public_allow"), "-s 10.0.0.1"],
    ["in a chain of its own", rule("-s 10.0.0.1 -j ACCEPT", "admins"), "-s 10.0.0.1"],
    [
      "that sends the port away",
      rule("-p tcp --dport 8864 -j DNAT --to-destination 172.17.0.2:80", "PREROUTING", "nat"),
      "DNAT",
    ],
    [
      "that sends others to the port",
      rule("-p tcp --dport 80 -j REDIRECT --to-ports 8864", "PREROUTING", "nat"),
      "--to-ports 8864",
    ],
    [
      "passed through",
      passthrough("-I INPUT -p tcp --dport 8864 -j ACCEPT"),
      ": -p tcp --dport 8864 -j ACCEPT",
    ],
    ["passed through for all ports", passthrough("-I INPUT 1 -s 10.0.0.0/8 -j ACCEPT"), "-s 10.0.0.0/8"],
    [
      "passed through to nat",
      passthrough("-t nat -A PREROUTING -p tcp --dport 80 -j REDIRECT --to-ports 8864"),
      "--to-ports 8864",
    ],
  ])("tell a direct rule %s", (_, line, told) => {
    const stdout = openings(direct(rule("-p tcp --dport 22 -j ACCEPT"), line, rule("-p icmp -j ACCEPT")));
    expect(stdout).toMatch(/^other\t-\tfirewalld has the direct rule: .* \(permanent\)\n$/);
    expect(stdout).toContain(told);
  });

  it.each([
    ["for ssh", rule("-p tcp --dport 22 -j ACCEPT")],
    ["for ssh in long words", rule("--protocol tcp --destination-port 22 --jump ACCEPT")],
    ["for ssh by its name", rule("-p tcp --dport ssh -j ACCEPT")],
    ["for UDP", rule("-p udp --dport 8864 -j ACCEPT")],
    ["for virtual routers", rule("--in-interface eth0 --destination 224.0.0.18 --protocol vrrp -j ACCEPT")],
    ["for pings", rule("-p icmp -j ACCEPT")],
    ["for loopback", rule("-i lo -j ACCEPT")],
    ["for what is established", rule("-m state --state ESTABLISHED,RELATED -j ACCEPT")],
    ["for what this host itself sends", rule("-d 10.0.0.1 -j ACCEPT", "OUTPUT")],
    ["for what passes through", rule("-i eth0 -j ACCEPT", "FORWARD")],
    ["passed through for what this host sends", passthrough("-I OUTPUT -o eth0 -j ACCEPT")],
    ["passed through for what is forwarded", passthrough("-A FORWARD -i docker0 -j ACCEPT")],
    ["that drops the port", rule("-p tcp --dport 8864 -j DROP")],
    ["that refuses the port", rule("-p tcp --dport 8864 -j REJECT")],
    ["that hides addresses", rule("-o eth0 -j MASQUERADE", "POSTROUTING", "nat")],
  ])("do not tell a direct rule %s", (_, line) => {
    expect(openings(direct('<chain ipv="ipv4" table="filter" chain="admins"/>', line))).toBe("");
  });

  it("tell every direct rule, and each on one line of its own", () => {
    const two = [rule("-p tcp --dport 8864 -j ACCEPT"), passthrough("-I INPUT -j ACCEPT")];
    expect(openings(direct(...two)).split("\n")).toHaveLength(3);
    expect(
      openings({ "etc/firewalld/direct.xml": `<direct>${two.join("")}</direct>` }).split("\n"),
    ).toHaveLength(3);
  });

  it.each([
    ["that accepts everything", policy("", { target: "ACCEPT" })],
    ["with the port", policy(LEQI)],
    ["with a range", policy('<port protocol="tcp" port="8000-9000"/>')],
    ["with all of TCP", policy('<protocol value="tcp"/>')],
    ["with a source's port", policy('<source-port port="1024-65535" protocol="tcp"/>')],
    ["with a rule for a source", policy(richRule(FROM, "<accept/>"))],
    ["with a rule for the port", policy(richRule(FROM, LEQI, "<accept/>"))],
    ["that forwards to the port", policy('<forward-port port="80" protocol="tcp" to-port="8864"/>')],
  ])("tell a policy %s", (_, files) => {
    expect(openings(files)).toBe("other\t-\tfirewalld has the policy in, which opens the port (permanent)\n");
  });

  it.each([
    ["itself", '<service name="leqi"/>'],
    ["in a rule", richRule(FROM, '<service name="leqi"/>', "<accept/>")],
  ])("tell a policy that has a service with the port, %s", (_, content) => {
    const service = { "etc/firewalld/services/leqi.xml": `<service>${LEQI}</service>` };
    const told = "other\t-\ta policy of firewalld has service leqi, which contains port 8864 (permanent)\n";
    expect(openings({ ...policy(content), ...service })).toBe(told);
    expect(openings({ ...policy(content, { egress: "ANY" }), ...service })).toBe("");
    expect(openings(policy(content))).toBe("");
  });

  it.each([
    ["with nothing", policy("")],
    ["with ssh", policy('<service name="ssh"/><port port="22" protocol="tcp"/>')],
    ["with the port of UDP", policy('<port port="8864" protocol="udp"/>')],
    ["with other protocols", policy('<protocol value="icmp"/><protocol value="vrrp"/>')],
    [
      "of Docker's, for what passes through",
      policy("", { target: "ACCEPT", egress: "docker", name: "docker-forwarding" }),
    ],
    ["for all zones, of which this host is none", policy(LEQI, { target: "ACCEPT", egress: "ANY" })],
    ["that refuses the port", policy(richRule(FROM, LEQI, "<reject/>"))],
    ["that drops a source", policy(richRule(FROM, "<drop/>"))],
    ["with a rule for ssh", policy(richRule(FROM, '<port port="22" protocol="tcp"/>', "<accept/>"))],
    ["with a rule for pings", policy(richRule('<icmp-type name="echo-request"/>', "<accept/>"))],
    ["with a rule for another protocol", policy(richRule(FROM, '<protocol value="esp"/>', "<accept/>"))],
    ["that forwards other ports", policy('<forward-port port="80" protocol="tcp" to-port="8080"/>')],
  ])("do not tell a policy %s", (_, files) => {
    expect(openings(files)).toBe("");
  });

  it("tell each of several policies", () => {
    const files = {
      ...policy(LEQI, { name: "one" }),
      ...policy("", { name: "two" }),
      ...policy(LEQI, { name: "three" }),
    };
    expect(openings(files).match(/the policy \w+/g)).toEqual(["the policy one", "the policy three"]);
  });

  it("are read with the permanent configuration, and not with the runtime", () => {
    const listing = "public (active)\n  interfaces: eth0\n";
    const script =
      'printf "%s" "$LISTING" | tee "$WORK/zones-runtime" >"$WORK/zones-permanent"; other_openings $1 public 8864';
    const ask = (scope: string) =>
      runWithTool({ shell, script: `LISTING='${listing}'; set -- ${scope}\n${script}`, files: policy(LEQI) })
        .stdout;
    expect(ask("permanent")).toContain("the policy in");
    expect(ask("runtime")).toBe("");
  });
});
