import { setTimeout as sleep } from "node:timers/promises";
import { describeLab } from "../../support/prepare";
import { kindsOf } from "../kinds";
import { ruleOf } from "./direct";
import { BROKEN_SITE } from "./hands";
import { AFTER, BEFORE, Standing } from "./standing";
import { atConsole, mustAtConsole } from "./tool";

const MARK = "/var/lib/lqpt/cut";
const TIMER = "/etc/systemd/system/lqpt-expire.timer";

describeLab.each(kindsOf("bookworm"))("a source that a failed apply has cut on a %s host", (kind) => {
  let standing: Standing;
  beforeAll(async () => {
    standing = await Standing.start(kind);
    const { host, tool } = standing;
    expect(await tool.converge(BEFORE)).toMatchObject({ exitCode: 0 });
    await host.mustExec(BROKEN_SITE.inject);
    expect(await tool.dial(AFTER)).toMatchObject({ exitCode: 11 });
    await host.mustExec(BROKEN_SITE.mend);
  });
  afterAll(() => standing.stop());

  /** Neither by a rule, nor from outside; and those whom nobody cut are in. */
  async function expectCut(): Promise<void> {
    const { host, gone, listed } = standing;
    expect(await standing.reaches(gone)).toBe(false);
    expect(await standing.reaches(listed)).toBe(true);
    for (const scope of ["", "--permanent"]) {
      expect(await host.mustExec(`firewall-cmd ${scope} --list-rich-rules`)).not.toContain(
        ruleOf(gone.address),
      );
    }
  }

  it("is cut at once", expectCut);

  it("stays cut when a person lets somebody else in for a while, which tells of it, and when that is over", async () => {
    const { host, stranger, gone } = standing;
    const { all } = await atConsole(host, `allow ${stranger.address} --for 20s`);
    expect(all).toContain(`${gone.address} stays cut`);
    expect(await standing.reaches(stranger)).toBe(true);
    await expectCut();
    while (await standing.reaches(stranger)) await sleep(200);
    await host.mustExec(`timeout 60 sh -c 'while [ -e ${TIMER} ]; do sleep 0.2; done'`);
    await expectCut();
  });

  it("stays cut when a person closes the host and opens it again", async () => {
    const { host } = standing;
    await mustAtConsole(host, "close");
    await standing.expectClosed();
    await mustAtConsole(host, "open");
    await expectCut();
  });

  it("stays cut when the host is rebooted", async () => {
    await standing.host.reboot();
    await expectCut();
  });

  it("is forgotten by the next apply that succeeds, and comes back when a later one lists it", async () => {
    const { host, tool, gone } = standing;
    await host.mustExec(`grep -qx ${gone.address} ${MARK}`);
    expect(await tool.dial(AFTER)).toMatchObject({ exitCode: 0 });
    await standing.expectInForce(AFTER);
    await host.mustExec(`test ! -e ${MARK}`);
    expect(await tool.dial(BEFORE)).toMatchObject({ exitCode: 0 });
    expect(await standing.reaches(gone)).toBe(true);
    await standing.expectInForce(BEFORE);
  });
});
