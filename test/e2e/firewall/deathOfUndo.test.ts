import { type Client, type Host, Lab } from "../../support/lab";
import { describeLab } from "../../support/prepare";
import { callLeqi } from "../../support/samples";
import { FULL, kindsOf } from "../kinds";
import { aptInstall } from "../packages";
import { LONG_MS, atEveryStep, sshCut } from "./deaths";
import { ARMED, KILLED, Tool, type Wanted } from "./direct";
import { FICKLE, REFUSES_ONE_RELOAD } from "./hands";
import { SITE } from "./tool";
import { CONF } from "./vendorsDocument";

const LISTED = "203.0.113.9";
const WANTED: Wanted = { allow: [LISTED, "49.4.83.185"], remove: [SITE] };
/** lqptctl's: failed, and put back. */
const PUT_BACK = 11;
/** The first step that a run is killed at: without `--full` the last of the way back, with firewalld off and its ports still open. */
const FIRST = FULL ? 1 : 8;
/** How many steps there are from there at least, so that a loop that ends at once is no success. */
const LEAST = FULL ? 8 : 1;

describeLab.each(kindsOf("trixie"))("lqptctl killed while it undoes a start of firewalld, on %s", (kind) => {
  let lab: Lab;
  let host: Host;
  let tool: Tool;
  let listed: Client;
  beforeAll(async () => {
    lab = await Lab.start();
    [host, listed] = await Promise.all([
      lab.host("proxy-1", { kind, sshd: { port: 2222 } }),
      lab.client(LISTED),
    ]);
    tool = new Tool(host);
    await aptInstall(host, "nginx");
    // What the package serves beside, which a start would close.
    await host.mustExec("rm -f /etc/nginx/sites-enabled/default");
    await byHand();
    expect(await tool.install()).toMatchObject({ exitCode: 0 });
  });
  afterAll(() => lab.stop());

  /** Somebody sets the host up, with no firewall. */
  async function byHand(): Promise<void> {
    await host.mustExec(
      `rm -f ${FICKLE}; systemctl disable --now firewalld 2>/dev/null; rm -f /etc/firewalld/zones/*`,
    );
    await host.write(SITE, CONF);
    await host.mustExec("systemctl enable nginx 2>/dev/null; systemctl restart nginx");
  }

  it(
    "the next boot has sshd on its own port, and the next apply converges",
    async () => {
      await atEveryStep(`${kind}, a start undone`, [], LEAST, async (nth) => {
        const step = nth + FIRST - 1;
        await byHand();
        expect((await tool.dial(WANTED)).exitCode).toBe(ARMED);
        await host.write(FICKLE, REFUSES_ONE_RELOAD, "755");
        const { exitCode, all } = await tool.dial(WANTED, step);
        const wrong = [KILLED, PUT_BACK].includes(exitCode) ? [] : [all];
        wrong.push(...(await sshCut(host)));
        if (exitCode === PUT_BACK && (await callLeqi(listed, host.address)).outcome !== "answered") {
          wrong.push("what served before does not serve");
        }
        await host.reboot();
        wrong.push(...(await sshCut(host)));
        await host.mustExec(`rm -f ${FICKLE}`);
        const again = await tool.converge(WANTED);
        if (again.exitCode !== 0) wrong.push(`the next apply: ${again.all}`);
        wrong.push(...(await tool.deviations(WANTED)));
        const removed = await tool.remove();
        if (removed.exitCode !== 0) wrong.push(removed.all);
        return exitCode !== KILLED && wrong.length === 0 ? undefined : wrong;
      });
    },
    LONG_MS,
  );
});
