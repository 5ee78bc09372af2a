import { type Client, type Host, Lab } from "../../support/lab";
import { describeLab } from "../../support/prepare";
import { PORT } from "../../support/samples";
import { kindsOf } from "../kinds";
import { ARMED, Tool, type Wanted, guarded, outside } from "./direct";

const SSHD_PORT = 2222;
const WANTED: Wanted = { allow: ["203.0.113.9"] };

const ZONES =
  "firewall-cmd --list-all-zones; firewall-cmd --permanent --list-all-zones; systemctl is-enabled firewalld ||:; find /etc/firewalld /etc/nginx -type f -exec sha256sum {} + | sort -k 2";

let lab: Lab;
let host: Host;
let tool: Tool;
let stranger: Client;

async function setUp(options: Parameters<Lab["host"]>[1]): Promise<void> {
  lab = await Lab.start();
  [host, stranger] = await Promise.all([
    lab.host("proxy-1", { ...options, sshd: { port: SSHD_PORT } }),
    lab.stranger(),
  ]);
  tool = new Tool(host);
  expect(await tool.install()).toMatchObject({ exitCode: 0 });
}

async function expectSshAfterReboot(): Promise<void> {
  await host.reboot();
  expect(await host.ssh("true")).toMatchObject({ exitCode: 0 });
  expect(await host.mustExec("firewall-cmd --state")).toBe("running\n");
}

describeLab.each(kindsOf("bullseye"))(
  "a %s host whose firewalld runs, is not started at boot, and lets sshd in at run time only",
  (kind) => {
    beforeAll(async () => {
      await setUp({ kind });
      await host.mustExec(
        `systemctl start firewalld && firewall-cmd --state && firewall-cmd --add-port=${String(SSHD_PORT)}/tcp`,
      );
    });
    afterAll(() => lab.stop());

    it("is refused, and nothing is changed: a reboot would lock everybody out", async () => {
      const before = await host.mustExec(ZONES);
      const { exitCode, all } = await tool.dial(WANTED);
      expect([exitCode, all]).toEqual([10, all]);
      expect(all).toContain("E_SSHD");
      expect(all).toContain(`--permanent --zone=public --add-port=${String(SSHD_PORT)}/tcp`);
      expect(await host.mustExec(ZONES)).toBe(before);
      expect(await host.ssh("true")).toMatchObject({ exitCode: 0 });
    });

    it("goes through once sshd's port is open for good, and is reached after a reboot", async () => {
      await host.mustExec(`firewall-cmd --permanent --add-port=${String(SSHD_PORT)}/tcp`);
      const { exitCode, all } = await tool.dial(WANTED);
      expect([exitCode, all]).toEqual([0, all]);
      expect(await tool.deviations(WANTED)).toEqual([]);
      await expectSshAfterReboot();
    });
  },
);

/** systemd listens for sshd, as in Debian's own ssh.socket, on another port. */
const BY_SOCKET = `
mkdir -p /etc/systemd/system/ssh.socket.d
printf '[Socket]\\nListenStream=\\nListenStream=${String(SSHD_PORT)}\\n' >/etc/systemd/system/ssh.socket.d/port.conf
systemctl daemon-reload && systemctl disable -q --now ssh.service && systemctl enable -q --now ssh.socket
until ss -ltnp | grep -q ':${String(SSHD_PORT)} .*systemd'; do sleep 0.1; done`;

describeLab.each(kindsOf("bookworm"))("a %s host whose sshd is started by systemd's socket", (kind) => {
  beforeAll(async () => {
    await setUp({ kind });
    await host.mustExec(BY_SOCKET);
  });
  afterAll(() => lab.stop());

  it("keeps that socket's port at the first start of firewalld, and is reached after a reboot", async () => {
    const wrong = await guarded([outside(stranger, host, PORT)], async () => {
      // By nobody's connection, so that it is systemd that listens and not yet an sshd beside it.
      const first = await tool.apply(WANTED);
      const ssh = await host.ssh("true");
      const second = await tool.dial(WANTED);
      return [first.exitCode, ssh.exitCode, second.exitCode].join() === `${String(ARMED)},0,0`
        ? []
        : [first.all, ssh.all, second.all];
    });
    expect(wrong).toEqual([]);
    expect(await tool.deviations(WANTED)).toEqual([]);
    expect((await host.mustExec("firewall-cmd --permanent --list-ports")).trim()).toBe(`${SSHD_PORT}/tcp`);
    await expectSshAfterReboot();
  });
});
