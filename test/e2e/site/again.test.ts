import { describeLab } from "../../support/prepare";
import { PORT, callLeqi } from "../../support/samples";
import { status } from "../firewall/tool";
import { kindsOf } from "../kinds";
import { makeWorld, must, type World } from "../world";

describeLab.each(kindsOf("bullseye"))("a %s host that a stack left and that is taken up again", (kind) => {
  let world: World;
  beforeAll(async () => {
    world = await makeWorld({ kind });
    await must(world.stack.up());
    await must(world.stack.destroy());
    await must(world.stack.up());
  });
  afterAll(() => world.stop());

  it("has the nginx that stayed wait for firewalld at boot, and nobody gets in meanwhile", async () => {
    const { host, listed, stranger } = world;
    const watch = await stranger.watch({ address: host.address, port: PORT, perSecond: 100 });
    await host.reboot();
    expect(await watch.stop()).toMatchObject({ handshakes: 0 });
    expect(await callLeqi(listed, host.address)).toMatchObject({ outcome: "answered", status: 200 });
    expect(await host.mustExec("systemctl show -p Requires nginx")).toContain("lqpt-filter.service");
    expect(await status(host)).toMatchObject({ equal: true, deviations: [] });
  });

  it("has it stopped again when the stack goes", async () => {
    await must(world.stack.destroy());
    const { stdout } = await world.host.exec("systemctl is-active nginx; systemctl is-enabled nginx");
    expect(stdout).toBe("inactive\ndisabled\n");
  });
});
