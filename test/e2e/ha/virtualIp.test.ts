import type { Host } from "../../support/lab";
import { claims, usurp } from "../../support/onTheWire";
import { describeLab } from "../../support/prepare";
import { PORT, callLeqi, leqiUrl, sampleValues } from "../../support/samples";
import { kindsOf } from "../kinds";
import { fingerprint, must } from "../world";
import { OWN, type Pair, THIRD, VIP, bothStand, calls, holders, makePair, roles, shared } from "./pair";

interface Status {
  readonly equal: boolean;
  readonly deviations: readonly string[];
  readonly whitelist: readonly { readonly source: string }[];
  readonly vip: { readonly holds: boolean; readonly joined: boolean; readonly keepalived: string } | null;
}

const CONF = "/etc/keepalived/keepalived.conf";
const ROUTER = 100;

describeLab.each(kindsOf("trixie"))("an address that two %s hosts share", (kind) => {
  let pair: Pair;
  beforeAll(async () => {
    pair = await makePair(kind);
  });
  afterAll(async () => {
    await pair.stop();
  });

  const status = async (host: Host): Promise<Status> =>
    JSON.parse(await host.mustExec("/usr/local/sbin/lqptctl status")) as Status;
  const rules = async (host: Host, scope: string): Promise<string> =>
    host.mustExec(`firewall-cmd ${scope} --list-rich-rules`);

  it("is one host's, and serves whoever is listed and nobody else", async () => {
    expect(await callLeqi(pair.listed, VIP)).toMatchObject({ status: 200 });
    expect(await pair.stranger.connects(VIP, PORT)).not.toBe("open");
    const all = await Promise.all(pair.hosts.map(status));
    expect(all.map(({ equal, deviations }) => ({ equal, deviations }))).toEqual(
      pair.hosts.map(() => ({ equal: true, deviations: [] })),
    );
    expect(all.filter(({ vip }) => vip?.holds === true)).toHaveLength(1);
    for (const { vip } of all) expect(vip).toMatchObject({ joined: true, keepalived: "active" });
    expect((await must(pair.stack.up())).steps).toEqual([]);
  });

  it("has VRRP let in from the peer alone, at run time and for good, and the peer on nobody's list", async () => {
    for (const [at, host] of pair.hosts.entries()) {
      const peer = OWN[1 - at] ?? "";
      const vrrp = `rule family="ipv4" source address="${peer}" protocol value="vrrp" accept`;
      for (const scope of ["", "--permanent"]) {
        const found = (await rules(host, scope)).split("\n").filter((rule) => rule.includes("vrrp"));
        expect(found).toEqual([vrrp]);
      }
      expect((await status(host)).whitelist.map(({ source }) => source)).not.toContain(peer);
    }
    expect(JSON.stringify(await pair.stack.outputs())).not.toContain(`"${OWN[0]}"`);
  });

  it("stays where it is though a third machine calls itself the master, with the highest priority and the password", async () => {
    const { master } = await roles(pair);
    const password = (await master.readFile("/etc/lqpt/vrrp-pass")).trim();
    const watch = await calls(pair.listed);
    const look = claims(pair.third, THIRD, VIP, 9);
    const what = { address: VIP, router: ROUTER, priority: 255, password, peers: [...OWN, "224.0.0.18"] };
    await usurp(pair.third, what, 8);
    expect(await look).toMatchObject({ machines: 1, bothSeconds: 0 });
    expect(await holders(pair)).toEqual([master]);
    expect((await watch.stop()).failed).toBe(0);
  });

  it("is put back where keepalived refuses its configuration", async () => {
    const { master } = await roles(pair);
    const [first] = pair.hosts;
    const conf = await first.readFile(CONF);
    await first.mustExec(`mv /usr/sbin/keepalived /usr/sbin/keepalived.real
      printf '#!/bin/sh\\ncase "$*" in *config-test=*|*config-test*use-file*) echo "(Line 7) Unknown keyword x"; exit 4 ;; esac\\nexec /usr/sbin/keepalived.real "$@"\\n' >/usr/sbin/keepalived
      chmod 755 /usr/sbin/keepalived`);
    pair.stack.change({ vip: shared({ routerId: 9 }) });
    const { exitCode, all } = await pair.stack.up();
    await first.mustExec("mv /usr/sbin/keepalived.real /usr/sbin/keepalived");
    expect(exitCode).not.toBe(0);
    expect(all).toContain("Unknown keyword");
    expect(all).toContain("E_ROLLED_BACK");
    expect(await first.readFile(CONF)).toBe(conf);
    expect(await holders(pair)).toEqual([master]);
    expect(await callLeqi(pair.listed, VIP)).toMatchObject({ status: 200 });
    await must(pair.stack.up());
    expect((await status(first)).deviations).toEqual([]);
    await bothStand(pair);
  });

  it.each([
    ["an interface that does not exist", { interface: "eth7" }, "has no interface eth7"],
    [
      "an own address that the interface has not",
      { hosts: { "proxy-1": "10.77.0.21", "proxy-2": OWN[1] } },
      "has not the address 10.77.0.21",
    ],
  ])("is refused with %s before anything is changed", async (_, change, says) => {
    const [first] = pair.hosts;
    const before = await fingerprint(first);
    pair.stack.change({ vip: shared({ routerId: 9, ...change }) });
    const { exitCode, all } = await pair.stack.up();
    expect(exitCode).not.toBe(0);
    expect(all).toContain("E_VIP");
    expect(all).toContain(says);
    expect(all).toContain("nothing on this host was changed");
    expect(await fingerprint(first)).toBe(before);
  });

  it("is not taken over a configuration that somebody changed, unless that is named", async () => {
    const { standby } = await roles(pair);
    await standby.mustExec(`echo '# somebody was here' >>${CONF}`);
    expect((await status(standby)).deviations).toEqual([`${CONF} is not as lqptctl left it`]);
    pair.stack.change({ vip: shared({ routerId: 78 }) });
    const { all } = await pair.stack.up();
    expect(all).toContain(`${CONF} is there and not as lqptctl left it`);
    pair.stack.change({ remove: { [CONF]: "somebody's test" } });
    await must(pair.stack.up());
    await bothStand(pair);
    expect(await standby.readFile(CONF)).not.toContain("somebody was here");
    expect(await callLeqi(pair.listed, VIP)).toMatchObject({ status: 200 });
  });

  it("is shared with another machine in the place of one that is dead for good", async () => {
    const { stack, third, listed } = pair;
    const [first, dead] = pair.hosts;
    const { hosts } = sampleValues(first, dead);
    await dead.powerOff();
    stack.change({ hosts: { ...hosts, [dead.name]: { ...hosts[dead.name], state: "out" } } });
    await must(stack.up());
    expect(await callLeqi(listed, VIP)).toMatchObject({ status: 200 });
    stack.change({
      hosts: { ...hosts, [dead.name]: sampleValues(third).hosts[third.name] },
      vip: shared({ hosts: { [first.name]: OWN[0], [dead.name]: THIRD } }),
    });
    await must(stack.up());
    pair = { ...pair, hosts: [first, third] };
    await bothStand(pair);
    await first.mustExec("systemctl stop keepalived");
    expect(await holders(pair)).toEqual([third]);
    expect(await callLeqi(listed, VIP)).toMatchObject({ status: 200 });
    await first.mustExec("systemctl start keepalived");
    await bothStand(pair);
  });

  const nothingLeft = async (): Promise<void> => {
    for (const host of pair.hosts) {
      for (const scope of ["", "--permanent"]) expect(await rules(host, scope)).not.toContain("vrrp");
      const left = await host.exec(
        `systemctl is-active keepalived; systemctl is-enabled keepalived; id lqpt-vip; ls ${CONF} /usr/libexec/keepalived /etc/lqpt /etc/systemd/system/lqpt-join.service /etc/systemd/system/keepalived.service.d`,
      );
      expect(left.stdout).toBe("inactive\ndisabled\n");
    }
    expect(await holders(pair)).toEqual([]);
  };

  it("goes where the file has it no more: whoever is being served gets his answer, and nothing of it is left", async () => {
    const { stack, lab, listed } = pair;
    await lab.leqi.answer(200, { delayMs: 3000 });
    const watch = await listed.watch({ url: leqiUrl(VIP), perSecond: 5, timeoutMs: 10_000 });
    stack.change({ vip: undefined });
    await must(stack.up());
    const { handshakes, succeeded } = await watch.stop();
    await lab.leqi.answer("normal");
    console.log(`${kind}, lqpt:vip is taken out: connected ${handshakes}, answered ${succeeded}`);
    expect(succeeded).toBeGreaterThan(10);
    expect(succeeded).toBe(handshakes);
    await nothingLeft();
    for (const host of pair.hosts) {
      expect(await status(host)).toMatchObject({ equal: true, vip: null });
      expect(await callLeqi(listed, host.address)).toMatchObject({ status: 200 });
    }
  });

  it("goes with the stack, and nothing of it is left", async () => {
    const { hosts } = pair;
    const own = { [hosts[0].name]: OWN[0], "proxy-2": THIRD };
    pair.stack.change({ vip: shared({ hosts: own }) });
    await must(pair.stack.up());
    await bothStand(pair);
    await must(pair.stack.destroy());
    await nothingLeft();
    for (const host of pair.hosts) {
      for (const scope of ["", "--permanent"]) expect(await rules(host, scope)).toBe("\n");
    }
  });
});
