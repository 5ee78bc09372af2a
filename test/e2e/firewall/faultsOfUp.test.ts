import { setTimeout as sleep } from "node:timers/promises";
import type { Host } from "../../support/lab";
import { describeLab } from "../../support/prepare";
import { ADDRESSES, leqiUrl, sampleSecrets, sampleValues } from "../../support/samples";
import { FULL, kindsOf } from "../kinds";
import { type World, commandsOf, makeStack, makeWorld, must } from "../world";
import { guarded, inside, outside } from "./direct";
import { expectServed } from "./gate";

const SSHD_PORT = 2222;

describeLab.each(kindsOf("old"))(
  "`pulumi up` that is disturbed, on a host (%s) with firewalld off and sshd on port 2222",
  (kind) => {
    let world: World;
    beforeAll(async () => {
      world = await makeWorld({ kind, sshd: { port: SSHD_PORT } });
      world.stack.change({ hosts: hosts(), firewall: { rollbackSeconds: 60 } });
    });
    afterAll(() => world.stop());

    const hosts = () => ({ "proxy-1": { ...sampleValues(world.host).hosts["proxy-1"], port: SSHD_PORT } });

    const says = async (line: string): Promise<string> => (await world.host.exec(line)).stdout.trim();

    /** Nobody confirms what this run started. */
    async function killBetweenDials(): Promise<string[]> {
      const { host, stack } = world;
      await stack.upKilledWhen(() => isArmed(host));
      const left = await isArmed(host);
      await stack.cli(["cancel", "--yes", "--stack", stack.name]);
      const ssh = await host.ssh("true");
      return [
        ...(left ? [] : ["the second dial had confirmed it when it was killed"]),
        ...(ssh.exitCode === 0 ? [] : [`SSH: ${ssh.all}`]),
      ];
    }

    (FULL ? it : it.skip)(
      "killed between the two dials and left alone: the host goes back by itself",
      async () => {
        const { host, stack, stranger } = world;
        const wrong = await guarded([outside(stranger, host)], async () => {
          const found = await killBetweenDials();
          for (let waited = 0; waited < 180 && (await isArmed(host)); waited += 1) {
            await sleep(1000);
          }
          return [...found, ...(await host.ssh("true")).stderr.split("\n").filter(Boolean)];
        });
        expect(wrong).toEqual([]);
        expect(await says("systemctl is-active firewalld")).toBe("inactive");
        expect(await says("systemctl is-enabled firewalld")).toBe("disabled");
        expect(commandsOf(await stack.preview())).toContain("create proxy-1-state");
      },
    );

    it("killed between the two dials: no stranger gets in, SSH stays, and the next `up` converges", async () => {
      const { host, stack, stranger } = world;
      const wrong = await guarded([outside(stranger, host)], async () => {
        const found = await killBetweenDials();
        await must(stack.up());
        return found;
      });
      expect(wrong).toEqual([]);
      expect(await says("systemctl is-enabled firewalld")).toBe("enabled");
      expect(await says("ls -d /var/lib/lqpt/armed; systemctl is-active lqpt-rollback.timer")).toBe(
        "inactive",
      );
      expect((await must(stack.up())).steps).toEqual([]);
      await expectServed(world);
    });

    it("two at once of one stack: the second is refused by Pulumi's own lock, and the first holds", async () => {
      const { host, stack, stranger, vendor } = world;
      stack.change({ allow: { [ADDRESSES.listed]: "ACME back office", "203.0.113.55": "ACME second site" } });
      const ends: number[] = [];
      const wrong = await guarded(
        [outside(stranger, host), inside(vendor, leqiUrl(host.address))],
        async () => {
          const runs = await Promise.all([stack.up(), sleep(500).then(() => stack.up())]);
          ends.push(...runs.map(({ exitCode }) => exitCode));
          return runs.some(({ exitCode, all }) => exitCode !== 0 && /locked/.test(all))
            ? []
            : runs.map(({ all }) => all);
        },
      );
      expect(wrong).toEqual([]);
      expect(ends.filter((code) => code === 0)).toHaveLength(1);
      expect((await must(stack.up())).steps).toEqual([]);
      expect(await says("firewall-cmd --list-rich-rules")).toContain("203.0.113.55");
      await expectServed(world);
    });

    it("a second stack with another id: it is refused, its destroy too, and the first is unharmed", async () => {
      const { host, lab, stack, stranger, vendor } = world;
      const other = await makeStack(
        lab,
        {
          ...sampleValues(host),
          hosts: hosts(),
          id: "other-1a2b",
          allow: { [ADDRESSES.stranger]: "somebody else" },
        },
        sampleSecrets(lab.operatorKey, host),
      );
      try {
        const wrong = await guarded(
          [outside(stranger, host), inside(vendor, leqiUrl(host.address))],
          async () => {
            const { exitCode, all } = await other.up();
            const refused = exitCode !== 0 && all.includes("E_OWNER") && all.includes("acme-7f3a");
            await must(other.destroy());
            return refused ? [] : [all];
          },
        );
        expect(wrong).toEqual([]);
      } finally {
        other.dispose();
      }
      expect((await must(stack.up())).steps).toEqual([]);
      await expectServed(world);
    });
  },
);

/** Whether a start of firewalld waits there for its confirmation. */
async function isArmed(host: Host): Promise<boolean> {
  return (await host.exec("test -d /var/lib/lqpt/armed")).exitCode === 0;
}
