import type { Host } from "../../support/lab";
import { describeLab } from "../../support/prepare";
import { ADDRESSES, PORT, callLeqi, leqiUrl, sampleValues } from "../../support/samples";
import { until } from "../../support/until";
import { BROKEN_SITE } from "../firewall/hands";
import { kindsOf } from "../kinds";
import { dials, makeWorld, must, type World } from "../world";

const MORE = "203.0.113.55";
const LIST = { [ADDRESSES.listed]: "ACME", [MORE]: "ACME second site" };

describeLab.each(kindsOf("trixie"))("a pair of %s hosts", (kind) => {
  let world: World;
  let second: Host;
  beforeAll(async () => {
    world = await makeWorld({ kind, firewalld: "running" });
    second = await world.lab.host("proxy-2", { kind, firewalld: "running" });
    await world.stack.setSecrets({ "proxy-2.privateKey": world.lab.operatorKey });
    // Their order in the file is not the order that they are changed in: that is the order of their names.
    world.stack.change({ hosts: { ...sampleValues(second, world.host).hosts } });
    await must(world.stack.up());
  });
  afterAll(() => world.stop());

  const has = async (host: Host, source: string): Promise<boolean> =>
    (await host.mustExec("firewall-cmd --list-rich-rules")).includes(`"${source}"`);

  it("is changed one after the other: nobody dials the second before the first has its list", async () => {
    const { host, stack, listed, stranger } = world;
    const before = await dials(second);
    stack.change({ allow: LIST });
    // The first waits for whoever holds its lock, and so does the whole change.
    await host.mustExec("systemd-run -q --unit=holder flock /run/lqpt.lock sleep 8");
    const watch = await Promise.all(
      [host, second].map(({ address }) => listed.watch({ url: leqiUrl(address), perSecond: 50 })),
    );
    const run = stack.up();
    await until(
      "the first is being changed",
      async () => (await host.exec("pgrep -f 'lqptctl apply'")).exitCode === 0,
    );
    expect(await dials(second)).toBe(before);
    expect(await has(second, MORE)).toBe(false);
    await must(run);
    const figures = await Promise.all(watch.map((one) => one.stop()));
    expect(figures.map(({ failed }) => failed)).toEqual([0, 0]);
    for (const one of [host, second]) {
      expect(await has(one, MORE)).toBe(true);
      expect(await stranger.connects(one.address, PORT)).not.toBe("open");
    }
    expect(await dials(second)).toBeGreaterThan(before);
    expect((await must(stack.up())).steps).toEqual([]);
  });

  it("keeps the second as it was where the first fails, and both serve", async () => {
    const { host, stack, listed } = world;
    await host.mustExec(BROKEN_SITE.inject);
    const before = await dials(second);
    stack.change({ allow: { ...LIST, "203.0.113.56": "ACME third site" } });
    const { exitCode, all } = await stack.up();
    expect(exitCode).not.toBe(0);
    expect(all).toContain("E_ROLLED_BACK");
    expect(await dials(second)).toBe(before);
    for (const one of [host, second]) {
      expect(await has(one, "203.0.113.56")).toBe(false);
      expect(await callLeqi(listed, one.address)).toMatchObject({ status: 200 });
    }
    await host.mustExec(BROKEN_SITE.mend);
    await must(stack.up());
    for (const one of [host, second]) expect(await has(one, "203.0.113.56")).toBe(true);
  });

  it("goes on with the second where the first is out", async () => {
    const { host, stack } = world;
    const { hosts } = sampleValues(host, second);
    await host.powerOff();
    stack.change({ hosts: { ...hosts, "proxy-1": { ...hosts["proxy-1"], state: "out" } }, allow: LIST });
    await must(stack.up());
    expect(await has(second, "203.0.113.56")).toBe(false);
    await host.boot();
    stack.change({ hosts });
    await must(stack.up());
    expect(await has(host, "203.0.113.56")).toBe(false);
  });

  it("is taken away host by host", async () => {
    const { steps } = await must(world.stack.destroy());
    const [second2, first] = ["delete proxy-2-tool", "delete proxy-1-state"].map((step) =>
      steps.indexOf(step),
    );
    expect(second2).toBeGreaterThanOrEqual(0);
    expect(first).toBeGreaterThan(second2 ?? 0);
    for (const one of [world.host, second]) {
      expect(await world.listed.connects(one.address, PORT)).not.toBe("open");
    }
  });
});
