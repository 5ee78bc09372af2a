import { lqptctl } from "../../../documents/tool";
import { type Host, Lab } from "../../support/lab";
import { describeLab } from "../../support/prepare";
import { kindsOf } from "../kinds";

jest.setTimeout(240_000);

/** Something of every kind that a zone can hold, in the runtime and in the permanent configuration. */
const HOLDS = [
  ...["port=8864/tcp", "port=9000-9010/udp", "protocol=gre", "source-port=68/udp", "service=https"],
  ...[
    "icmp-block=echo-request",
    "masquerade",
    "forward-port=port=80:proto=tcp:toport=8864:toaddr=203.0.113.77",
  ],
].map((what) => `--zone=public --add-${what}`);
const OTHERS = [
  "--zone=work --add-source=10.9.0.0/24",
  "--zone=work --add-source=10.8.0.0/24",
  "--zone=work --add-interface=eth7",
  `--zone=work --add-rich-rule='rule family="ipv4" source address="203.0.113.9" port port="8864" protocol="tcp" accept'`,
  `--zone=work --add-rich-rule='rule service name="ssh" log prefix="in: " level="info" accept'`,
  `--zone=drop --add-rich-rule='rule family="ipv6" source address="2001:db8::/32" reject'`,
];
const SET_UP = `set -e
firewall-cmd -q --permanent --zone=external --set-target=ACCEPT
firewall-cmd -q --permanent --zone=internal --add-icmp-block-inversion
firewall-cmd -q --reload
${[...HOLDS, ...OTHERS].map((words) => `firewall-cmd -q ${words}\nfirewall-cmd -q --permanent ${words}`).join("\n")}
firewall-cmd -q --permanent --zone=home --add-port=1/tcp
firewall-cmd -q --zone=home --add-port=2/tcp`;

/** What was loaded from the files is taken away again: a list that is empty now is not as it was loaded. */
const EMPTIED = `set -e
systemctl restart firewalld && firewall-cmd -q --state
${[...HOLDS, ...OTHERS].map((words) => `firewall-cmd -q ${words.replace(" --add-", " --remove-")}`).join("\n")}`;

/** lqptctl as far as its functions, and then these lines. */
const withTool = (lines: string): string => lqptctl().text.replace(/\nmain "\$@"\n$/, `\n${lines}\n`);

/** Zone by zone, less the order of rules, what lqptctl does not look at, and that firewalld 2 calls the default zone active. */
const plain = (listing: string): string[] =>
  listing
    .split(/\n(?=\S)/)
    .map((zone) =>
      zone
        .replace(/^(\S+) \(.*\)$/m, "$1")
        .split("\n")
        .filter((line) => line !== "" && !/^ {2}(forward|ingress-priority|egress-priority): /.test(line))
        .sort()
        .join("\n"),
    )
    .sort();

describeLab("firewalld's zones, asked of the daemon itself", () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await Lab.start();
  });
  afterAll(async () => {
    await lab.stop();
  });

  test.each(kindsOf("bookworm", "old"))("are those that firewall-cmd prints (%s)", async (kind) => {
    const host = await lab.host(kind, { kind, firewalld: "running" });
    await host.mustExec(SET_UP);
    expect(await expectSame(host, "runtime")).toMatch(/^work \(active\)$/m);
    await expectSame(host, "permanent");
    await host.mustExec(EMPTIED);
    expect(await expectSame(host, "runtime")).not.toContain("203.0.113.9");
    expect(await expectSame(host, "permanent")).toContain("203.0.113.9");
  });

  /** What is asked of the daemon, once it was compared. */
  async function expectSame(host: Host, scope: "runtime" | "permanent"): Promise<string> {
    const option = scope === "permanent" ? "--permanent" : "";
    const printed = await host.mustExec(`firewall-cmd ${option} --list-all-zones`);
    const input = withTool(`ask_zones ${scope} && cat "$WORK/zones-${scope}"`);
    const asked = await host.mustExec("cat >/tmp/tool && sh /tmp/tool", { input });
    expect(plain(asked)).toEqual(plain(printed));
    return asked;
  }

  test("are not asked of a daemon that does not run, which that would start", async () => {
    const host = await lab.host("off", { firewalld: "off" });
    const input = withTool("ask_zones runtime");
    const { exitCode } = await host.exec("cat >/tmp/tool && sh /tmp/tool", { input });
    expect([exitCode, (await host.exec("systemctl is-active firewalld")).stdout]).toEqual([1, "inactive\n"]);
  });
});
