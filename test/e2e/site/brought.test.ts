import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { image, suiteOf } from "../../support/image";
import type { Host } from "../../support/lab";
import { describeLab } from "../../support/prepare";
import { ADDRESSES, PORT } from "../../support/samples";
import { vendorArchive } from "../../support/vendorArchive";
import { guarded, outside } from "../firewall/direct";
import { expectUnharmed, figuresLine, underTraffic } from "../firewall/traffic";
import { kindsOf } from "../kinds";
import { makeWorld, must, type World } from "../world";
import { beside, expectStands, sha256, worldOf } from "./sources";

const VENDOR_SITE = "/usr/local/nginx/conf/conf.d/lqpt.conf";
const PASSWORD = 'a "word\\ zq93k';

/** The line is cut when so many pieces are here, and stays so. */
const cutAt = (pieces: number): string =>
  `until [ "$(ls /root/.lqpt-files 2>/dev/null | wc -l)" -ge ${String(pieces)} ]; do sleep 0.05; done; systemctl stop ssh; pkill -KILL sshd; true`;

const piecesIn = async (host: Host): Promise<number> =>
  Number((await host.exec("ls /root/.lqpt-files 2>/dev/null | wc -l")).stdout);

describeLab.each(kindsOf("bullseye"))("nginx from files on a %s host that sees no repository", (kind) => {
  let world: World;
  beforeAll(async () => {
    world = await worldOf("files", kind);
  });
  afterAll(() => world.stop());

  it("goes on where a cut line ended a run half-way, and lets nobody in before it is whole", async () => {
    const { host, stack, stranger } = world;
    const planned = (await must(stack.preview())).steps.filter((step) => step.includes("-piece-"));
    const wrong = await guarded([outside(stranger, host), outside(stranger, host, 80)], async () => {
      // Early: of some kinds of host there are few pieces, and none may be left to bring when the line is down.
      const cut = host.mustExec(cutAt(Math.ceil(planned.length / 8)), { timeoutMs: 120_000 });
      expect((await stack.up()).exitCode).not.toBe(0);
      await cut;
      await host.mustExec("systemctl start ssh");
      const { steps } = await must(stack.up());
      const brought = steps.filter((step) => step.includes("-piece-"));
      expect(brought.length).toBeLessThan(planned.length);
      expect(brought.length).toBeGreaterThan(0);
      return [];
    });
    expect(wrong).toEqual([]);
    await expectStands(world, "none");
    expect(await piecesIn(host)).toBe(0);
    expect((await must(stack.up())).steps).toEqual([]);
  });
});

describeLab.each(kindsOf("trixie"))("the vendor's nginx on a %s host that sees no repository", (kind) => {
  let world: World;
  beforeAll(async () => {
    world = await worldOf("vendor", kind);
    world.stack.change({ listen: { tls: "self-signed" } });
  });
  afterAll(() => world.stop());

  it("comes by its own installer, and nobody ever reaches what that starts", async () => {
    const { host, stack, stranger, vendor } = world;
    const wrong = await guarded([outside(stranger, host), outside(vendor, host, 80)], async () => {
      await must(stack.up());
      return [];
    });
    expect(wrong).toEqual([]);
    await expectStands(world, "self-signed");
    expect((await host.mustExec("cat /usr/local/nginx/conf/leqi-id")).trim()).toBe("ACME0001");
    expect(await host.mustExec("cat /var/lib/lqpt/vendors-lqpt.conf")).toContain("listen 8864;");
    expect((await must(stack.up())).steps).toEqual([]);
  });

  it("runs as a unit that may write below its own folder alone", async () => {
    const { host } = world;
    const unit = await host.mustExec("systemctl show -p ActiveState,UnitFileState,ProtectSystem lqpt-nginx");
    expect(unit.split("\n").sort()).toEqual(
      expect.arrayContaining(["ActiveState=active", "ProtectSystem=full", "UnitFileState=enabled"]),
    );
  });
});

