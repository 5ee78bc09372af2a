import { type Client, type Host, Lab } from "../../support/lab";
import { describeLab } from "../../support/prepare";
import { PORT, leqiUrl } from "../../support/samples";
import { kindsOf } from "../kinds";
import { LONG_MS, stepByStep, sshCut } from "./deaths";
import { KILLED, Tool, type Wanted, inside, outside } from "./direct";

const LISTED = "203.0.113.9";
const GUEST = "203.0.113.77";
const WANTED: Wanted = { allow: [LISTED, "49.4.83.185"] };
const WITH_GUEST: Wanted = { allow: [...WANTED.allow, GUEST] };

/** As if the guest's time were over; the timer is kept from being faster than the test. */
const TIME_IS_OVER =
  "systemctl stop lqpt-expire.timer lqpt-expire.service; sed -i 's/ .*/ 1000/' /var/lib/lqpt/temporary";

describeLab.each(kindsOf("trixie"))("lqptctl killed step by step at the console of a %s host", (kind) => {
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
    "of a closing and of the opening after it: SSH stays, no stranger gets in, and the next one of each does it",
    async () => {
      await stepByStep(`${kind}, close and open`, [outside(stranger, host)], 8, async (step) => {
        const closing = await tool.at("close", step);
        const wrong = [
          ...died(closing),
          ...(await sshCut(host)),
          ...(closing.exitCode === 0 ? [] : await well("the next close", tool.at("close"))),
          ...(await open(listed, false)),
        ];
        const opening = await tool.at("open", step);
        wrong.push(
          ...died(opening),
          ...(await sshCut(host)),
          ...(opening.exitCode === 0 ? [] : await well("the next open", tool.at("open"))),
          ...(await open(listed, true)),
          ...(await tool.deviations(WANTED)),
          ...(await well("the next apply", tool.apply(WANTED))),
        );
        return bothEnded(closing, opening) && wrong.length === 0 ? undefined : wrong;
      });
    },
    LONG_MS,
  );

  it(
    "of letting somebody in and of the end of his time: nobody else gets in, who is listed is served, and the next run does it",
    async () => {
      await stepByStep(`${kind}, allow and expire`, posts(), 7, async (step) => {
        const allowing = await tool.at(`allow ${GUEST} --for 1h`, step);
        const wrong = [
          ...died(allowing),
          ...(await sshCut(host)),
          ...(await well("the next apply", tool.apply(WANTED))),
          ...(await open(guest, true)),
          ...(await tool.deviations(WITH_GUEST)),
        ];
        await host.mustExec(TIME_IS_OVER);
        const expiring = await tool.at("expire", step);
        const next = step % 2 === 0 ? tool.at("expire") : tool.apply(WANTED);
        wrong.push(
          ...died(expiring),
          ...(await sshCut(host)),
          ...(await well("the next run", next)),
          ...(await open(guest, false)),
          ...(await tool.deviations(WANTED)),
          ...(await well("the last expire", tool.at("expire"))),
        );
        const timer = await host.exec("test -e /etc/systemd/system/lqpt-expire.timer");
        if (timer.exitCode === 0) wrong.push("the timer is still there");
        return bothEnded(allowing, expiring) && wrong.length === 0 ? undefined : wrong;
      });
    },
    LONG_MS,
  );
});

/** Whether both came to their end before the step at which they were to die. */
function bothEnded(...runs: readonly { readonly exitCode: number }[]): boolean {
  return runs.every(({ exitCode }) => exitCode === 0);
}
