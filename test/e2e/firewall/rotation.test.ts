import { setTimeout as sleep } from "node:timers/promises";
import { describeLab } from "../../support/prepare";
import { callLeqi, leqiUrl } from "../../support/samples";
import { kindsOf } from "../kinds";
import { BEFORE, Standing } from "./standing";
import { status } from "./tool";

const LOG = "/var/log/nginx/lqpt/access.log";
const ROTATE = "logrotate -f /etc/logrotate.d/lqpt";
/** Of two lines of the log, or of two machines that look at one clock. */
const NEAR_MS = 5000;

describeLab.each(kindsOf("bookworm"))("the access log of a %s host that is rotated", (kind) => {
  let standing: Standing;
  beforeAll(async () => {
    standing = await Standing.start(kind);
    expect(await standing.tool.converge(BEFORE)).toMatchObject({ exitCode: 0 });
  });
  afterAll(() => standing.stop());

  const linesOf = async (file: string): Promise<number> =>
    Number(await standing.host.mustExec(`grep -c '"peer":"${standing.listed.address}"' ${file} || true`));

  const seen = async () =>
    (await status(standing.host)).whitelist.find(({ source }) => source === standing.listed.address);

  it("goes on in a new file, in which the next call is", async () => {
    const { host, listed } = standing;
    expect(await callLeqi(listed, host.address)).toMatchObject({ outcome: "answered" });
    expect(await linesOf(LOG)).toBe(1);
    const first = (await seen())?.firstSeen;
    await host.mustExec(ROTATE);
    expect(await linesOf(LOG)).toBe(0);
    expect(await linesOf(`${LOG}.1`)).toBe(1);
    // So that first and last differ in their second.
    await sleep(1100);
    const before = Date.now();
    expect(await callLeqi(listed, host.address)).toMatchObject({ outcome: "answered" });
    expect(await linesOf(LOG)).toBe(1);
    const now = await seen();
    expect(now).toMatchObject({ firstSeen: first, requests: 2 });
    expect(now?.lastSeen).not.toBe(first);
    expect(Math.abs(Date.parse(now?.lastSeen ?? "") - before)).toBeLessThan(NEAR_MS);
    expect((await host.mustExec(`stat -c '%a %U' ${LOG}`)).trim()).toMatch(/^640 /);
  });

  it("loses no line of those who call meanwhile, compressed ones included", async () => {
    const { host, listed } = standing;
    const known = (await seen())?.requests ?? 0;
    const watch = await listed.watch({ url: leqiUrl(host.address), perSecond: 50, timeoutMs: 20_000 });
    for (let rotation = 0; rotation < 3; rotation += 1) {
      await sleep(500);
      await host.mustExec(ROTATE);
    }
    const { attempts, failed } = await watch.stop();
    expect(failed).toBe(0);
    expect(attempts).toBeGreaterThan(50);
    await host.mustExec(`test -s ${LOG}.2.gz`);
    expect((await seen())?.requests).toBe(known + attempts);
  });
});