describeLab.each(kindsOf("bookworm"))("the vendor's archive from its URL, on a %s host", (kind) => {
  let world: World;
  let archive: string;
  const from = async (change: object = {}): Promise<void> => {
    const url = `http://${world.lab.mirror.address}/vendor/${basename(archive)}`;
    world.stack.change({
      nginx: { source: "vendor", archive: { url, user: "lqpt", sha256: sha256(archive), ...change } },
    });
    await Promise.resolve();
  };
  beforeAll(async () => {
    world = await makeWorld({ kind });
    const { lab } = world;
    archive = await vendorArchive(await image(suiteOf(kind), () => undefined), lab.folder);
    await lab.mirror.offer("vendor", join(archive, ".."), `lqpt:${PASSWORD}`);
  });
  afterAll(() => world.stop());

  it("is refused with a wrong password, and nothing of it is installed", async () => {
    const { host, stack } = world;
    await from();
    await stack.setSecrets({ "nginxArchive.password": "another" });
    const { exitCode, all } = await stack.up();
    expect(exitCode).not.toBe(0);
    expect(all).toContain("E_DOWNLOAD");
    expect(all).toContain("401");
    expect((await host.exec("test -e /usr/local/nginx")).exitCode).not.toBe(0);
  });

  it("is refused where it is another file than was reviewed", async () => {
    const { host, stack } = world;
    await stack.setSecrets({ "nginxArchive.password": PASSWORD });
    await from({ sha256: "0".repeat(64) });
    const { exitCode, all } = await stack.up();
    expect(exitCode).not.toBe(0);
    expect(all).toContain("E_SHA256");
    expect(all).toContain(sha256(archive));
    expect((await host.exec("test -e /usr/local/nginx")).exitCode).not.toBe(0);
  });

  it("is downloaded, going on where a cut line left it; the password is in no output, state or process", async () => {
    const { host, lab, stack } = world;
    await from();
    await host.mustExec("mkdir -p /var/lib/lqpt/files");
    await host.write(`/var/lib/lqpt/files/${sha256(archive)}.part`, readFileSync(archive).subarray(0, 1000));
    // Whatever has the password among its words; the watcher does not have it among its own.
    await host.mustExec(
      `nohup sh -c 'until [ -e /run/watched ]; do cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null | tr "\\0" "\\n" | grep "zq93[k]" >>/run/seen; done' >/dev/null 2>&1 &`,
    );
    const { all } = await must(stack.up());
    await host.mustExec("touch /run/watched");
    expect(await host.mustExec("cat /run/seen")).toBe("");
    expect(await lab.mirror.ranges()).toEqual([1000]);
    await expectStands(world, "none");
    expect(all).not.toContain("zq93k");
    expect(stack.stateText()).not.toContain("zq93k");
    expect((await must(stack.up())).steps).toEqual([]);
  });
});

describeLab.each(kindsOf("old"))("a %s host that was set up by hand with the vendor's archive", (kind) => {
  let world: World;
  beforeAll(async () => {
    world = await makeWorld({ kind, firewalld: "running" });
    const { host, lab, stack } = world;
    const archive = await vendorArchive(await image(suiteOf(kind), () => undefined), lab.folder);
    await lab.mirror.offer("vendor", lab.folder);
    const rules = [ADDRESSES.listed, ADDRESSES.vendor].map(
      (source) =>
        `firewall-cmd -q --permanent --zone=public --add-rich-rule='rule family="ipv4" source address="${source}" port port="${String(PORT)}" protocol="tcp" accept'`,
    );
    await host.mustExec(
      `cd /root && curl -fsS -O http://${lab.mirror.address}/vendor/${basename(archive)} && tar -xzf ${basename(archive)} &&
      cd fpy-nginx-lqpt && sh nginx_install.sh ACME0001 >/dev/null 2>&1 && ${rules.join(" && ")} && firewall-cmd -q --reload`,
    );
    stack.change({
      nginx: { source: "vendor", archive: { file: beside(world, archive), sha256: sha256(archive) } },
      remove: { [VENDOR_SITE]: "as the vendor's installer left it" },
      site: { enforce: false },
    });
  });
  afterAll(() => world.stop());

  it("is adopted as it is, with no failed request", async () => {
    const { host, stack } = world;
    const asItIs = "cat /usr/local/nginx/conf/nginx.conf; pgrep -f '^nginx: master'";
    const before = await host.mustExec(asItIs);
    const traffic = await underTraffic(world, async () => {
      await must(stack.up());
    });
    console.log(figuresLine("an adoption of the vendor's nginx", traffic));
    expectUnharmed(traffic);
    await expectStands(world, "none");
    expect(await host.mustExec(asItIs)).toBe(before);
    expect(await host.readFile(VENDOR_SITE)).toContain("Managed by lqpt");
    expect((await must(stack.up())).steps).toEqual([]);
  });
});
