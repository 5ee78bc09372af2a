import { readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import type { ProgramResult } from "../../support/programs";
import { describeLab } from "../../support/prepare";
import { ADDRESSES, LEQI_PATH, PORT, callLeqi } from "../../support/samples";
import { kindsOf } from "../kinds";
import { commandsOf, dials, makeWorld, must, type World } from "../world";
import { lqpt, lqptDialling, mustLqpt } from "./lqpt";

const RECORD = "records/acme-prod/proxy-1.json";
const ARMED = 13;

/** The file that the administrator gets; its name on the machine. */
async function handOver(world: World, ...more: readonly string[]): Promise<string> {
  const { stack, host } = world;
  const folder = join(stack.folder, "bundles");
  rmSync(folder, { recursive: true, force: true });
  const made = await lqptDialling(world, ["bundle", stack.name, "--out", folder, ...more]);
  expect(made).toMatchObject({ exitCode: 0 });
  expect(made.all).not.toContain("PRIVATE KEY");
  const [file = ""] = readdirSync(folder);
  await host.write(`/root/${file}`, readFileSync(join(folder, file)), "600");
  return file;
}

/** What the administrator runs on the machine, over a connection of his own, with options of the file. */
async function carryOut(
  world: World,
  { bundle = [], run = "" }: { readonly bundle?: readonly string[]; readonly run?: string } = {},
): Promise<ProgramResult> {
  const line = `sh ${await handOver(world, ...bundle)} ${run}`;
  const first = await world.host.ssh(line);
  return first.exitCode === ARMED ? world.host.ssh(line) : first;
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
  let oldFile = "";
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
    oldFile = await handOver(world);
  });

  it("counts once its report is recorded", async () => {
    const { stack } = world;
    expect(await mustLqpt(stack, ["record", stack.name], `Hello,\r\n\r\n${sent}\r\nBye\r\n`)).toContain(
      RECORD,
    );
    const run = await must(stack.up());
    expect(run.all).toContain("proxy-1 has this document, by its report of");
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

  it("is not told to have lost a source that only its file lost", async () => {
    const { stack } = world;
    stack.change({ allow: { [ADDRESSES.listed]: "ACME" }, remove: { "203.0.113.55": "closed" } });
    const run = await must(stack.up());
    expect(run.steps.filter((step) => step.includes("203.0.113.55") && step.startsWith("delete"))).toEqual(
      [],
    );
    expect((await outputs())["whitelist"]).toHaveProperty(["203.0.113.55"]);
    stack.change({ allow: { [ADDRESSES.listed]: "ACME", "203.0.113.55": "ACME second site" }, remove: {} });
    await must(stack.up());
  });

  it("has its key for https by a file that was asked to hold it, and by no other", async () => {
    const { stack, host, listed } = world;
    stack.change({ listen: { tls: "self-signed" } });
    const early = await lqptDialling(world, ["bundle", stack.name, "--secrets"]);
    expect(early.stderr).toContain("Run pulumi up --stack acme-prod first");
    await must(stack.up());
    const unasked = await lqptDialling(world, ["bundle", stack.name]);
    expect(unasked).toMatchObject({ exitCode: 1 });
    expect(unasked.stderr).toContain("expected --secrets");

    const { exitCode, stdout, all } = await carryOut(world, { bundle: ["--secrets"] });
    expect({ exitCode, all }).toMatchObject({ exitCode: 0 });
    expect(all).not.toContain("PRIVATE KEY");
    const [file = ""] = readdirSync(join(stack.folder, "bundles"));
    expect(statSync(join(stack.folder, "bundles", file)).mode & 0o777).toBe(0o600);
    const { ca } = (await outputs()) as { ca: string };
    expect(await listed.post(`https://${host.address}:${PORT}${LEQI_PATH}`, { ca })).toMatchObject({
      status: 200,
    });
    await mustLqpt(stack, ["record", stack.name], stdout);
    expect((await must(stack.up())).all).toContain("proxy-1 has this document");

    stack.change({ listen: { tls: "none" } });
    const back = await carryOut(world, { run: "--again" });
    expect(back).toMatchObject({ exitCode: 0 });
    await mustLqpt(stack, ["record", stack.name], back.stdout);
    await must(stack.up());
  });

  it("is not put back by a file or a report of before", async () => {
    const { stack, host } = world;
    const older = await host.ssh(`sh ${oldFile}`);
    expect(older).toMatchObject({ exitCode: 1 });
    expect(older.stderr).toContain("a later one took its place");
    expect(await host.mustExec("firewall-cmd --list-rich-rules")).toContain("203.0.113.55");
    const replayed = await lqpt(stack, ["record", stack.name], sent);
    expect(replayed).toMatchObject({ exitCode: 1 });
    expect(replayed.stderr).toContain("expected a later one");
  });

  it("is not taken over by the file of the stack's other machine", async () => {
    const { host } = world;
    const file = await handOver(world);
    const owner = await host.readFile("/var/lib/lqpt/owner");
    await host.write("/var/lib/lqpt/owner", owner.replace("proxy-1", "proxy-2"), "600");
    const run = await host.ssh(`sh ${file}`);
    expect(run).toMatchObject({ exitCode: 1 });
    expect(run.stderr).toContain("run it with --rename");
    await host.write("/var/lib/lqpt/owner", owner, "600");
  });

  it("is taken up by `pulumi up` when it can be dialled one day, with nothing to be changed there", async () => {
    const { stack, lab } = world;
    await stack.setSecrets({ "proxy-1.privateKey": lab.operatorKey });
    stack.change({ hosts: { "proxy-1": dialled() } });
    expect((await stack.up()).all).toContain(`next:    git rm ${RECORD}`);
    rmSync(join(stack.folder, RECORD));
    const run = await must(stack.up());
    expect(commandsOf(run)).toEqual(["create proxy-1-state", "create proxy-1-tool"]);
    await expectServed(world);
    expect((await must(stack.up())).steps).toEqual([]);
  });

  it("stays as it is when it cannot be dialled any more", async () => {
    const { stack } = world;
    stack.change({ hosts: { "proxy-1": { ...dialled(), delivery: "bundle" } } });
    expect(commandsOf(await must(stack.up()))).toEqual([]);
    await expectServed(world);
    expect((await must(stack.up())).steps).toEqual([]);
  });

  it("is looked at anew when it can be dialled again, though nothing in its file is other than it was", async () => {
    const { stack, host } = world;
    const wider = "rule family=ipv4 source address=198.51.100.66 port port=8864 protocol=tcp accept";
    await host.mustExec(`firewall-cmd --add-rich-rule='${wider}'`);
    stack.change({ hosts: { "proxy-1": dialled() } });
    expect((await stack.up()).all).toContain("198.51.100.66");
    await host.mustExec(`firewall-cmd --remove-rich-rule='${wider}'`);
    expect(commandsOf(await must(stack.up()))).toContain("create proxy-1-state");
    expect((await must(stack.up())).steps).toEqual([]);
    await expectServed(world);
  });

  it("is left as it is by a destroy while it cannot be dialled", async () => {
    const { stack } = world;
    stack.change({ hosts: { "proxy-1": { ...dialled(), delivery: "bundle" } } });
    await must(stack.up());
    await must(stack.destroy());
    await expectServed(world);
  });
});
