import { describeLab } from "../../support/prepare";
import type { Host } from "../../support/lab";
import { ADDRESSES, PORT, callLeqi } from "../../support/samples";
import { kindsOf } from "../kinds";
import { makeWorld, must, type World } from "../world";
import { NGINX_HANGS_ONCE } from "./hands";
import { SITE, status } from "./tool";
import { expectUnharmed, figuresLine, underTraffic } from "./traffic";
import { CONF, OWN, PROD, SANDBOX, setUpByHand } from "./vendorsDocument";

describeLab.each(kindsOf("bullseye"))(
  "a %s host that was set up by hand as in the vendor's document",
  (kind) => {
    let world: World;
    beforeAll(async () => {
      world = await makeWorld({ kind, firewalld: "running" });
      await setUpByHand(world.host);
    });
    afterAll(() => world.stop());

    it("is refused with all that nobody named, and nothing of it is changed", async () => {
      const { host, stack } = world;
      stack.change({ allow: {} });
      const before = await byHand(host);
      const traffic = await underTraffic(world, async () => {
        const { exitCode, all } = await stack.up();
        expect(exitCode).not.toBe(0);
        for (const words of ["E_FOREIGN_SOURCE", "E_FOREIGN_SITE", SITE, ...SANDBOX, OWN]) {
          expect(all).toContain(words);
        }
        for (const known of PROD) {
          expect(all).not.toContain(`${known} may open port`);
        }
        expect(all).toContain("nothing on this host was changed");
      });
      expect(await byHand(host)).toBe(before);
      console.log(figuresLine("a refused adoption", traffic));
      expectUnharmed(traffic);
    });

    it("serves as before, by its own file, where taking it over fails", async () => {
      const { host, stack } = world;
      await host.mustExec(NGINX_HANGS_ONCE);
      stack.change({
        environments: ["sandbox", "prod"],
        allow: { [OWN]: "ACME back office" },
        remove: { [SITE]: "the one made by hand" },
      });
      const traffic = await underTraffic(world, async () => {
        const { exitCode, all } = await stack.up();
        expect(exitCode).not.toBe(0);
        expect(all).toContain("E_ROLLED_BACK");
      });
      expectUnharmed(traffic);
      expect(await host.readFile(SITE)).toBe(CONF);

      // It is as foreign as it was: who takes his consent back is asked again.
      stack.change({ remove: {} });
      const { exitCode, all } = await stack.up();
      expect(exitCode).not.toBe(0);
      expect(all).toContain("E_FOREIGN_SITE");
    });

    it("is taken over once each is allowed or to be removed, and every foreign rule stays", async () => {
      const { host, stack, vendor, lab } = world;
      const sandbox = await lab.client(ADDRESSES.sandbox);
      expect(await sandbox.connects(host.address, PORT)).toBe("open");
      const before = (await foreignRules(host)).join("\n");
      stack.change({
        environments: ["prod"],
        allow: { [OWN]: "ACME back office" },
        remove: {
          ...Object.fromEntries(SANDBOX.map((source) => [source.replace("/32", ""), "a prod host"])),
          [SITE]: "the one made by hand",
        },
      });
      const traffic = await underTraffic(world, async () => {
        await must(stack.up());
      });
      console.log(figuresLine("an adoption", traffic));
      expectUnharmed(traffic);

      expect((await foreignRules(host)).join("\n")).toBe(before);
      expect(before).toContain('port port="9100"');
      expect(await sandbox.connects(host.address, PORT)).not.toBe("open");
      expect(await callLeqi(vendor, host.address)).toMatchObject({ outcome: "answered", status: 200 });
      expect(await host.readFile(SITE)).toContain("Managed by lqpt");
      expect(await status(host)).toMatchObject({ equal: true, deviations: [] });
      expect((await must(stack.up())).steps).toEqual([]);
    });

    it("keeps its own nginx, and whatever else that serves, when the stack is destroyed", async () => {
      const { host, stack, stranger } = world;
      expect(await stranger.connects(host.address, 80)).toBe("open");
      await must(stack.destroy());
      expect(await stranger.connects(host.address, 80)).toBe("open");
      expect(await stranger.connects(host.address, PORT)).not.toBe("open");
    });
  },
);

/** What somebody did by hand, byte for byte. */
function byHand(host: Host): Promise<string> {
  return host.mustExec(
    `firewall-cmd --list-all-zones; firewall-cmd --permanent --list-all-zones; cat ${SITE}; ls -l --time-style=full-iso ${SITE} /etc/nginx`,
  );
}

/** All lines of both configurations but those that are about the proxy's port. */
async function foreignRules(host: Host): Promise<string[]> {
  const all = await host.mustExec("firewall-cmd --list-all-zones; firewall-cmd --permanent --list-all-zones");
  return all.split("\n").filter((line) => !line.includes(`port port="${PORT}"`));
}
