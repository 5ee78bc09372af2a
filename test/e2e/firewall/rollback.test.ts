import { setTimeout as sleep } from "node:timers/promises";
import { describeLab } from "../../support/prepare";
import { ADDRESSES, PORT } from "../../support/samples";
import { KINDS } from "../../support/hostOptions";
import { FULL, kindsOf } from "../kinds";
import { makeWorld, must, type World } from "../world";
import { OFF, expectServed, firewalldOf } from "./gate";
import { LQPTCTL, apply, bring, documentFor, status } from "./tool";

/** Long enough for a busy machine to start firewalld. */
const SECONDS = 30;
/** So long that only what a row does itself ends the wait. */
const AGES = 300;
const ARMED = 13;
/** What the sample stack lists. */
const SOURCES = [ADDRESSES.listed, ADDRESSES.vendor, "52.82.125.155", "82.157.180.203", "121.36.53.241"];

/** How a start of firewalld stays unconfirmed, each on a host of its own. */
interface Unconfirmed {
  readonly name: string;
  /** Whether the host stood, and firewalld was stopped since. */
  readonly stood?: true;
  /** Only with `--full`: what it adds to the others is the same once more. */
  readonly long?: true;
  /** Starts firewalld by one dial, and ends when nothing more will happen. */
  readonly act: (world: World) => Promise<void>;
  /** What is told of it. */
  readonly says: string;
}

const IN_TIME = `no new SSH connection confirmed it within ${SECONDS} s`;
const RESTARTED = "this host was restarted before a new SSH connection confirmed it";

const ROWS: readonly Unconfirmed[] = [
  {
    name: "the second dial never comes",
    act: (world) => start(world).then(() => timeIsUp(world)),
    says: IN_TIME,
  },
  {
    name: "the second dial never comes to a host that stood, where firewalld was stopped since",
    stood: true,
    long: true,
    act: (world) => start(world).then(() => timeIsUp(world)),
    says: IN_TIME,
  },
  {
    name: "only a connection that is older than the start tries to confirm it",
    act: async (world) => {
      const { host } = world;
      const old = host.ssh(
        `touch /run/old; until [ -d /var/lib/lqpt/armed ]; do sleep 0.1; done; ${LQPTCTL} confirm`,
      );
      await host.mustExec("until [ -e /run/old ]; do sleep 0.1; done");
      await start(world);
      const { exitCode, all } = await old;
      expect({ exitCode, all }).toMatchObject({
        exitCode: 10,
        all: expect.stringContaining("older than firewalld's start") as string,
      });
      await timeIsUp(world);
    },
    says: IN_TIME,
  },
  {
    name: "the power is cut meanwhile",
    act: async (world) => {
      await start(world, AGES);
      await world.host.powerOff();
      await world.host.boot();
    },
    says: RESTARTED,
  },
  {
    name: "the host is rebooted meanwhile",
    long: true,
    act: async (world) => {
      await start(world, AGES);
      await world.host.reboot();
    },
    says: RESTARTED,
  },
  {
    name: "the host that stood, where firewalld was stopped since, is rebooted meanwhile",
    stood: true,
    act: async (world) => {
      await start(world, AGES);
      await world.host.reboot();
    },
    says: RESTARTED,
  },
];

/** Each row on one kind at least, and each kind in one row at least. */
const ROWS_ON = ROWS.filter(({ long }) => FULL || long === undefined).flatMap((row, index) =>
  kindsOf(KINDS[index % KINDS.length] ?? "bookworm").map((kind) => ({ ...row, kind })),
);

describeLab.each(ROWS_ON)(
  "a start of firewalld on $kind that nobody confirms",
  ({ name, kind, stood, act, says }) => {
    let world: World;
    beforeAll(async () => {
      world = await makeWorld({ kind });
      const { host, stack } = world;
      if (stood === undefined) {
        await bring(host);
      } else {
        await must(stack.up());
        await host.mustExec("systemctl disable -q --now firewalld");
      }
    });
    afterAll(() => world.stop());

    it(`${name}: the host goes back to what it had, says so, and the next \`pulumi up\` converges`, async () => {
      const { host, stack, listed, stranger } = world;
      await act(world);
      expect(await firewalldOf(host)).toEqual(OFF);
      // Neither the timer that follows Leqi's addresses nor a start of nginx starts firewalld, with nobody to undo that.
      await host.mustExec(`${LQPTCTL} resolve; systemctl start nginx`);
      expect(await firewalldOf(host)).toEqual(OFF);
      expect((await host.ssh("true")).exitCode).toBe(0);
      for (const client of [listed, stranger]) {
        expect(await client.connects(host.address, PORT)).toBe("refused");
      }
      expect((await status(host)).deviations.join("\n")).toContain(says);

      if (stood) {
        // The stack's last `up` went well: what became of the host since, it does not know.
        stack.change({ allow: { [ADDRESSES.listed]: "ACME", "203.0.113.54": "ACME third site" } });
      }
      const { all } = await must(stack.up());
      expect(all).toContain(says);
      await expectServed(world);
      expect((await status(host)).deviations).toEqual([]);
      // The warning was told; it is not told for ever.
      stack.change({ allow: { [ADDRESSES.listed]: "ACME", "203.0.113.55": "ACME second site" } });
      expect((await must(stack.up())).all).not.toContain(says);
    });
  },
);

describeLab("a start of firewalld that a person confirms", () => {
  let world: World;
  beforeAll(async () => {
    world = await makeWorld();
    await bring(world.host);
  });
  afterAll(() => world.stop());

  it("stays, and is enabled, by `lqptctl confirm` over a new connection", async () => {
    const { host, stack } = world;
    await start(world);
    expect((await host.ssh(`${LQPTCTL} confirm`)).exitCode).toBe(0);
    await sleep(SECONDS * 1000);
    expect(await firewalldOf(host)).toMatchObject({ active: "active", enabled: "enabled" });
    await must(stack.up());
    await expectServed(world);
  });
});

/** One dial, as a `pulumi up` makes it whose second one never comes. */
async function start({ host }: World, rollbackSeconds = SECONDS): Promise<void> {
  const { exitCode, all } = await apply(
    host,
    documentFor(host, SOURCES, { rollbackSeconds, keepOpen: ["9400/tcp"] }),
  );
  expect([exitCode, all]).toEqual([ARMED, all]);
  expect(await firewalldOf(host)).toEqual({ active: "active", enabled: "disabled", ports: "9400/tcp" });
}

async function timeIsUp({ host }: World): Promise<void> {
  await host.mustExec(`timeout ${SECONDS + 25} sh -c 'while [ -d /var/lib/lqpt/armed ]; do sleep 0.5; done'`);
}
