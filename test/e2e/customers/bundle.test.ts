import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ProgramResult } from "../../support/programs";
import { describeLab } from "../../support/prepare";
import { ADDRESSES, PORT, callLeqi } from "../../support/samples";
import { kindsOf } from "../kinds";
import { commandsOf, dials, makeWorld, must, type World } from "../world";
import { mustLqpt } from "./lqpt";

const FILE = "lqpt-acme-prod-proxy-1.sh";
const RECORD = "records/acme-prod/proxy-1.json";
const ARMED = 13;

/** What the administrator gets, and runs on the machine over a connection of his own. */
async function carryOut({ stack, host }: World): Promise<ProgramResult> {
  await mustLqpt(stack, ["bundle", stack.name, "--out", "bundles"]);
  await host.write(`/root/${FILE}`, readFileSync(join(stack.folder, "bundles", FILE)), "600");
  const first = await host.ssh(`sh ${FILE}`);
  return first.exitCode === ARMED ? host.ssh(`sh ${FILE}`) : first;
}

async function expectServed({ host, listed, vendor, stranger }: World): Promise<void> {
  for (const client of [listed, vendor]) {
    expect(await callLeqi(client, host.address)).toMatchObject({ outcome: "answered", status: 200 });
  }
  expect(await stranger.connects(host.address, PORT)).not.toBe("open");
}

describeLab.each(kindsOf("trixie"))("a %s host that nobody can dial", (kind) => {
  let world: World;
  let sent = "";
  beforeAll(async () => {
    world = await makeWorld({ kind });
    world.stack.dropSecret("proxy-1", "privateKey");
    world.stack.change({ hosts: { "proxy-1": { address: world.host.address, delivery: "bundle" } } });
  });
  afterAll(() => world.stop());

  const outputs = () => world.stack.outputs();
  const dialled = () => ({
    ...{ address: world.host.address, user: "root", auth: "key", hostKey: world.host.hostKey() },
  });

  it("is not touched by `pulumi up`, which says what is to be done and claims nothing", async () => {
    const { stack, host } = world;
    const run = await must(stack.up());
    expect(run.all).toContain(
      "proxy-1 is still to be set up, by its own administrator: lqpt bundle acme-prod",
    );
    expect(commandsOf(run)).toEqual([]);
    expect(await outputs()).toMatchObject({ whitelist: {}, digests: {} });
    expect(await dials(host)).toBe(0);
  });

  it("is set up by its administrator, who runs one file, twice where firewalld is started", async () => {
    const { exitCode, stdout, all } = await carryOut(world);
    expect({ exitCode, all }).toMatchObject({ exitCode: 0 });
    await expectServed(world);
    sent = stdout;
  });

  it("counts once its report is recorded", async () => {
    const { stack } = world;
    expect(await mustLqpt(stack, ["record", stack.name], `Hello,\r\n\r\n${sent}\r\nBye\r\n`)).toContain(
      RECORD,
    );
    const run = await must(stack.up());
    expect(run.all).toContain("proxy-1 has this document, as recorded on");
    expect(await outputs()).toMatchObject({
      whitelist: expect.objectContaining({ [ADDRESSES.listed]: expect.anything() as unknown }) as unknown,
      digests: { "proxy-1": expect.stringMatching(/^sha256:/) as unknown },
    });
    expect((await must(stack.up())).steps).toEqual([]);
  });

  it("has a changed list once the file was run again and recorded, and not before", async () => {
    const { stack, host } = world;
    stack.change({ allow: { [ADDRESSES.listed]: "ACME", "203.0.113.55": "ACME second site" } });
    const run = await must(stack.up());
    expect(run.all).toContain("a change is still to be carried out at proxy-1");
    expect(commandsOf(run)).toEqual([]);
    expect((await outputs())["whitelist"]).not.toHaveProperty(["203.0.113.55"]);

    const { exitCode, stdout } = await carryOut(world);
    expect(exitCode).toBe(0);
    expect(await host.mustExec("firewall-cmd --list-rich-rules")).toContain("203.0.113.55");
    await mustLqpt(stack, ["record", stack.name], stdout);
    await must(stack.up());
    expect((await outputs())["whitelist"]).toHaveProperty(["203.0.113.55"]);
  });

  it("is taken up by `pulumi up` when it can be dialled one day, with nothing to be changed there", async () => {
    const { stack, lab } = world;
    await stack.setSecrets({ "proxy-1.privateKey": lab.operatorKey });
    stack.change({ hosts: { "proxy-1": dialled() } });
    const run = await must(stack.up());
    expect(commandsOf(run)).toEqual(["create proxy-1-state", "create proxy-1-tool"]);
    await expectServed(world);
    expect((await must(stack.up())).steps).toEqual([]);
  });

  it("stays as it is when it cannot be dialled any more, also when the stack is destroyed", async () => {
    const { stack } = world;
    stack.change({ hosts: { "proxy-1": { ...dialled(), delivery: "bundle" } } });
    expect(commandsOf(await must(stack.up()))).toEqual([]);
    await expectServed(world);
    await must(stack.destroy());
    await expectServed(world);
  });
});
