import type { Host } from "../../support/lab";
import { describeLab } from "../../support/prepare";
import { ADDRESSES, PORT, callLeqi, sampleValues } from "../../support/samples";
import { kindsOf } from "../kinds";
import { commandsOf, makeWorld, must, type World } from "../world";
import { lqptDialling } from "./lqpt";

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

  it("is forgotten where it is dead and in the file no more: nobody dials it, and it is told what stays open", async () => {
    await second.boot();
    await world.stack.setSecrets({ "proxy-2.privateKey": world.lab.operatorKey });
    setHosts({});
    await must(world.stack.up());
    const living = await lqptDialling(world, ["forget", "acme-prod", "proxy-2", "--yes"]);
    expect(living).toMatchObject({ exitCode: 1 });
    expect(living.stderr).toContain("proxy-2 is in: Pulumi.acme-prod.yaml has it");

    await second.powerOff();
    world.stack.change({ hosts: { "proxy-1": sampleValues(world.host).hosts[world.host.name] } });
    world.stack.dropSecret("proxy-2", "privateKey");
    const unasked = await lqptDialling(world, ["forget", "acme-prod", "proxy-2"]);
    expect(unasked.stderr).toContain("nobody can be asked here; expected --yes");
    const { exitCode, all } = await lqptDialling(world, ["forget", "acme-prod", "proxy-2", "--yes"]);
    expect({ exitCode, all }).toMatchObject({ exitCode: 0 });
    expect(all).toMatch(/proxy-2, if it runs, lets in as it last reported: .*203\.0\.113\.55/);
    expect(all).toContain("2 resources taken out");
    await must(world.stack.up());
    expect((await must(world.stack.up())).steps).toEqual([]);
    expect(await callLeqi(world.listed, world.host.address)).toMatchObject({ status: 200 });
    const again = await lqptDialling(world, ["forget", "acme-prod", "proxy-2", "--yes"]);
    expect(again.stderr).toContain("the state of acme-prod holds nothing of proxy-2");
  });
});
