import { setTimeout as sleep } from "node:timers/promises";
import { lqptctl } from "../../../documents/tool";
import { describeLab } from "../../support/prepare";
import { ADDRESSES, PORT, callLeqi } from "../../support/samples";
import { kindsOf } from "../kinds";
import { fingerprint, makeWorld, must, type World } from "../world";
import { expectServed } from "./gate";
import { atConsole, mustAtConsole, status } from "./tool";

const NEWCOMER = "203.0.113.55";
/** ISO 8601, of whatever zone. */
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}/;
const ANY_TIME = expect.stringMatching(TIME) as string;

/** A line of `lqptctl history`. */
interface Entry {
  readonly time: string;
  readonly verb: string;
  readonly who: string;
  readonly ticket: string;
  readonly before: string;
  readonly after: string;
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

/** What a person may have meant, and what is said instead. */
const MISTAKES = [
  { words: "allow 203.0.113 --for 2h", says: "E_ADDRESS" },
  { words: "allow 203.0.113.0/24 --for 2h", says: "E_ADDRESS" },
  { words: "allow 203.0.113.300 --for 2h", says: "E_ADDRESS" },
  { words: "allow 203.0.113.9 --for 8d", says: "E_DURATION" },
  { words: "allow 203.0.113.9 --for ever", says: "E_DURATION" },
  { words: "allow 203.0.113.9", says: "allow needs an address and --for" },
  { words: "confirm", says: "E_CONFIRM" },
];

describeLab.each(kindsOf("bookworm"))("a person at the console of a %s host that stands", (kind) => {
  let world: World;
  beforeAll(async () => {
    world = await makeWorld({ kind });
    await must(world.stack.up());
  });
  afterAll(() => world.stop());

  it("sees who may come in, since when, and when each was last seen", async () => {
    const { host, listed } = world;
    expect(await sourceOf(world, listed.address)).toMatchObject({
      firstSeen: null,
      requests: 0,
      until: null,
    });
    await callLeqi(listed, host.address);
    await callLeqi(listed, host.address);
    expect(await status(host)).toMatchObject({
      ...{ equal: true, deviations: [], closed: null, mode: "firewalld", zone: "public", port: PORT },
      refusedByNginx: [],
    });
    expect((await status(host)).whitelist).toHaveLength(5);
    const seen = await sourceOf(world, listed.address);
    expect(seen).toMatchObject({ since: ANY_TIME, firstSeen: ANY_TIME, lastSeen: ANY_TIME, requests: 2 });
  });

  it("sees the host once a run that is under way has ended, or that one is at work", async () => {
    const { host } = world;
    const working = (seconds: number): Promise<string> =>
      host.mustExec(
        `mkdir /var/lib/lqpt/pending; setsid flock /run/lqpt.lock sh -c 'sleep ${String(seconds)}; rmdir /var/lib/lqpt/pending' >/dev/null 2>&1 & sleep 0.5`,
      );
    await working(4);
    expect(await status(host)).toMatchObject({ equal: true, deviations: [] });
    await working(16);
    expect((await status(host)).deviations).toEqual([
      "another lqptctl is at work on this host; ask again once it has ended",
    ]);
    await host.mustExec("flock /run/lqpt.lock true");
    expect(await status(host)).toMatchObject({ equal: true });
  });

  it("sees whom nginx refused while firewalld did not run, and that the port was exposed", async () => {
    const { host, stranger } = world;
    await host.mustExec("systemctl stop firewalld");
    expect((await callLeqi(stranger, host.address)).outcome).toBe("reset");
    expect((await status(host)).deviations.join("\n")).toContain("EXPOSED: firewalld does not filter");
    // systemd takes it for started before its rules are loaded, which with iptables takes a while.
    await host.mustExec("systemctl start firewalld && firewall-cmd --state");
    const { refusedByNginx, deviations } = await status(host);
    expect(refusedByNginx).toMatchObject([{ peer: stranger.address, requests: 1 }]);
    expect(deviations).toEqual([]);
  });

  it("closes the host to everybody, `pulumi up` too, until it is opened again", async () => {
    const { host, stack, listed, vendor, stranger } = world;
    await mustAtConsole(host, "close");
    const nobody = async (): Promise<void> => {
      for (const client of [listed, vendor, stranger]) {
        expect(await client.connects(host.address, PORT)).not.toBe("open");
      }
    };
    await nobody();
    expect(await status(host)).toMatchObject({ closed: ANY_TIME, deviations: [], whitelist: [] });

    stack.change({ allow: allowed("203.0.113.54") });
    const { exitCode, all } = await stack.up();
    expect(exitCode).not.toBe(0);
    expect(all).toContain("E_CLOSED");
    await host.reboot();
    await nobody();

    await mustAtConsole(host, "open");
    await expectServed(world);
    await must(stack.up());
    await expectServed(world);
  });

  it("lets somebody in for a while, whom an `up` tells and leaves, and whom a reboot does not forget", async () => {
    const { host, stack, stranger } = world;
    const SECONDS = 60;
    const began = Date.now();
    await mustAtConsole(host, `allow ${stranger.address} --for ${SECONDS}s`);
    expect(await callLeqi(stranger, host.address)).toMatchObject({ outcome: "answered", status: 200 });
    expect(await sourceOf(world, stranger.address)).toMatchObject({ until: expect.any(Number) as number });

    stack.change({ allow: allowed(NEWCOMER) });
    const { all } = await must(stack.up());
    expect(all).toContain(`${stranger.address} may open port ${PORT} until`);
    expect(await stranger.connects(host.address, PORT)).toBe("open");
    expect(await status(host)).toMatchObject({ equal: true });
    await host.reboot();
    expect(await stranger.connects(host.address, PORT)).toBe("open");
    // So that what was seen above was within his time.
    expect(Date.now() - began).toBeLessThan(SECONDS * 1000);

    while ((await stranger.connects(host.address, PORT)) === "open") {
      await sleep(500);
    }
    const seconds = (Date.now() - began) / 1000;
    console.log(
      `let in for ${SECONDS} s, and out after ${seconds.toFixed(1)} s, with an up and a reboot between`,
    );
    expect(seconds).toBeGreaterThan(SECONDS - 1);
    expect(seconds).toBeLessThan(SECONDS + 45);
    await host.mustExec("until [ ! -e /etc/systemd/system/lqpt-expire.timer ]; do sleep 0.2; done");
    await expectServed(world);
    expect(await status(host)).toMatchObject({ equal: true, deviations: [] });
  });

  it("who lets somebody in that is listed anyway does not cut him off when the time is over", async () => {
    const { host, listed } = world;
    await mustAtConsole(host, `allow ${listed.address} --for 10s`);
    await host.mustExec("until [ ! -e /etc/systemd/system/lqpt-expire.timer ]; do sleep 0.2; done");
    expect((await callLeqi(listed, host.address)).outcome).toBe("answered");
  });

  it.each(MISTAKES)(
    "is told what is wrong with `lqptctl $words`, and nothing is changed",
    async ({ words, says }) => {
      const { host } = world;
      const before = await host.mustExec(
        "firewall-cmd --list-all-zones; ls -lR /var/lib/lqpt /etc/systemd/system",
      );
      const { exitCode, all } = await atConsole(host, words);
      expect({ exitCode, all }).toMatchObject({ all: expect.stringContaining(says) as string });
      expect([10, 64]).toContain(exitCode);
      expect(
        await host.mustExec("firewall-cmd --list-all-zones; ls -lR /var/lib/lqpt /etc/systemd/system"),
      ).toBe(before);
    },
  );

  it("reads who changed what and when, one JSON object a line", async () => {
    const { host, stranger } = world;
    const entries = (await mustAtConsole(host, "history"))
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Entry);
    expect(entries.map(({ verb }) => verb)).toEqual([
      ...["apply", "close", "open", "apply", "allow", "apply", "expire"],
    ]);
    expect(entries.every(({ time, who }) => TIME.test(time) && who === "root")).toBe(true);
    expect(entries[0]).toMatchObject({ before: "none", removed: [] });
    expect(entries[0]?.added).toContain(ADDRESSES.listed);
    expect(entries.find(({ verb }) => verb === "close")?.removed).toHaveLength(5);
    expect(entries.find(({ verb }) => verb === "allow")?.added).toEqual([stranger.address]);
    expect(entries.at(-1)).toMatchObject({ verb: "expire", added: [], removed: [stranger.address] });
  });

  it("gets the machine's facts by `lqptctl doctor`, also where nothing of lqpt is installed", async () => {
    const { lab, host } = world;
    const facts = JSON.parse(await mustAtConsole(host, "doctor")) as unknown;
    const os = (await host.mustExec('. /etc/os-release && echo "$PRETTY_NAME"')).trim();
    expect(facts).toMatchObject({
      ...{ os, firewalldActive: "active", firewalldEnabled: "enabled" },
      ...{ nginx: expect.stringMatching(/^\d/) as string, time: ANY_TIME },
      listeners: expect.arrayContaining([
        `sshd on tcp 0.0.0.0:22`,
        `nginx on tcp 0.0.0.0:${PORT}`,
      ]) as string[],
    });
    const bare = await lab.host("bare-1");
    await bare.write("/root/lqptctl", lqptctl().text);
    const before = await fingerprint(bare);
    const { stdout } = await bare.exec("sh /root/lqptctl doctor");
    expect(JSON.parse(stdout)).toMatchObject({ nginx: null, firewalldActive: "inactive", zones: null });
    expect(await fingerprint(bare)).toBe(before);
  });
});

/** What the stack lists beside what it inherits. */
function allowed(...more: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries([ADDRESSES.listed, ...more].map((address) => [address, "ACME"]));
}

async function sourceOf({ host }: World, address: string) {
  return (await status(host)).whitelist.find(({ source }) => source === address);
}
