import { setTimeout as sleep } from "node:timers/promises";
import { describeLab } from "../../support/prepare";
import { callLeqi } from "../../support/samples";
import { BROKEN_SITE } from "../firewall/hands";
import { mustAtConsole, status } from "../firewall/tool";
import { kindsOf } from "../kinds";
import { makeWorld, must, type World } from "../world";

const SITE = "/etc/nginx/conf.d/lqpt.conf";
/** An address of the lab that nobody has. */
const DEAD = "192.0.2.77";

describeLab.each(kindsOf("bookworm"))("Leqi as a %s host knows it", (kind) => {
  let world: World;
  beforeAll(async () => {
    world = await makeWorld({ kind });
    await must(world.stack.up());
  });
  afterAll(() => world.stop());

  const answered = async () => (await callLeqi(world.listed, world.host.address)).status;
  const servers = async () =>
    (await world.host.mustExec(`grep -E '^    server ' ${SITE}`))
      .trim()
      .split("\n")
      .map((line) => line.trim());
  const workers = async () =>
    world.host.mustExec("pgrep -f '^nginx: worker process *$' | sort | tr '\\n' ' '");
  const names = async (...addresses: string[]) => {
    const lines = addresses.map((address) => `${address} lqpt.chinatax.gov.cn`).join("\\n");
    await world.host.mustExec(
      `sed '/lqpt.chinatax.gov.cn/d' /etc/hosts >/run/hosts && printf '${lines}\\n' >>/run/hosts && cat /run/hosts >/etc/hosts`,
    );
  };

  it.each([
    ["is out of date", { days: -1 }],
    ["is for another name", { name: "other.example" }],
    ["is from an authority that nobody knows", { trusted: false }],
  ])("gets no call where its certificate %s, and is well again with the right one", async (_, wrong) => {
    const { lab } = world;
    await lab.leqi.present(await lab.leqiCertificate(wrong));
    await lab.leqi.clear();
    expect(await answered()).toBe(502);
    expect(await lab.leqi.requests()).toEqual([]);
    await lab.leqi.present(await lab.leqiCertificate());
    expect(await answered()).toBe(200);
  });

  it("may be known by a pinned certificate that no bundle has, and then by no other", async () => {
    const { lab, stack, host } = world;
    const own = await lab.leqiCertificate({ trusted: false });
    await lab.leqi.present(own);
    const { readFileSync } = await import("node:fs");
    stack.change({
      leqi: { verify: "pinned", ca: readFileSync(own.certificate.replace(/[^/]+$/, "ca.pem"), "utf8") },
    });
    await must(stack.up());
    expect(await answered()).toBe(200);
    expect(await host.mustExec("stat -c %a /etc/lqpt/leqi-ca.pem")).toContain("644");
    await lab.leqi.present(await lab.leqiCertificate());
    expect(await answered()).toBe(502);
  });

  it("is not verified at all where somebody wrote so, which every run says", async () => {
    const { stack, host } = world;
    stack.change({ leqi: { verify: "off" } });
    expect((await must(stack.up())).all).toContain("lqpt:leqi.verify");
    expect((await must(stack.up())).all).toContain("lqpt:leqi.verify");
    expect(await answered()).toBe(200);
    stack.change({ leqi: {} });
    await must(stack.up());
    expect((await host.exec("ls /etc/lqpt/leqi-ca.pem")).exitCode).not.toBe(0);
    expect(await answered()).toBe(200);
  });

  it("is followed to where its name leads, and nginx is reloaded only then", async () => {
    const { lab, host } = world;
    const before = await workers();
    await mustAtConsole(host, "resolve");
    expect(await workers()).toBe(before);
    await names(lab.leqi.address, DEAD);
    // What a run of the timer writes last.
    await host.mustExec(
      `i=0; until grep -q ${DEAD} /var/lib/lqpt/leqi-seen; do i=$((i + 1)); [ $i -lt 90 ] || exit 1; sleep 1; done`,
      {
        timeoutMs: 120_000,
      },
    );
    expect(await servers()).toEqual([
      `server ${lab.leqi.address}:8443 max_fails=0;`,
      `server ${DEAD}:8443 max_fails=0;`,
    ]);
    expect(await workers()).not.toBe(before);
    expect(await status(host)).toMatchObject({ equal: true, nginx: { leqi: [lab.leqi.address, DEAD] } });
  });

  it("answers each call though one of its addresses is dead", async () => {
    const { lab } = world;
    await lab.leqi.clear();
    for (let call = 1; call <= 6; call += 1) {
      expect(await answered()).toBe(200);
    }
    expect((await lab.leqi.requests()).length).toBe(6);
  });

  it("is served by an nginx that comes up while nothing resolves the name", async () => {
    const { host } = world;
    await host.mustExec("sed '/lqpt.chinatax.gov.cn/d' /etc/hosts >/run/hosts && cat /run/hosts >/etc/hosts");
    await host.reboot();
    for (let tries = 0; (await answered()) !== 200; tries += 1) {
      expect(tries).toBeLessThan(30);
      await sleep(500);
    }
  });

  it("keeps its last known addresses where an `up` finds the name unresolved, and says so", async () => {
    const { stack, lab } = world;
    stack.change({ allow: { "203.0.113.9": "ACME", "203.0.113.55": "ACME second site" } });
    expect((await must(stack.up())).all).toContain("the last ones known stay");
    expect(await answered()).toBe(200);
    await names(lab.leqi.address);
  });

  it("is followed also after an `up` that failed and put back what was", async () => {
    const { stack, lab, host } = world;
    await host.mustExec(BROKEN_SITE.inject);
    stack.change({ allow: { "203.0.113.9": "ACME", "203.0.113.56": "ACME third site" } });
    expect((await stack.up()).all).toContain("E_ROLLED_BACK");
    await host.mustExec(BROKEN_SITE.mend);
    await names(lab.leqi.address, DEAD);
    await mustAtConsole(host, "resolve");
    expect(await servers()).toHaveLength(2);
    expect(await answered()).toBe(200);
    await names(lab.leqi.address);
    await must(stack.up());
    expect(await status(host)).toMatchObject({ equal: true });
  });

  it("may have fixed addresses instead, which are not followed", async () => {
    const { stack, lab, host } = world;
    stack.change({ leqi: { addresses: [lab.leqi.address] } });
    await must(stack.up());
    expect(await servers()).toEqual([`server ${lab.leqi.address}:8443 max_fails=0;`]);
    expect((await host.exec("systemctl is-active lqpt-resolve.timer")).stdout.trim()).not.toBe("active");
    expect(await answered()).toBe(200);
  });
});
