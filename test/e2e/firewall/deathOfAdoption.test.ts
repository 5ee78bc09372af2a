import { type Client, type Host, Lab } from "../../support/lab";
import { describeLab } from "../../support/prepare";
import { PORT, callLeqi, leqiUrl } from "../../support/samples";
import { FULL, kindsOf } from "../kinds";
import { aptInstall } from "../packages";
import { LONG_MS, stepByStep, sshCut } from "./deaths";
import { ARMED, KILLED, Tool, type Wanted, guarded, inside, outside, ruleOf } from "./direct";
import { type ServingByHand, servingByHand } from "./servingByHand";
import { SITE } from "./tool";
import { CONF } from "./vendorsDocument";

const LISTED = "203.0.113.9";
const FOREIGN = "198.51.100.20";
const BY_HAND = [LISTED, "49.4.83.185", FOREIGN];
const WANTED: Wanted = { allow: [LISTED, "49.4.83.185"], remove: [FOREIGN, SITE] };
/** The same where nobody is let in by a rule. */
const NAMED: Wanted = { allow: WANTED.allow, remove: [SITE] };

const RULES = BY_HAND.map((source) => `--add-rich-rule='${ruleOf(source)}'`).join(" ");

describeLab.each(kindsOf("bookworm"))("lqptctl killed step by step in an adoption on %s", (kind) => {
  let lab: Lab;
  let host: Host;
  let tool: Tool;
  let listed: Client;
  let foreign: Client;
  let stranger: Client;
  beforeAll(async () => {
    lab = await Lab.start();
    [host, listed, foreign, stranger] = await Promise.all([
      lab.host("proxy-1", { kind, firewalld: "running" }),
      lab.client(LISTED),
      lab.client(FOREIGN),
      lab.stranger(),
    ]);
    tool = new Tool(host);
    await aptInstall(host, "nginx");
    expect(await tool.install()).toMatchObject({ exitCode: 0 });
  });
  afterAll(() => lab.stop());

  /** Somebody sets the host up. */
  async function byHand(): Promise<string[]> {
    await host.write(SITE, CONF);
    await host.mustExec(
      `firewall-cmd -q ${RULES} && firewall-cmd -q --permanent ${RULES} && systemctl restart nginx`,
    );
    return (await foreign.connects(host.address, PORT)) === "open" ? [] : ["it was not open by hand"];
  }

  it(
    "no stranger gets in, SSH stays, who is listed is served all the time, and the next apply converges",
    async () => {
      await stepByStep(`${kind}, an adoption`, [outside(stranger, host)], 9, async (step) => {
        const wrong = await byHand();
        const ends: number[] = [];
        const served = await guarded([inside(listed, leqiUrl(host.address))], async () => {
          const first = await tool.apply(WANTED, step);
          ends.push(first.exitCode);
          const { outcome } = await callLeqi(listed, host.address);
          const ssh = await sshCut(host);
          const again = await tool.apply(WANTED);
          return [
            ...([KILLED, 0].includes(first.exitCode) ? [] : [first.all]),
            ...(outcome === "answered" ? [] : [`after the death the listed client is ${outcome}`]),
            ...ssh,
            ...(again.exitCode === 0 ? [] : [`the next apply: ${again.all}`]),
          ];
        });
        wrong.push(...served, ...(await tool.deviations(WANTED)));
        if ((await foreign.connects(host.address, PORT)) === "open") wrong.push("the foreign source gets in");
        if (!(await host.readFile(SITE)).includes("Managed by lqpt")) wrong.push("the site is still theirs");
        const removed = await tool.remove();
        if (removed.exitCode !== 0) wrong.push(removed.all);
        return !ends.includes(KILLED) && wrong.length === 0 ? undefined : wrong;
      });
    },
    LONG_MS,
  );
});

// Longer than `npm test` has time for: its steps are those of a start and those of an adoption.
if (FULL) {
  describeLab.each(kindsOf("trixie"))(
    "lqptctl killed step by step in an adoption that starts firewalld, on %s",
    (kind) => {
      let world: ServingByHand;
      beforeAll(async () => {
        world = await servingByHand(kind, LISTED);
      });
      afterAll(() => world.lab.stop());

      it(
        "SSH stays, who is listed is served all the time, a rollback serves him too, and the next apply converges",
        async () => {
          const { host, tool, listed, again: byHand } = world;
          let stepsOfStart = 0;
          await stepByStep(`${kind}, an adoption that starts firewalld`, [], 12, async (step) => {
            await byHand();
            const ends: number[] = [];
            const wrong = await guarded([inside(listed, leqiUrl(host.address))], async () => {
              let run = await tool.dial(NAMED, step);
              if (run.exitCode === KILLED) stepsOfStart = step;
              if (run.exitCode === ARMED) run = await tool.dial(NAMED, step - stepsOfStart);
              ends.push(run.exitCode);
              const first = await callLeqi(listed, host.address);
              const ssh = await sshCut(host);
              // Half of the deaths are found by the timer, half by the next run.
              const back = step % 2 === 0 ? await tool.at("rollback") : undefined;
              const second = await callLeqi(listed, host.address);
              const again = await tool.converge(NAMED);
              return [
                ...([KILLED, 0].includes(run.exitCode) ? [] : [run.all]),
                ...([first, second].every(({ outcome }) => outcome === "answered")
                  ? []
                  : ["the listed client is not served"]),
                ...ssh,
                ...(back === undefined || back.exitCode === 0 ? [] : [`the rollback: ${back.all}`]),
                ...(again.exitCode === 0 ? [] : [`the next apply: ${again.all}`]),
              ];
            });
            wrong.push(...(await tool.deviations(NAMED)));
            if (!(await host.readFile(SITE)).includes("Managed by lqpt"))
              wrong.push("the site is still theirs");
            const removed = await tool.remove();
            if (removed.exitCode !== 0) wrong.push(removed.all);
            return !ends.includes(KILLED) && wrong.length === 0 ? undefined : wrong;
          });
        },
        LONG_MS,
      );
    },
  );
}
