import { describeLab } from "../../support/prepare";
import type { Host } from "../../support/lab";
import { PORT } from "../../support/samples";
import { kindsOf } from "../kinds";
import { makeWorld, must, type World } from "../world";
import { ARMED } from "./direct";
import { OFF, expectServed, firewalldOf } from "./gate";
import { LQPTCTL, apply, applyLine, bring, documentFor, status } from "./tool";

const SERVICE =
  "systemd-run -q --unit=other python3 -m http.server 9400 && until ss -ltn | grep -q :9400; do sleep 0.1; done";
const OPEN = /OPEN, as before: python3 on tcp 9400, sshd on tcp 22/;
/** Only `lqptctl rollback` ends it. */
const AGES = 300;
const SOURCES = ["203.0.113.9"];

/** What iptables holds, as it prints it, less what it counts. */
const rulesOf = (host: Host): Promise<string> =>
  host.mustExec(
    "for save in iptables-save ip6tables-save; do $save; done | sed '/^#/d; s/ \\[[0-9:]*\\]$//' | grep -v '^:'",
  );
const POLICIES =
  "for save in iptables-save ip6tables-save; do $save -t filter | grep -E '^:(INPUT|FORWARD) '; done";

/** One dial. The time until its timer fires is up when the test says so. */
async function start(host: Host, closes: readonly string[]): Promise<void> {
  const { exitCode, all } = await apply(
    host,
    documentFor(host, SOURCES, { rollbackSeconds: AGES, closes, keepOpen: [] }),
  );
  expect([exitCode, all]).toEqual([ARMED, all]);
}

/** What the timer does. */
async function timeIsUp(host: Host): Promise<void> {
  await host.mustExec(`${LQPTCTL} rollback`, { timeoutMs: 120_000 });
  expect(await firewalldOf(host)).toEqual(OFF);
}

describeLab.each(kindsOf("trixie"))("a start of firewalld on a %s host, unconfirmed,", (kind) => {
  let world: World;
  beforeAll(async () => {
    world = await makeWorld({ kind });
    await bring(world.host);
    await world.host.mustExec(SERVICE);
  });
  afterAll(() => world.stop());

  it("opens again what was open before, and names it to `status` and to the next `pulumi up`", async () => {
    const { host, stack, stranger } = world;
    await start(host, ["9400/tcp"]);
    expect(await stranger.connects(host.address, 9400)).not.toBe("open");
    await timeIsUp(host);
    expect(await stranger.connects(host.address, 9400)).toBe("open");
    expect((await status(host)).deviations.join("\n")).toMatch(OPEN);
    const { exitCode, all } = await stack.up();
    expect(exitCode).not.toBe(0);
    expect(all).toContain("E_LISTENERS");
    stack.change({ firewall: { keepOpen: ["9400/tcp"] } });
    expect((await must(stack.up())).all).toMatch(OPEN);
    await expectServed(world);
    expect(await stranger.connects(host.address, 9400)).toBe("open");
    expect((await status(host)).deviations).toEqual([]);
  });
});

/** Shells that come from no new connection, and what `lqptctl confirm` is called by in each. */
const NO_PROOF = [
  { name: "one that systemd runs", line: `systemd-run -q --wait --pipe ${LQPTCTL} confirm` },
  {
    name: "one that outlived its session",
    line: `setsid sh -c 'sleep 1; ${LQPTCTL} confirm; echo "ended $?"' >/run/saying 2>&1 </dev/null &
      until grep -q ended /run/saying; do sleep 0.2; done; cat /run/saying; exit 10`,
  },
] as const;

describeLab.each(kindsOf("bookworm"))("what confirms no start of firewalld on a %s host", (kind) => {
  let world: World;
  beforeAll(async () => {
    world = await makeWorld({ kind });
    await bring(world.host);
    await start(world.host, []);
  });
  afterAll(() => world.stop());

  const stillArmed = async (): Promise<void> => {
    const { host } = world;
    expect(await firewalldOf(host)).toMatchObject({ active: "active", enabled: "disabled" });
    expect((await host.exec("test -d /var/lib/lqpt/armed")).exitCode).toBe(0);
  };

  it.each(NO_PROOF)("is a shell below no sshd and at no console: $name", async ({ line }) => {
    const { host } = world;
    const { exitCode, all } = await host.exec(line);
    expect(all).toContain("E_CONFIRM");
    expect(all).toContain("proves nothing");
    expect(exitCode).toBe(10);
    await stillArmed();
  });

  it("is a second run over a connection that was opened before firewalld filtered", async () => {
    const { host } = world;
    await timeIsUp(host);
    const document = documentFor(host, SOURCES, { rollbackSeconds: AGES });
    await host.write("/run/document", document);
    const old = host.ssh(
      `touch /run/old; until [ -d /var/lib/lqpt/armed ]; do sleep 0.1; done; ${applyLine()}`,
    );
    await host.mustExec("until [ -e /run/old ]; do sleep 0.1; done");
    await start(host, []);
    const { exitCode, all } = await old;
    expect([exitCode, all]).toEqual([ARMED, all]);
    expect(all).toContain("waits for a new SSH connection; this one is older");
    await stillArmed();
    expect((await host.ssh(applyLine())).exitCode).toBe(0);
    expect(await firewalldOf(host)).toMatchObject({ active: "active", enabled: "enabled" });
  });
});

const RULES = `
iptables -A INPUT -p tcp --dport 25 -j DROP
iptables -t nat -A PREROUTING -p tcp --dport 2500 -j REDIRECT --to-ports 2501
iptables -P FORWARD DROP
ip6tables -A INPUT -p tcp --dport 26 -j DROP
ip6tables -t nat -A PREROUTING -p tcp --dport 2600 -j REDIRECT --to-ports 2601`;

describeLab("a start of firewalld on iptables, unconfirmed,", () => {
  let world: World;
  beforeAll(async () => {
    world = await makeWorld({ kind: "old" });
    await bring(world.host);
    await world.host.mustExec(RULES);
  });
  afterAll(() => world.stop());

  it("puts back the rules of both families and all their tables, and their policies", async () => {
    const { host, stranger } = world;
    const before = await rulesOf(host);
    const policies = await host.mustExec(POLICIES);
    await start(host, ["iptables"]);
    expect(await rulesOf(host)).not.toContain("--dport 25 ");
    await timeIsUp(host);
    const after = await rulesOf(host);
    for (const rule of before.split("\n").filter((text) => text.startsWith("-A"))) {
      expect(after.split("\n")).toContain(rule);
    }
    expect(after.split("\n").filter((text) => text.startsWith("-A"))).toHaveLength(4);
    expect(await host.mustExec(POLICIES)).toBe(policies);
    expect((await status(host)).deviations.join("\n")).toContain("This host was put back to what it had;");
    expect(await stranger.connects(host.address, PORT)).toBe("refused");
  });
});
