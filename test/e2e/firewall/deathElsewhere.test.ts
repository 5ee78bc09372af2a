import { setTimeout as sleep } from "node:timers/promises";
import { type Client, type Host, Lab } from "../../support/lab";
import { describeLab } from "../../support/prepare";
import { FULL, kindsOf } from "../kinds";
import { PORT } from "../../support/samples";
import { LONG_MS, stepByStep, sshCut } from "./deaths";
import { ARMED, KILLED, Tool, type Wanted, outside } from "./direct";

const WANTED: Wanted = { allow: ["203.0.113.9", "49.4.83.185", "198.51.100.20"] };
const HASTY: Wanted = { ...WANTED, rollbackSeconds: 12 };

/** Where nothing of lqpt's is at work: who filters, who listens, what firewalld would do if it ran. */
const AS_IT_WAS = `
systemctl is-active firewalld; systemctl is-enabled firewalld
firewall-offline-cmd --list-all-zones; firewall-offline-cmd --get-default-zone
ss -ltnH | awk '{ print $4 }' | sort
ls /etc/nginx/conf.d`;

describeLab.each(kindsOf("bookworm"))("lqptctl killed step by step elsewhere, on %s", (kind) => {
  let lab: Lab;
  let host: Host;
  let tool: Tool;
  let stranger: Client;
  beforeAll(async () => {
    lab = await Lab.start();
    [host, stranger] = await Promise.all([lab.host("proxy-1", { kind }), lab.stranger()]);
    tool = new Tool(host);
  });
  afterAll(() => lab.stop());

  const outsideOf = (...ports: readonly number[]) => ports.map((port) => outside(stranger, host, port));

  it(
    "the installation: no port opens meanwhile, and the next one is whole",
    async () => {
      const purge =
        "DEBIAN_FRONTEND=noninteractive apt-get -qy purge 'nginx*' && rm -rf /etc/nginx /var/lib/lqpt /usr/local/sbin/lqptctl";
      await stepByStep(`${kind}, the installation`, outsideOf(PORT, 80), 4, async (step) => {
        await host.mustExec(step === 1 ? "true" : purge, { timeoutMs: 300_000 });
        const { exitCode, all } = await tool.install(step);
        if (exitCode === 0) return undefined;
        const again = await tool.install();
        const whole = await host.exec(
          "/usr/local/sbin/lqptctl version && nginx -t && systemctl is-enabled nginx; ! systemctl is-active nginx",
        );
        return [
          ...(exitCode === KILLED ? [] : [all]),
          ...(await sshCut(host)),
          ...(again.exitCode === 0 ? [] : [`the next one: ${again.all}`]),
          ...(whole.exitCode === 0 && !whole.all.includes("masked") ? [] : [whole.all]),
        ];
      });
    },
    LONG_MS,
  );

  it.each(FULL ? (["waits", "is restarted"] as const) : (["waits"] as const))(
    "the start of firewalld, and then the host %s: it is as it was, SSH stays, and the next apply converges",
    async (then) => {
      const before = await host.exec(AS_IT_WAS);
      await stepByStep(`${kind}, the start`, outsideOf(PORT), 4, async (step) => {
        const first = await tool.dial(HASTY, step);
        if (first.exitCode === ARMED) return undefined;
        const wrong = [...(first.exitCode === KILLED ? [] : [first.all]), ...(await sshCut(host))];
        await (then === "waits" ? asItWas(before.all) : powerCycle());
        // Before it was armed there is no timer; then firewalld does not run, and the next apply clears the note away.
        wrong.push(...(await sshCut(host)), ...differs(before.all, (await host.exec(AS_IT_WAS)).all));
        const again = await tool.converge(WANTED);
        wrong.push(...(again.exitCode === 0 ? [] : [`the next apply: ${again.all}`]));
        wrong.push(...(await tool.deviations(WANTED)), ...(await sshCut(host)));
        await startOver();
        return [...wrong, ...differs(before.all, (await host.exec(AS_IT_WAS)).all)];
      });
      await startOver();
    },
    LONG_MS,
  );

  it(
    "the second dial, which confirms: SSH stays, and the next apply converges",
    async () => {
      await stepByStep(`${kind}, the second dial`, outsideOf(PORT), 8, async (step) => {
        const first = await tool.dial(WANTED);
        const second = await tool.dial(WANTED, step);
        const wrong = [
          ...(first.exitCode === ARMED ? [] : [first.all]),
          ...(await sshCut(host)),
          ...(second.exitCode === 0 ? [] : await convergesAgain()),
        ];
        await startOver();
        return second.exitCode === 0 && wrong.length === 0 ? undefined : wrong;
      });
    },
    LONG_MS,
  );

  // An uninstallation begins with a removal.
  it.each(FULL ? (["remove", "uninstall"] as const) : (["uninstall"] as const))(
    "%s: no stranger gets in, SSH stays, and the next one takes all away",
    async (verb) => {
      await stepByStep(`${kind}, ${verb}`, outsideOf(PORT), verb === "remove" ? 4 : 5, async (step) => {
        const applied = await tool.converge(WANTED);
        const { exitCode } = await tool[verb](step);
        // A tool that is gone is no reason to fail: then a farewell succeeds.
        const present = (await host.exec("test -e /usr/local/sbin/lqptctl")).exitCode === 0;
        const again = exitCode === 0 || !present ? undefined : await tool[verb]();
        const left = await host.exec(
          "firewall-cmd --list-rich-rules; firewall-cmd --permanent --list-rich-rules; ls /etc/nginx/conf.d; ls -d /var/lib/lqpt/document; ss -ltnH | grep ':8864 '",
        );
        const wrong = [
          ...(applied.exitCode === 0 ? [] : [applied.all]),
          ...(again === undefined || again.exitCode === 0 ? [] : [`the next one: ${again.all}`]),
          ...(await sshCut(host)),
          ...(left.stdout.trim() === "" ? [] : [`left behind: ${left.stdout}`]),
        ];
        if (verb === "uninstall") await tool.install();
        return exitCode === 0 && wrong.length === 0 ? undefined : wrong;
      });
    },
    LONG_MS,
  );

  async function convergesAgain(): Promise<string[]> {
    const again = await tool.converge(WANTED);
    return [
      ...(again.exitCode === 0 ? [] : [`the next apply: ${again.all}`]),
      ...(await tool.deviations(WANTED)),
    ];
  }

  /** The host with firewalld off and no document, as after the installation. */
  async function startOver(): Promise<void> {
    await tool.remove();
    await host.mustExec(
      "systemctl stop lqpt-rollback.timer; systemctl disable --now firewalld; rm -rf /var/lib/lqpt/armed /var/lib/lqpt/rolled-back",
    );
  }

  async function asItWas(before: string): Promise<void> {
    const deadline = Date.now() + 60_000;
    while (Date.now() < deadline) {
      const { stdout } = await host.exec("systemctl is-active firewalld lqpt-rollback.timer");
      // A death before the timer was armed leaves its note behind, and firewalld off: there is nothing to wait for.
      if (stdout === "inactive\ninactive\n") return;
      if (stdout.startsWith("inactive") && (await host.exec(AS_IT_WAS)).all === before) return;
      await sleep(1000);
    }
  }

  async function powerCycle(): Promise<void> {
    await host.powerOff();
    await host.boot();
  }
});

function differs(before: string, after: string): string[] {
  return before === after ? [] : [`it was\n${before}\nand is\n${after}`];
}
