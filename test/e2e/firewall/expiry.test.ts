import { setTimeout as sleep } from "node:timers/promises";
import { describeLab } from "../../support/prepare";
import { callLeqi } from "../../support/samples";
import { kindsOf } from "../kinds";
import { ruleOf } from "./direct";
import { BROKEN_SITE, EDITED_SITE, FOREIGN_SOURCE } from "./hands";
import { AFTER, BEFORE, Standing } from "./standing";
import { atConsole, mustAtConsole, status } from "./tool";

/** The timer looks every ten seconds, and a busy machine takes some for the change. */
const LATE_SECONDS = 30;
const TIMER = "/etc/systemd/system/lqpt-expire.timer";
/** A line of shell that ends once the timer is gone, or fails. */
const noTimerWithin = (seconds: number) =>
  `timeout ${String(seconds)} sh -c 'while [ -e ${TIMER} ]; do sleep 0.2; done'`;
const NO_TIMER = noTimerWithin(LATE_SECONDS);

/** Why letting somebody in is refused, or fails. */
const REFUSALS = [
  { name: "with somebody's own rule for the port", ...FOREIGN_SOURCE, exit: 10, says: "E_FOREIGN_SOURCE" },
  { name: "with lqpt.conf edited by hand", ...EDITED_SITE, exit: 10, says: "E_FOREIGN_SITE" },
  { name: "with a mistake in another site of nginx", ...BROKEN_SITE, exit: 11, says: "E_ROLLED_BACK" },
];

describeLab.each(kindsOf("bookworm"))("somebody who is let in for a while to a %s host", (kind) => {
  let standing: Standing;
  beforeAll(async () => {
    standing = await Standing.start(kind);
  });
  afterAll(() => standing.stop());
  beforeEach(async () => {
    expect(await standing.tool.converge(BEFORE)).toMatchObject({ exitCode: 0 });
  });

  it("goes in time although lqpt.conf was edited by hand; mended, the timer ends its work and is gone", async () => {
    const { host, stranger, listed } = standing;
    // Longer than the run that lets him in takes on a busy machine.
    const SECONDS = 30;
    const began = Date.now();
    await mustAtConsole(host, `allow ${stranger.address} --for ${String(SECONDS)}s`);
    expect(await callLeqi(stranger, host.address)).toMatchObject({ outcome: "answered", status: 200 });
    await host.mustExec(EDITED_SITE.inject);
    while (await standing.reaches(stranger)) {
      await sleep(200);
      expect(Date.now() - began).toBeLessThan((SECONDS + LATE_SECONDS) * 1000);
    }
    expect(Date.now() - began).toBeGreaterThan((SECONDS - 1) * 1000);
    // So that what follows is seen after the permanent configuration was changed, too.
    await host.mustExec("flock /run/lqpt.lock true");
    for (const scope of ["", "--permanent"]) {
      const rules = await host.mustExec(`firewall-cmd ${scope} --list-rich-rules`);
      expect(rules).not.toContain(ruleOf(stranger.address));
      expect(rules).toContain(ruleOf(listed.address));
    }
    // It is still to do, and tried again.
    await host.mustExec(`test -e ${TIMER}`);
    expect((await status(host)).deviations.join()).toContain("lqpt.conf is not as lqptctl left it");

    await host.mustExec(EDITED_SITE.mend);
    await host.mustExec(NO_TIMER);
    await standing.expectInForce(BEFORE);
    const history = (await mustAtConsole(host, "history")).trim().split("\n");
    expect(JSON.parse(history.at(-1) ?? "")).toMatchObject({
      verb: "expire",
      removed: [stranger.address],
    });
  });

  it("goes in time with /tmp full, and by a clock that nobody sets", async () => {
    const { host, stranger } = standing;
    await mustAtConsole(host, `allow ${stranger.address} --for 20s`);
    // One by the calendar waits for hours where a machine came up with its clock ahead.
    expect(
      await host.mustExec("systemctl show -p TimersCalendar -p TimersMonotonic lqpt-expire.timer"),
    ).toMatch(/^(TimersMonotonic=.*\n)+$/);
    await host.mustExec("mount -t tmpfs -o size=64k tmpfs /tmp");
    try {
      await host.mustExec(noTimerWithin(60));
      expect(await standing.reaches(stranger)).toBe(false);
      expect(await standing.reaches(standing.listed)).toBe(true);
      expect((await atConsole(host, "status")).all).toContain("/tmp has no room");
      await mustAtConsole(host, "close");
      expect(await standing.reaches(standing.listed)).toBe(false);
    } finally {
      await host.mustExec("umount /tmp");
    }
    await mustAtConsole(host, "open");
  });

  it("is let in by no later run where the one that was to let him in was told to stop", async () => {
    const { host, tool, stranger } = standing;
    const allow = `setsid sh -c 'echo $$ >/run/allow.pid; exec lqptctl allow ${stranger.address} --for 1h' &`;
    // As soon as his line is there, which is before anybody is let in.
    await host.mustExec(
      `rm -f /run/allow.pid; ${allow} until grep -qs ${stranger.address} /var/lib/lqpt/temporary; do sleep 0.01; done; kill -TERM "$(cat /run/allow.pid)"; wait; true`,
    );
    await host.mustExec("flock /run/lqpt.lock true; ! grep -qs . /var/lib/lqpt/temporary");
    expect(await tool.dial(AFTER)).toMatchObject({ exitCode: 0 });
    expect(await standing.reaches(stranger)).toBe(false);
    await standing.expectInForce(AFTER);
  });

  it("goes although the run that let him in died before it made the timer", async () => {
    const { host, tool, stranger } = standing;
    await host.mustExec(
      `lqptctl allow ${stranger.address} --for 20s && systemctl stop lqpt-expire.timer && rm ${TIMER}`,
    );
    expect((await status(host)).deviations.join()).toContain("whoever was let in for a while stays in");
    expect(await tool.dial(AFTER)).toMatchObject({ exitCode: 0 });
    await host.mustExec(noTimerWithin(60));
    expect(await standing.reaches(stranger)).toBe(false);
  });

  it.each(REFUSALS)(
    "is not let in where that is refused $name, nor by the next apply",
    async ({ inject, mend, exit, says }) => {
      const { host, tool, stranger } = standing;
      await host.mustExec(inject);
      try {
        expect(await atConsole(host, `allow ${stranger.address} --for 1h`)).toMatchObject({
          exitCode: exit,
          all: expect.stringContaining(says) as string,
        });
        expect(await standing.reaches(stranger)).toBe(false);
      } finally {
        await host.mustExec(mend);
      }
      const { exitCode, all } = await tool.dial(AFTER);
      expect({ exitCode, all }).toMatchObject({ exitCode: 0 });
      expect(all).not.toContain(stranger.address);
      await standing.expectInForce(AFTER);
      await host.mustExec(NO_TIMER);
    },
  );
});
