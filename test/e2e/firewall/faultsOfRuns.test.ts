import { type Client, type Host, Lab } from "../../support/lab";
import { describeLab } from "../../support/prepare";
import { PORT, callLeqi, leqiUrl } from "../../support/samples";
import { until } from "../../support/until";
import { kindsOf } from "../kinds";
import { ARMED, Tool, type Wanted, guarded, inside, outside } from "./direct";

const LISTED = "203.0.113.9";
const OTHERS = ["49.4.83.185", "82.157.180.203"];
const BEFORE: Wanted = { allow: [LISTED, ...OTHERS, "198.51.100.20"] };
const AFTER: Wanted = { allow: [LISTED, ...OTHERS, "198.51.100.21"] };
/** How pgrep finds a run of `lqptctl apply`. */
const APPLIES = "^/bin/sh /usr/local/sbin/lqptctl apply";

let lab: Lab;
let host: Host;
let tool: Tool;
let listed: Client;
let stranger: Client;

async function setUp(options: Parameters<Lab["host"]>[1]): Promise<void> {
  lab = await Lab.start();
  [host, listed, stranger] = await Promise.all([
    lab.host("proxy-1", options),
    lab.client(LISTED),
    lab.stranger(),
  ]);
  tool = new Tool(host);
  expect(await tool.install()).toMatchObject({ exitCode: 0 });
}

const on = async (line: string): Promise<boolean> => (await host.exec(line)).exitCode === 0;

async function expectInForce(wanted: Wanted): Promise<void> {
  expect(await tool.deviations(wanted)).toEqual([]);
  expect(await callLeqi(listed, host.address)).toMatchObject({ status: 200 });
  expect(await stranger.connects(host.address, PORT)).not.toBe("open");
  expect(await host.ssh("true")).toMatchObject({ exitCode: 0 });
}

describeLab.each(kindsOf("trixie"))("a run that is cut off on a %s host that stands", (kind) => {
  beforeAll(() => setUp({ kind, firewalld: "running" }));
  afterAll(() => lab.stop());
  beforeEach(async () => {
    expect(await tool.converge(BEFORE)).toMatchObject({ exitCode: 0 });
  });

  it("by its SSH connection: it ends well by itself", async () => {
    const wrong = await guarded(
      [outside(stranger, host), inside(listed, leqiUrl(host.address))],
      async () => {
        const run = tool.dial(AFTER);
        await until("it has begun", () => on("test -e /var/lib/lqpt/pending"));
        // Of all sshd processes the one of that connection.
        await host.mustExec(`
        at=$(pgrep -o -f '${APPLIES}')
        until [ "$at" = 1 ]; do
          parent=$(awk '/^PPid:/ { print $2 }' /proc/$at/status)
          case $(cat /proc/$at/comm) in sshd*) kill -KILL "$at"; break ;; esac
          at=$parent
        done`);
        const { exitCode } = await run;
        await until("it is done", () => on(`! pgrep -f '${APPLIES}'`));
        return exitCode === 255 ? [] : [`ssh ended with ${String(exitCode)}`];
      },
    );
    expect(wrong).toEqual([]);
    await expectInForce(AFTER);
    expect((await tool.dial(AFTER)).stdout).toContain('"changed":false');
  });

  it("by a power cut: after the boot strangers stay out, and the next apply converges", async () => {
    const wrong = await guarded([outside(stranger, host)], async () => {
      const run = tool.dial(AFTER);
      await until("it has begun", () => on("test -e /var/lib/lqpt/pending"));
      await host.powerOff();
      await run;
      await host.boot();
      await until("nginx is up again", () => on("systemctl is-active nginx"));
      return [];
    });
    expect(wrong).toEqual([]);
    expect(await callLeqi(listed, host.address)).toMatchObject({ status: 200 });
    expect((await tool.dial(AFTER)).all).toContain("cut off in the middle");
    await expectInForce(AFTER);
  });

  it("by another change at the same time: one waits for the other, and the later one holds", async () => {
    const held = tool.apply(AFTER);
    await until("it has begun", () => on("test -e /var/lib/lqpt/pending"));
    // A wait of under two seconds is not told, so the first is held until the second has told of its own.
    const first = (await host.mustExec(`pgrep -o -f '${APPLIES}'`)).trim();
    await host.mustExec(`kill -STOP ${first}`);
    const later = tool.apply({ allow: [...AFTER.allow, "198.51.100.23"] });
    await until("the second waits", () => on("pgrep -f '^flock -w 120 9'"));
    await host.mustExec(`kill -CONT ${first}`);
    expect((await held).exitCode).toBe(0);
    const { exitCode, all } = await later;
    expect({ exitCode, all }).toMatchObject({
      exitCode: 0,
      all: expect.stringContaining("another lqptctl is at work") as string,
    });
    await expectInForce({ allow: [...AFTER.allow, "198.51.100.23"] });
  });

  it("and the admin's own rules stay, byte for byte, through a change and the removal", async () => {
    const own = [
      "--add-port=9100/tcp",
      "--add-service=https",
      `--add-rich-rule=rule family="ipv4" source address="198.51.100.99" port port="9200" protocol="tcp" accept`,
      `--add-rich-rule=rule family="ipv4" source address="198.51.100.98" port port="${String(PORT)}" protocol="tcp" reject`,
    ];
    for (const scope of ["", "--permanent"]) {
      await host.mustExec(own.map((option) => `firewall-cmd ${scope} '${option}'`).join(" && "));
    }
    await host.mustExec(
      "firewall-cmd --permanent --new-zone=theirs; firewall-cmd --permanent --zone=theirs --add-source=10.9.0.0/24 && firewall-cmd --permanent --zone=theirs --add-port=5432/tcp",
    );
    // firewalld itself keeps rules in no order.
    const theirs = async () =>
      (
        await host.mustExec(
          `for scope in --state --permanent; do
            firewall-cmd $(echo $scope | grep permanent) --list-all-zones | awk -v scope=$scope '/^[^ ]/ { zone = $1 } { print scope, zone, $0 }'
          done | sort; find /etc/firewalld -type f ! -name '*.old' ! -name public.xml -exec sha256sum {} + | sort -k 2`,
        )
      )
        .split("\n")
        .filter((line) => !line.includes(`port="${String(PORT)}" protocol="tcp" accept`))
        .join("\n");
    const before = await theirs();
    expect(await tool.dial(AFTER)).toMatchObject({ exitCode: 0 });
    expect(await theirs()).toBe(before);
    expect(await tool.remove()).toMatchObject({ exitCode: 0 });
    expect(await theirs()).toBe(before);
    expect(await host.mustExec("firewall-cmd --permanent --list-rich-rules")).not.toMatch(/8864.*accept/);
  });
});

