import { type Client, type Host, Lab } from "../../support/lab";
import { describeLab } from "../../support/prepare";
import { PORT, leqiUrl } from "../../support/samples";
import { kindsOf } from "../kinds";
import { LONG_MS, atEveryStep, sshCut } from "./deaths";
import { KILLED, Tool, type Wanted, inside, outside } from "./direct";

const LISTED = "203.0.113.9";
const GUEST = "203.0.113.77";
const WANTED: Wanted = { allow: [LISTED, "49.4.83.185"] };
const WITH_GUEST: Wanted = { allow: [...WANTED.allow, GUEST] };

/** As if the guest's time were over; the timer is kept from being faster than the test. */
const TIME_IS_OVER =
  "systemctl stop lqpt-expire.timer lqpt-expire.service; sed -i 's/ .*/ 1000/' /var/lib/lqpt/temporary";

describeLab.each(kindsOf("trixie"))("lqptctl killed at every step at the console of a %s host", (kind) => {
  let lab: Lab;
  let host: Host;
  let tool: Tool;
  let listed: Client;
  let guest: Client;
  let stranger: Client;
  beforeAll(async () => {
    lab = await Lab.start();
    [host, listed, guest, stranger] = await Promise.all([
      lab.host("proxy-1", { kind, firewalld: "running" }),
      lab.client(LISTED),
      lab.client(GUEST),
      lab.stranger(),
    ]);
    tool = new Tool(host);
    expect(await tool.install()).toMatchObject({ exitCode: 0 });
    expect(await tool.converge(WANTED)).toMatchObject({ exitCode: 0 });
  });
  afterAll(() => lab.stop());

  /** Who may try all the time, and what comes of it. */
  const posts = () => [outside(stranger, host), inside(listed, leqiUrl(host.address))];

  const died = ({ exitCode, all }: { exitCode: number; all: string }): string[] =>
    exitCode === KILLED || exitCode === 0 ? [] : [`ended with ${String(exitCode)}: ${all}`];

  /** What is wrong where a run is to end well. */
  async function well(what: string, run: ReturnType<Tool["at"]>): Promise<string[]> {
    const { exitCode, all } = await run;
    return exitCode === 0 ? [] : [`${what}: ${all}`];
  }

  async function open(who: Client, expected: boolean): Promise<string[]> {
    const seen = await who.connects(host.address, PORT);
    return (seen === "open") === expected ? [] : [`${who.name}: ${seen}`];
  }

  it(
    "of a closing: SSH stays, the next one keeps everybody out, and the next opening converges",
    async () => {
      await atEveryStep(`${kind}, close`, [outside(stranger, host)], 3, async (step) => {
        const first = await tool.at("close", step);
        const wrong = [
          ...died(first),
          ...(await sshCut(host)),
          ...(first.exitCode === 0 ? [] : await well("the next close", tool.at("close"))),
          ...(await open(listed, false)),
          ...(await well("open", tool.at("open"))),
          ...(await tool.deviations(WANTED)),
        ];
        return first.exitCode === 0 && wrong.length === 0 ? undefined : wrong;
      });
    },
    LONG_MS,
  );

  it(
    "of an opening: no stranger gets in, SSH stays, and the next one converges",
    async () => {
      await atEveryStep(`${kind}, open`, [outside(stranger, host)], 8, async (step) => {
        const closed = await well("close", tool.at("close"));
        const first = await tool.at("open", step);
        const wrong = [
          ...closed,
          ...died(first),
          ...(await sshCut(host)),
          ...(first.exitCode === 0 ? [] : await well("the next open", tool.at("open"))),
          ...(await open(listed, true)),
          ...(await tool.deviations(WANTED)),
          ...(await well("the next apply", tool.apply(WANTED))),
        ];
        return first.exitCode === 0 && wrong.length === 0 ? undefined : wrong;
      });
    },
    LONG_MS,
  );

  it(
    "of letting somebody in: nobody else gets in, who is listed is served, and the next apply knows him",
    async () => {
      await atEveryStep(`${kind}, allow`, posts(), 7, async (step) => {
        const first = await tool.at(`allow ${GUEST} --for 1h`, step);
        const wrong = [
          ...died(first),
          ...(await sshCut(host)),
          ...(await well("the next apply", tool.apply(WANTED))),
          ...(await open(guest, true)),
          ...(await tool.deviations(WITH_GUEST)),
        ];
        await host.mustExec(TIME_IS_OVER);
        wrong.push(...(await well("expire", tool.at("expire"))), ...(await open(guest, false)));
        wrong.push(...(await tool.deviations(WANTED)));
        return first.exitCode === 0 && wrong.length === 0 ? undefined : wrong;
      });
    },
    LONG_MS,
  );

  it(
    "of an end of somebody's time: who is listed is served, and the next one, or an apply, takes him out",
    async () => {
      await atEveryStep(`${kind}, expire`, posts(), 7, async (step) => {
        const allowed = await well("allow", tool.at(`allow ${GUEST} --for 1h`));
        await host.mustExec(TIME_IS_OVER);
        const first = await tool.at("expire", step);
        const next = step % 2 === 0 ? tool.at("expire") : tool.apply(WANTED);
        const wrong = [
          ...allowed,
          ...died(first),
          ...(await sshCut(host)),
          ...(await well("the next run", next)),
          ...(await open(guest, false)),
          ...(await tool.deviations(WANTED)),
          ...(await well("the last expire", tool.at("expire"))),
        ];
        const timer = await host.exec("test -e /etc/systemd/system/lqpt-expire.timer");
        if (timer.exitCode === 0) wrong.push("the timer is still there");
        return first.exitCode === 0 && wrong.length === 0 ? undefined : wrong;
      });
    },
    LONG_MS,
  );
});
