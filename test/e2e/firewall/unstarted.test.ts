import { describeLab } from "../../support/prepare";
import { nft } from "../../support/nft";
import { ADDRESSES, PORT } from "../../support/samples";
import { kindsOf } from "../kinds";
import { aptInstall } from "../packages";
import { makeWorld, must, type World } from "../world";
import { ARMED, ruleOf } from "./direct";
import { OFF, expectServed, firewalldOf } from "./gate";
import { BROKEN_SITE, FOREIGN, NGINX_HANGS_ONCE } from "./hands";
import { SITE, apply, bring, documentFor } from "./tool";
import { type Traffic, figuresLine, underTraffic } from "./traffic";
import { CONF, OWN } from "./vendorsDocument";

const OPENING = `
add table inet custom
add chain inet custom input { type filter hook input priority 10; }
add rule inet custom input tcp dport ${String(PORT)} accept`;

describeLab.each(kindsOf("trixie"))(
  "a %s host that serves its callers by hand, with firewalld off,",
  (kind) => {
    let world: World;
    beforeAll(async () => {
      world = await makeWorld({ kind });
      const { host, stack } = world;
      await aptInstall(host, "nginx");
      await host.write(SITE, CONF);
      await host.mustExec("nginx -t && systemctl enable nginx && systemctl restart nginx");
      stack.change({
        allow: { [OWN]: "ACME back office" },
        remove: { [SITE]: "the one made by hand" },
        firewall: { keepOpen: ["80/tcp"], closes: ["nftables"] },
      });
    });
    afterAll(() => world.stop());

    /** An `up` that fails while a listed client calls all the time; what it printed. */
    async function fails(what: string): Promise<string> {
      const { host, stack, stranger } = world;
      const off = await firewalldOf(host);
      let printed = "";
      const traffic = await underTraffic(world, async () => {
        const { exitCode, all } = await stack.up();
        expect(exitCode).not.toBe(0);
        printed = all;
      });
      console.log(figuresLine(what, traffic));
      expectServedThroughout(traffic);
      // What was open before is open again: to close it is a matter of an apply that stands.
      expect(await firewalldOf(host)).toEqual(off);
      expect(await host.readFile(SITE)).toBe(CONF);
      expect(await stranger.connects(host.address, PORT)).toBe("open");
      return printed;
    }

    it("is refused before the start for an nginx that would refuse its configuration", async () => {
      const { host } = world;
      await host.mustExec(BROKEN_SITE.inject);
      const printed = await fails("refused for nginx");
      expect(printed).toContain("E_NGINX");
      expect(printed).toContain("nothing on this host was changed");
      expect(printed).not.toContain("starting firewalld");
      await host.mustExec(BROKEN_SITE.mend);
    });

    it("is refused before the start for an opening that only the kernel has", async () => {
      const { host } = world;
      await host.mustExec(nft(OPENING));
      const printed = await fails("refused for the kernel's rule");
      expect(printed).toContain("E_FOREIGN_OPENING");
      expect(printed).not.toContain("starting firewalld");
      await host.mustExec(nft("delete table inet custom"));
    });

    it("has firewalld off again where taking it over fails after the start", async () => {
      await world.host.mustExec(NGINX_HANGS_ONCE);
      const printed = await fails("failed after the start");
      expect(printed).toContain("starting firewalld");
      expect(printed).toContain("[E_ROLLED_BACK]");
      expect(printed).toContain("firewalld is off again, as before");
      expect(printed).not.toContain("stay cut");
    });

    it("is taken over with no request lost, and then lets in nobody else", async () => {
      const { stack } = world;
      const traffic = await underTraffic(world, async () => {
        await must(stack.up());
      });
      console.log(figuresLine("taken over", traffic));
      expectServedThroughout(traffic);
      await expectServed(world);
    });
  },
);

function expectServedThroughout({ inside }: Traffic): void {
  expect(inside).toMatchObject({ failed: 0 });
  expect(inside.attempts).toBeGreaterThan(50);
}

describeLab.each(kindsOf("bookworm"))("a start of firewalld on a %s host that is not ours", (kind) => {
  let world: World;
  beforeAll(async () => {
    world = await makeWorld({ kind });
    await bring(world.host);
  });
  afterAll(() => world.stop());

  it("is undone at once where the second dial is refused, and not confirmed by it", async () => {
    const { host } = world;
    const document = documentFor(host, [ADDRESSES.listed], { rollbackSeconds: 300 });
    expect((await apply(host, document)).exitCode).toBe(ARMED);
    await host.mustExec(`firewall-cmd -q --add-rich-rule='${ruleOf(FOREIGN)}'`);
    const { exitCode, all } = await apply(host, document);
    expect([exitCode, all]).toEqual([10, all]);
    expect(all).toContain("E_FOREIGN_SOURCE");
    expect(all).toContain("firewalld was started and not kept: what was to follow was refused");
    expect(await firewalldOf(host)).toEqual(OFF);
    expect((await host.exec("test -e /var/lib/lqpt/armed")).exitCode).not.toBe(0);
    expect((await apply(host, document)).exitCode).toBe(ARMED);
    expect((await apply(host, document)).exitCode).toBe(0);
    expect(await firewalldOf(host)).toMatchObject({ active: "active", enabled: "enabled" });
  });
});
