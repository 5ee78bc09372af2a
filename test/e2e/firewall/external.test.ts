import { setTimeout as sleep } from "node:timers/promises";
import { describeLab } from "../../support/prepare";
import type { Host } from "../../support/lab";
import { ADDRESSES, PORT, callLeqi, leqiUrl } from "../../support/samples";
import { kindsOf } from "../kinds";
import { makeWorld, must, type World } from "../world";
import { Connections } from "./connections";
import { guarded, inside, outside, silent } from "./direct";
import { OFF, expectServed, firewalldOf } from "./gate";
import { BROKEN_SITE } from "./hands";
import { status } from "./tool";

const EXTERNAL = { mode: "external" };
const SAID = "lqpt:firewall.mode is external: no firewall of this host is touched";
const DROP_IN = "/etc/systemd/system/nginx.service.d/lqpt.conf";
const IS_THERE = `test -e ${DROP_IN}`;

/** The kernel's rules and all that firewalld keeps, with the times of its files; and whether it runs, now and at boot. */
const firewallOf = (host: Host): Promise<string> =>
  host.mustExec(`
    python3 -c 'import nftables; print(nftables.Nftables().cmd("list ruleset")[1])' | sed 's/packets [0-9]* bytes [0-9]*//'
    ! command -v iptables-save >/dev/null || for save in iptables-save ip6tables-save; do $save; done | sed '/^#/d; s/\\[[0-9:]*\\]//'
    ls -lR --time-style=full-iso /etc/firewalld; find /etc/firewalld -type f -exec sha256sum {} +
    echo "$(systemctl is-active firewalld) $(systemctl is-enabled firewalld)"`);

const rulesOf = (host: Host): Promise<string> =>
  host.mustExec("firewall-cmd --list-rich-rules; firewall-cmd --permanent --list-rich-rules");

/** Who is listed reaches Leqi; a stranger, whom no filter keeps out, gets a handshake and not one byte. */
async function expectNginxAlone({ host, listed, vendor, stranger }: World): Promise<void> {
  for (const client of [listed, vendor]) {
    expect(await callLeqi(client, host.address)).toMatchObject({ outcome: "answered", status: 200 });
  }
  expect(await stranger.connects(host.address, PORT)).toBe("open");
  expect((await callLeqi(stranger, host.address)).outcome).toBe("reset");
}

