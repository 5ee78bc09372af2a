import type { Host } from "../../support/lab";
import { describeLab } from "../../support/prepare";
import { ADDRESSES, PORT, callLeqi, sampleValues } from "../../support/samples";
import { kindsOf } from "../kinds";
import { commandsOf, makeWorld, must, type World } from "../world";

const MORE = { [ADDRESSES.listed]: "ACME", "203.0.113.55": "ACME second site" };

describeLab.each(kindsOf("bullseye"))("a pair of %s hosts of which one is dead", (kind) => {
  let world: World;
  let second: Host;
  beforeAll(async () => {
    world = await makeWorld({ kind });
    second = await world.lab.host("proxy-2", { kind });
    await world.stack.setSecrets({ "proxy-2.privateKey": world.lab.operatorKey });
    setHosts({});
    await must(world.stack.up());
  });
  afterAll(() => world.stop());

  /** Both hosts; `more` is what is said of the second besides. */
  function setHosts(more: object): void {
    const [one, two] = [world.host, second].map((host) => sampleValues(host).hosts[host.name]);
    world.stack.change({ hosts: { "proxy-1": one, "proxy-2": { ...two, ...more } } });
  }

  const rulesOf = (host: Host) => host.mustExec("firewall-cmd --list-rich-rules");
  const whitelist = async () => (await world.stack.outputs())["whitelist"];

  it("holds up the other one until it is said to be out", async () => {
    await second.powerOff();
    world.stack.change({ allow: MORE });
    expect((await world.stack.up()).exitCode).not.toBe(0);
    expect(await whitelist()).not.toHaveProperty(["203.0.113.55"]);
  });

  it("is skipped and not given up once it is out, and every run says so", async () => {
    setHosts({ state: "out" });
    const run = await must(world.stack.up());
    expect(run.all).toContain("proxy-2 is out: nothing is done there");
    expect(commandsOf(run).filter((step) => step.includes("proxy-2"))).toEqual([]);
    expect(await rulesOf(world.host)).toContain("203.0.113.55");
    expect(await whitelist()).toHaveProperty(["203.0.113.55"]);
    const again = await must(world.stack.up());
    expect(again.steps).toEqual([]);
    expect(again.all).toContain("proxy-2 is out");
  });

  it("has the list as it is now once it is repaired and in again", async () => {
    await second.boot();
    expect(await rulesOf(second)).not.toContain("203.0.113.55");
    setHosts({});
    expect(commandsOf(await must(world.stack.up()))).toContain("create proxy-2-state");
    expect(await rulesOf(second)).toContain("203.0.113.55");
    expect(await callLeqi(world.listed, second.address)).toMatchObject({ status: 200 });
    expect((await must(world.stack.up())).steps).toEqual([]);
  });

  it("can be given up for good while it is out: nobody dials it, and the other goes on", async () => {
    setHosts({ state: "out" });
    await must(world.stack.up());
    await second.powerOff();
    const [one] = [world.host].map((host) => sampleValues(host).hosts[host.name]);
    world.stack.change({ hosts: { "proxy-1": one } });
    world.stack.dropSecret("proxy-2", "privateKey");
    await must(world.stack.up());
    expect(await callLeqi(world.listed, world.host.address)).toMatchObject({ status: 200 });
    expect((await must(world.stack.up())).steps).toEqual([]);
    expect(await world.stranger.connects(world.host.address, PORT)).not.toBe("open");
  });
});
