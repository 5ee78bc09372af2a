import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { RunResult } from "../../support/engine";
import { Postgres } from "../../support/postgres";
import { describeLab } from "../../support/prepare";
import { PORT, callLeqi } from "../../support/samples";
import { until } from "../../support/until";
import { FULL } from "../kinds";
import { type FleetWorld, makeFleet } from "../../support/customers";

const COUNT = FULL ? 16 : 6;
/** When a run is killed: once a host has its list, and with `--full` after each of so many parts of its usual time. */
const PARTS = 12;
const KILLED_AT = Array.from({ length: FULL ? PARTS : 1 }, (_, part) =>
  part === 0
    ? (["once a host has its list", part] as const)
    : ([`after ${String(part)} of ${String(PARTS)} parts of its time`, part] as const),
);

describeLab("a change of the list, rolled out, the states in PostgreSQL", () => {
  let postgres: Postgres;
  let world: FleetWorld;
  let vendors: Readonly<Record<string, unknown>>;
  beforeAll(async () => {
    postgres = await Postgres.start();
    world = await makeFleet(COUNT, { backend: postgres.url });
    vendors = world.fleet.keys("prod")["lqpt:allow"] as Readonly<Record<string, unknown>>;
  });
  afterAll(async () => {
    await world.stop();
    await postgres.stop();
  });

  /** Everybody's list, as the environment's file has it, and more. */
  const allow = (...more: string[]): void => {
    const added = Object.fromEntries(more.map((source) => [source, "group, prod"]));
    world.fleet.change("prod", { allow: { ...vendors, ...added } });
  };
  const stack = (index: number): string => `c${String(index)}-prod`;
  const host = (index: number) => {
    const found = world.customers[index - 1]?.host;
    if (found === undefined) throw new Error(`there is no customer ${String(index)}`);
    return found;
  };

  /** Commits, has it reviewed, and tells where the plan is. */
  async function review(message: string, since = "HEAD~1"): Promise<string> {
    world.fleet.commit(message);
    const { exitCode, all } = await world.fleet.lqpt(
      "plan",
      "--changed-since",
      since,
      "--to",
      "HEAD",
      "--json",
    );
    if (exitCode !== 0) throw new Error(`lqpt plan ended with ${String(exitCode)}:\n${all}`);
    const file = join(world.fleet.folder, "state", `${message.replaceAll(" ", "-")}.json`);
    writeFileSync(file, all);
    return file;
  }
  const rollout = (plan: string, ...words: string[]): Promise<RunResult> =>
    world.fleet.lqpt("rollout", plan, ...words);
  const isListed = async (index: number, source: string): Promise<boolean> =>
    (await host(index).mustExec("firewall-cmd --list-rich-rules")).includes(`"${source}"`);
  /** How long a rollout of this fleet takes, in milliseconds. */
  let usual = 0;
  /** Releases the lock that a killed run left, if it left one. */
  const release = async (name: string): Promise<void> => {
    const { all } = await world.fleet.lqpt("unlock", name, "--json");
    if ((JSON.parse(all) as { locks: object[] }).locks.length === 0) return;
    expect(JSON.parse(all)).toMatchObject({ released: false, locks: [{ user: "root", held: false }] });
    expect(await world.fleet.lqpt("unlock", name, "--yes")).toMatchObject({ exitCode: 0 });
  };
  const applies = async (index: number): Promise<number> =>
    Number(await host(index).mustExec('grep -c \'"verb":"apply"\' /var/log/lqpt/history.jsonl'));

  it("is laid beside the real previews first, also of a revision that is not checked out", async () => {
    const at = world.fleet.git("rev-parse", "HEAD");
    allow("203.0.113.200");
    const here = await world.fleet.lqpt("plan", stack(1), "--preview");
    expect([here.exitCode, here.all]).toEqual([0, here.all]);
    expect(here.all).toMatch(new RegExp(`By \`pulumi preview\`\n +${stack(1)}: as reviewed; .*update`));
    const head = world.fleet.commit("a head");
    world.fleet.git("checkout", "--quiet", at);
    const there = await world.fleet.lqpt("plan", stack(1), "--changed-since", at, "--to", head, "--preview");
    world.fleet.git("checkout", "--quiet", "main");
    world.fleet.git("reset", "--quiet", "--hard", at);
    expect([there.exitCode, there.all]).toEqual([0, there.all]);
    expect(there.all).toContain(`${stack(1)}: as reviewed; `);
  });

  it("goes canary first, then in groups, and every host is read back", async () => {
    allow("203.0.113.201");
    const plan = await review("one more");
    const notice = await world.fleet.lqpt("notice", plan, stack(1));
    expect([notice.exitCode, notice.all]).toEqual([0, notice.all]);
    expect(notice.all).toContain(`203.0.113.201\tgroup, prod`);
    const begun = Date.now();
    const { exitCode, all } = await rollout(plan, "--canary", stack(2), "--group", "3");
    usual = Date.now() - begun;
    expect([exitCode, all]).toEqual([0, all]);
    expect(all).toMatch(new RegExp(`wave 1 of \\d: ${stack(2)}\\n[^]*wave 2 of \\d: `));
    expect(all).toContain("every stack that can be reached now is what was reviewed");
    const listed = await world.lab.client("203.0.113.201");
    const stranger = await world.lab.stranger();
    for (const { host: one } of world.customers) {
      expect(await callLeqi(listed, one.address)).toMatchObject({ status: 200 });
      expect(await stranger.connects(one.address, PORT)).not.toBe("open");
    }
  });

  it("run again changes nothing, and applies nothing twice", async () => {
    const plan = join(world.fleet.folder, "state", "one-more.json");
    const before = await applies(1);
    const { exitCode, all } = await rollout(plan);
    expect([exitCode, all]).toEqual([0, all]);
    expect(all).toContain(`${stack(1)}: is what was reviewed`);
    expect(await applies(1)).toBe(before);
  });

  it("stops within its budget, says who has which list, and goes on once the causes are mended", async () => {
    allow("203.0.113.201", "203.0.113.202");
    world.fleet.change(stack(5), { change: { window: neverNow() } });
    const plan = await review("another one");
    await host(2).mustExec("cd /etc/nginx/conf.d && mount --bind . . && mount -o remount,ro,bind $PWD");
    await host(3).mustExec(
      "firewall-cmd -q --add-port=8864/tcp && echo nonsense >/etc/nginx/conf.d/bad.conf",
    );
    await host(4).mustExec("/usr/local/sbin/lqptctl close");
    await host(6).powerOff();
    const stopped = await rollout(plan, "--canary", stack(1), "--group", "1", "--pool", "1", "--json");
    expect(stopped.exitCode).toBe(1);
    const outcomes = jsonOf(stopped);
    expect(outcomes.get(stack(1))).toMatchObject({ kind: "done" });
    expect(outcomes.get(stack(2))).toMatchObject({
      kind: "failed",
      why: expect.stringContaining("E_ROLLED_BACK") as string,
    });
    expect(outcomes.get(stack(3))).toMatchObject({
      kind: "drifted",
      why: expect.stringMatching(/EXPOSED[^]*nginx refuses/) as string,
    });
    expect(outcomes.get(stack(4))).toMatchObject({ kind: "drifted" });
    expect(outcomes.get(stack(5))).toMatchObject({ kind: "waiting" });
    expect(outcomes.get(stack(6))).toMatchObject({ kind: "silent" });
    if (FULL) expect(outcomes.get(stack(7))).toMatchObject({ kind: "done" });
    expect(await isListed(1, "203.0.113.202")).toBe(true);
    expect(await isListed(2, "203.0.113.202")).toBe(false);

    await host(2).mustExec("umount /etc/nginx/conf.d");
    await host(3).mustExec("rm /etc/nginx/conf.d/bad.conf && firewall-cmd -q --remove-port=8864/tcp");
    await host(4).mustExec("/usr/local/sbin/lqptctl open");
    await host(6).boot();
    const { exitCode, all } = await rollout(plan, "--json");
    expect([exitCode, all]).toEqual([0, all]);
    const again = jsonOf({ all });
    expect(again.get(stack(1))).toMatchObject({ kind: "already" });
    for (const index of [2, 3, 4, 6]) {
      expect([index, again.get(stack(index))?.kind]).toEqual([index, "done"]);
      expect(await isListed(index, "203.0.113.202")).toBe(true);
    }
    expect(again.get(stack(5))).toMatchObject({ kind: "waiting" });
  });

  it("ends equal to the repository, as drift finds too", async () => {
    world.fleet.change(stack(5), { change: { window: "daily 00:00-24:00 UTC" } });
    // What waited is planned together with what came since.
    const plan = await review("a window that is open", "HEAD~2");
    const { exitCode, all } = await rollout(plan, "--json");
    expect([exitCode, all]).toEqual([0, all]);
    expect([...jsonOf({ all })].map(([name, { kind }]) => [name, kind])).toContainEqual([stack(5), "done"]);
    expect(await isListed(5, "203.0.113.202")).toBe(true);
    const drift = await world.fleet.lqpt("drift");
    expect([drift.exitCode, drift.all]).toEqual([0, drift.all]);
  });

  it("an old job that is run again brings no old list back", async () => {
    const old = join(world.fleet.folder, "state", "one-more.json");
    expect((await world.fleet.lqpt("notice", old)).all).toContain("say another document of");
    world.fleet.git("checkout", "--quiet", "HEAD~2");
    const older = await rollout(old, "--json");
    world.fleet.git("checkout", "--quiet", "main");
    expect(older.exitCode).toBe(1);
    for (const { kind } of jsonOf(older).values()) expect(kind).toBe("old");
    expect(await isListed(1, "203.0.113.202")).toBe(true);
  });

  it.each(KILLED_AT)(
    "killed %s it is taken up by running it again; no list is lost, none applied twice",
    async (_, part) => {
      const list = ["203.0.113.201", "203.0.113.202", `203.0.113.${String(210 + part)}`];
      const [, , added = ""] = list;
      allow(...list);
      const plan = await review(`killed ${String(part)}`);
      const before = await Promise.all(world.customers.map((__, index) => applies(index + 1)));
      const run = world.fleet.startLqpt("rollout", plan, "--group", "2", "--pool", "2");
      const ended = run.result.then(({ all }) =>
        Promise.reject(new Error(`it ended before it was killed:\n${all}`)),
      );
      const moment =
        part === 0 ? until("host 2 has it", () => isListed(2, added)) : sleep((usual * part) / PARTS);
      await Promise.race([ended, moment]);
      ended.catch(() => undefined);
      await run.kill();
      for (let index = 1; index <= COUNT; index += 1) await release(stack(index));
      const { exitCode, all } = await rollout(plan, "--json");
      expect([exitCode, all]).toEqual([0, all]);
      for (let index = 1; index <= COUNT; index += 1) {
        expect([index, await isListed(index, added)]).toEqual([index, true]);
        expect([index, await applies(index)]).toEqual([index, (before[index - 1] ?? 0) + 1]);
      }
    },
  );

  it("with --check stops after the canary whose host does not reach Leqi", async () => {
    allow("203.0.113.201", "203.0.113.202", "203.0.113.205");
    const plan = await review("a fourth one");
    await world.lab.leqi.answer(500);
    const stopped = await rollout(plan, "--canary", stack(1), "--check", "--json");
    await world.lab.leqi.answer("normal");
    expect(stopped.exitCode).toBe(1);
    const outcomes = jsonOf(stopped);
    expect(outcomes.get(stack(1))).toMatchObject({
      kind: "unhealthy",
      why: expect.stringMatching(/prod, directly: .*500/) as string,
    });
    expect(outcomes.get(stack(2))).toMatchObject({ kind: "stopped" });
    const { exitCode, all } = await rollout(plan, "--check", "--json");
    expect([exitCode, all]).toEqual([0, all]);
    expect(jsonOf({ all }).get(stack(2))).toMatchObject({ kind: "done" });
  });

  it("is refused with a dirty tree, without a plan, or with one that is none", async () => {
    const plan = join(world.fleet.folder, "state", "a-fourth-one.json");
    allow("203.0.113.204");
    const dirty = await rollout(plan);
    world.fleet.git("checkout", "--quiet", ".");
    expect(dirty).toMatchObject({
      exitCode: 1,
      all: expect.stringContaining("Pulumi.prod.yaml not committed") as string,
    });
    expect((await rollout("nope.json")).all).toContain("nope.json: there is no such file");
    expect((await rollout(join(world.fleet.folder, "package.json"))).all).toContain(
      "is no plan, by its format",
    );
  });

  it("without its backend does nothing, and says what is missing", async () => {
    await postgres.stop();
    const plan = join(world.fleet.folder, "state", "a-fourth-one.json");
    const before = await applies(1);
    for (const run of [rollout(plan), world.fleet.lqpt("drift"), world.fleet.lqpt("unlock", stack(1))]) {
      const { exitCode, all } = await run;
      expect([exitCode, all]).toEqual([1, all]);
      expect(all).toMatch(/connect: no such file or directory|connection refused/);
      expect(all).not.toMatch(/^\s+at /m);
    }
    expect(await applies(1)).toBe(before);
  });
});

/** A window that was open yesterday, and is again in six days. */
function neverNow(): string {
  const yesterday = new Date(Date.now() - 86_400_000).toUTCString().slice(0, 3);
  return `${yesterday} 00:00-00:01 UTC`;
}

function jsonOf({ all }: Pick<RunResult, "all">): Map<string, { kind: string; why: string }> {
  const text = all.slice(all.indexOf("{\n"));
  const { stacks } = JSON.parse(text) as { stacks: { stack: string; kind: string; why: string }[] };
  return new Map(stacks.map((one) => [one.stack, one]));
}