describeLab.each(kindsOf("bookworm"))("a start of firewalld on %s, sshd on port 2222,", (kind) => {
  beforeAll(() => setUp({ kind, sshd: { port: 2222 } }));
  afterAll(() => lab.stop());
  afterEach(async () => {
    await tool.remove();
    await host.mustExec(
      "systemctl stop lqpt-rollback.timer; systemctl disable --now firewalld; rm -rf /var/lib/lqpt/armed",
    );
  });

  it("keeps that port open, and the second dial confirms it", async () => {
    const wrong = await guarded([outside(stranger, host)], async () => {
      const first = await tool.dial(AFTER);
      const ssh = await host.ssh("true");
      const second = await tool.dial(AFTER);
      return [first.exitCode, ssh.exitCode, second.exitCode].join() === `${String(ARMED)},0,0`
        ? []
        : [first.all, ssh.all, second.all];
    });
    expect(wrong).toEqual([]);
    await expectInForce(AFTER);
  });

  it("and a power cut before it is confirmed: the host is as it was, and the next apply converges", async () => {
    const wrong = await guarded([outside(stranger, host)], async () => {
      expect(await tool.dial(AFTER)).toMatchObject({ exitCode: ARMED });
      await host.powerOff();
      await host.boot();
      return (await on("systemctl is-active firewalld")) ? ["firewalld runs"] : [];
    });
    expect(wrong).toEqual([]);
    expect(await host.ssh("true")).toMatchObject({ exitCode: 0 });
    const again = await tool.converge(AFTER);
    expect(again).toMatchObject({ exitCode: 0 });
    await expectInForce(AFTER);
  });

  it("and all that it had noted damaged: it is put back, told, and begun again", async () => {
    const wrong = await guarded([outside(stranger, host)], async () => {
      expect(await tool.dial(AFTER)).toMatchObject({ exitCode: ARMED });
      await host.mustExec("find /var/lib/lqpt/armed -type f -exec truncate -s 0 {} +");
      const again = await tool.dial(AFTER);
      const ssh = await host.ssh("true");
      return again.exitCode === ARMED &&
        again.all.includes("firewalld was started and not kept") &&
        ssh.exitCode === 0
        ? []
        : [again.all, ssh.all];
    });
    expect(wrong).toEqual([]);
    expect(await tool.dial(AFTER)).toMatchObject({ exitCode: 0 });
    await expectInForce(AFTER);
  });
});