describeLab.each(kindsOf("old"))("mode external on a %s host that firewalld is off on", (kind) => {
  let world: World;
  beforeAll(async () => {
    world = await makeWorld({ kind });
    world.stack.change({ firewall: EXTERNAL });
  });
  afterAll(() => world.stop());

  it("touches no firewall, leaves nginx's list as the only lock, and says so on every run", async () => {
    const { host, stack } = world;
    const before = await firewallOf(host);
    expect((await must(stack.up())).all).toContain(SAID);
    await expectNginxAlone(world);
    const { all, steps } = await must(stack.up());
    expect(all).toContain(SAID);
    expect(steps).toEqual([]);
    expect((await stack.preview()).all).toContain(SAID);
    stack.change({ allow: { [ADDRESSES.listed]: "ACME", "203.0.113.55": "ACME second site" } });
    expect((await must(stack.up())).all).toContain(SAID);
    expect(await firewallOf(host)).toBe(before);
    expect(await status(host)).toMatchObject({ equal: true, mode: "external" });
  });

  it("says that whoever was to go is let in again where the change fails", async () => {
    const { host, stack } = world;
    await host.mustExec(BROKEN_SITE.inject);
    stack.change({ allow: { [ADDRESSES.listed]: "ACME" }, remove: { "203.0.113.55": "moved" } });
    const { exitCode, all } = await stack.up();
    expect(exitCode).not.toBe(0);
    expect(all).toContain("1 source(s) that were to go are let in again");
    expect(all).not.toContain("stay cut");
    await host.mustExec(BROKEN_SITE.mend);
    expect((await host.exec("lqptctl open")).all).toContain("203.0.113.55: let in as before");
    await must(stack.up());
    await expectNginxAlone(world);
    stack.change({ allow: { [ADDRESSES.listed]: "ACME", "203.0.113.55": "ACME second site" }, remove: {} });
    await must(stack.up());
  });

  it("waits for no firewall at boot", async () => {
    const { host } = world;
    await host.reboot();
    await expectNginxAlone(world);
    expect(await firewalldOf(host)).toEqual(OFF);
  });

  it("becomes mode firewalld by an `up`, and then lets no stranger in at any moment of a boot", async () => {
    const { host, stack, stranger } = world;
    stack.change({ firewall: {} });
    await must(stack.up());
    await expectServed(world);
    // What `nginx -t` does to the port at a start lasts milliseconds, so he tries often, and at more than one boot.
    const wrong = await guarded([outside(stranger, host, PORT, 400)], async () => {
      for (let boot = 0; boot < 4; boot += 1) await host.reboot();
      return [];
    });
    expect(wrong).toEqual([]);
    await expectServed(world);
    expect(await status(host)).toMatchObject({ equal: true, mode: "firewalld" });
  });

  it("becomes mode external again: what firewalld holds stays, and nginx no longer waits for it", async () => {
    const { host, stack, listed } = world;
    const before = await firewallOf(host);
    stack.change({ firewall: EXTERNAL });
    const wrong = await guarded([inside(listed, leqiUrl(host.address))], async () => {
      expect((await must(stack.up())).all).toContain(SAID);
      return [];
    });
    expect(wrong).toEqual([]);
    expect(await firewallOf(host)).toBe(before);
    expect((await host.exec(IS_THERE)).exitCode).not.toBe(0);
    await host.mustExec("systemctl disable --now firewalld");
    await host.reboot();
    await expectNginxAlone(world);
    expect(await status(host)).toMatchObject({ equal: true, deviations: [], mode: "external" });
  });

  it("takes up the rules that it left, where it becomes mode firewalld once more", async () => {
    const { host, stack } = world;
    // Taken off the list before, so that firewalld holds a rule that neither document names.
    stack.change({ allow: { [ADDRESSES.listed]: "ACME" } });
    await must(stack.up());
    await host.mustExec("systemctl enable --now firewalld && firewall-cmd --state");
    expect(await rulesOf(host)).toContain("203.0.113.55");
    stack.change({ firewall: {} });
    await must(stack.up());
    await expectServed(world);
    expect(await rulesOf(host)).not.toContain("203.0.113.55");
    expect(await status(host)).toMatchObject({ equal: true, deviations: [], mode: "firewalld" });
    expect((await host.exec(`${IS_THERE} && ! test -e /var/lib/lqpt/places-left`)).exitCode).toBe(0);
  });

  it("clears the rules that it left, where the stack is destroyed", async () => {
    const { host, stack, stranger } = world;
    stack.change({ firewall: EXTERNAL });
    await must(stack.up());
    expect(await rulesOf(host)).toContain(ADDRESSES.listed);
    await must(stack.destroy());
    expect((await rulesOf(host)).trim()).toBe("");
    expect(await stranger.connects(host.address, PORT)).not.toBe("open");
  });
});

describeLab.each(kindsOf("trixie"))(
  "mode external on a %s host whose firewalld somebody else tends",
  (kind) => {
    let world: World;
    beforeAll(async () => {
      world = await makeWorld({ kind, firewalld: "running" });
      for (const scope of ["", "--permanent"]) {
        await world.host.mustExec(`firewall-cmd -q ${scope} --add-port=${PORT}/tcp`);
      }
      world.stack.change({ firewall: EXTERNAL });
    });
    afterAll(() => world.stop());

    it("leaves it as it is, byte for byte, and a stranger gets a handshake and not one byte", async () => {
      const { host, stack, stranger } = world;
      const before = await firewallOf(host);
      expect((await must(stack.up())).all).toContain(SAID);
      await expectNginxAlone(world);
      const wrong = await guarded([silent(stranger, leqiUrl(host.address))], async () => {
        await sleep(2000);
        return [];
      });
      expect(wrong).toEqual([]);
      expect(await firewallOf(host)).toBe(before);
    });

    it("ends the open connections of a source that is taken off the list, and nobody else's", async () => {
      const { host, stack, listed, vendor } = world;
      const connections = new Connections(world);
      const cut = [await connections.hold(listed, "idle"), await connections.hold(listed, "upload")];
      const kept = await connections.hold(vendor, "upload");
      stack.change({ allow: {} });
      await must(stack.up());
      await sleep(1000);
      connections.release();
      expect(await Promise.all(cut.map(({ ended }) => ended))).toMatchObject([
        { how: "closed" },
        { how: "closed" },
      ]);
      expect((await kept.ended).how).toBe("answered");
      expect((await callLeqi(listed, host.address)).outcome).toBe("reset");
    });
  },
);
