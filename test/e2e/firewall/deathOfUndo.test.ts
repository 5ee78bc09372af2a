import { describeLab } from "../../support/prepare";
import { callLeqi } from "../../support/samples";
import { FULL, kindsOf } from "../kinds";
import { LONG_MS, stepByStep, sshCut } from "./deaths";
import { ARMED, KILLED, type Wanted } from "./direct";
import { NGINX_HANGS_ONCE } from "./hands";
import { type ServingByHand, servingByHand } from "./servingByHand";
import { SITE } from "./tool";

const LISTED = "203.0.113.9";
const WANTED: Wanted = { allow: [LISTED, "49.4.83.185"], remove: [SITE] };
/** lqptctl's: failed, and put back. */
const PUT_BACK = 11;
/** The first step that a run is killed at: without `--full` the last of the way back, with firewalld off and its ports still open. */
const FIRST = FULL ? 1 : 8;
/** How many steps there are from there at least, so that a loop that ends at once is no success. */
const LEAST = FULL ? 8 : 1;

describeLab.each(kindsOf("trixie"))("lqptctl killed while it undoes a start of firewalld, on %s", (kind) => {
  let world: ServingByHand;
  beforeAll(async () => {
    world = await servingByHand(kind, LISTED, { sshd: { port: 2222 } });
  });
  afterAll(() => world.lab.stop());

  it(
    "the next boot has sshd on its own port, and the next apply converges",
    async () => {
      const { host, tool, listed, again: byHand } = world;
      await stepByStep(`${kind}, a start undone`, [], LEAST, async (nth) => {
        const step = nth + FIRST - 1;
        await byHand();
        expect((await tool.dial(WANTED)).exitCode).toBe(ARMED);
        await host.mustExec(NGINX_HANGS_ONCE);
        const { exitCode, all } = await tool.dial(WANTED, step);
        const wrong = [KILLED, PUT_BACK].includes(exitCode) ? [] : [all];
        wrong.push(...(await sshCut(host)));
        if (exitCode === PUT_BACK && (await callLeqi(listed, host.address)).outcome !== "answered") {
          wrong.push("what served before does not serve");
        }
        await host.reboot();
        wrong.push(...(await sshCut(host)));
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
