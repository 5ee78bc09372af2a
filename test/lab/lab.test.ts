import { networkInterfaces } from "node:os";
import { createServer } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { KINDS } from "../support/hostOptions";
import { Lab } from "../support/lab";
import { assertNothingLeft, leftovers } from "../support/lifetime";
import { describeLab } from "../support/prepare";

jest.setTimeout(180_000);

const LEQI_URL = "https://lqpt.chinatax.gov.cn:8443/access/v2/invoke/202007/CXKYSL";

let lab: Lab;
const inALab = (): void => {
  beforeAll(async () => {
    lab = await Lab.start();
  });
  afterAll(async () => {
    await lab.stop();
    await assertNothingLeft(lab.name);
  });
};

describeLab("a host of the lab", () => {
  inALab();

  it.each(KINDS)("of kind %s boots with sshd and nothing else, firewalld off, no nginx", async (kind) => {
    const host = await lab.host(`fresh-${kind}`, { kind });
    const { stdout: sockets } = await host.exec("ss -ltnupH");
    expect(sockets.split("\n").filter((line) => line !== "" && !line.includes('"sshd"'))).toEqual([]);
    const { stdout } = await host.ssh(
      "systemctl is-enabled firewalld; firewall-cmd --state 2>&1; command -v nginx; uname -n",
    );
    expect(stdout).toBe(`disabled\nnot running\nfresh-${kind}\n`);
  });

  it("of kind old is like CentOS 7 in its shell, locale and firewall", async () => {
    const host = await lab.host("old", { kind: "old", firewalld: "running" });
    const { stdout } = await host.ssh(
      'readlink /bin/sh; echo "$LANG"; firewall-cmd --state; iptables -S INPUT | head -1',
    );
    expect(stdout).toBe("bash\nC\nrunning\n-P INPUT ACCEPT\n");
    expect(await host.readFile("/etc/firewalld/firewalld.conf")).toMatch(/^AllowZoneDrifting=yes$/m);
  });

  it("can be small, have other accounts and another sshd port", async () => {
    const host = await lab.host("odd", {
      cores: 1,
      memoryMiB: 1024,
      sshd: { port: 2222, lines: ["PermitRootLogin no"] },
      users: [{ name: "ops", password: "a password", sudo: "nopasswd" }],
    });
    const { stdout } = await host.ssh(
      "nproc; sudo -n sh -c 'id -un; sed -n s/MemTotal:..//p /proc/meminfo'",
      "ops",
    );
    expect(stdout).toMatch(/^1\nroot\n.*48576 kB\n$/);
    expect((await host.ssh("true")).exitCode).toBe(255);
  });

  it("keeps disk, address and key over a power failure, and loses the rules its kernel held", async () => {
    const host = await lab.host("vm", { firewalld: "running" });
    const client = await lab.client("49.4.83.185");
    const key = host.hostKey();
    await host.write("/root/kept", "kept\n", "600");
    await host.exec("firewall-cmd --add-port=8864/tcp");
    expect(await client.connects(host.address, 8864)).toBe("refused");
    await host.powerOff();
    expect(await client.connects(host.address, 22, 5000)).toBe("unreachable");
    await host.boot();
    expect(await client.connects(host.address, 8864)).toBe("filtered");
    expect([host.hostKey(), await host.readFile("/root/kept")]).toEqual([key, "kept\n"]);
  });

  it("can move to another address, and another machine to the one it had", async () => {
    const host = await lab.host("mover");
    const had = host.address;
    await host.setAddress("10.8.0.5");
    const other = await lab.host("heir", { address: had });
    expect((await host.ssh("uname -n")).stdout).toBe("mover\n");
    expect((await other.ssh("uname -n")).stdout).toBe("heir\n");
  });
});

describeLab("the lab's network", () => {
  inALab();

  it("shows a stranger nothing but what the host's firewall lets through, on IPv4 and IPv6", async () => {
    const host = await lab.host("walled", { firewalld: "running" });
    await host.exec("systemd-run python3 -m http.server --bind :: 8864");
    const stranger = await lab.stranger();
    const tries = await stranger.watch({ address: host.address, port: 8864, perSecond: 100 });
    const ssh = await stranger.watch({ address: host.address, port: 22, perSecond: 50 });
    expect(await stranger.connects(host.address6, 8864)).toBe("filtered");
    await sleep(1000);
    expect(await tries.stop()).toMatchObject({ succeeded: 0, handshakes: 0 });
    const reached = await ssh.stop();
    expect(reached).toMatchObject({ failed: 0 });
    expect(reached.attempts).toBeGreaterThan(40);
  });

  it("has no way out: not to this machine and not beyond", async () => {
    const server = createServer().listen(0, "0.0.0.0");
    await once(server, "listening");
    const { port } = server.address() as { readonly port: number };
    const client = await lab.client("203.0.113.9");
    const addresses = Object.values(networkInterfaces())
      .flatMap((addresses = []) => addresses)
      .filter(({ family, internal }) => family === "IPv4" && !internal)
      .map(({ address }) => address);
    for (const address of [...addresses, "127.0.0.1", "192.0.2.1", "8.8.8.8"]) {
      expect([address, await client.connects(address, port, 1000)]).not.toEqual([address, "open"]);
    }
    expect((await lab.operator.run("ip", ["route", "get", "8.8.8.8"])).exitCode).not.toBe(0);
    server.close();
  });

  it("lets two labs use the same addresses at once", async () => {
    const other = await Lab.start();
    try {
      const [mine, theirs] = await Promise.all([
        lab.host("twin-a", { address: "10.0.0.1" }),
        other.host("twin-b", { address: "10.0.0.1" }),
      ]);
      expect((await mine.ssh("uname -n")).stdout).toBe("twin-a\n");
      expect((await theirs.ssh("uname -n")).stdout).toBe("twin-b\n");
    } finally {
      await other.stop();
    }
  });

  it("has a Leqi that hosts trust, that records who asked and answers as told", async () => {
    const host = await lab.host("caller");
    await lab.leqi.clear();
    const call = `curl -sS -w '%{http_code}' -X POST -H 'access_signature: x' ${LEQI_URL}`;
    expect((await host.exec(call)).stdout).toMatch(/json数据格式不正确.*200$/);
    await lab.leqi.answer(403);
    expect((await host.exec(call)).stdout).toBe("403");
    await lab.leqi.answer("normal");
    expect(await lab.leqi.requests()).toMatchObject([
      { method: "POST", from: host.address, bodyLength: 0, headers: { access_signature: "x" } },
      { path: "/access/v2/invoke/202007/CXKYSL", serverName: "lqpt.chinatax.gov.cn" },
    ]);
  });

  it.each(["bullseye", "bookworm", "trixie"] as const)(
    "has a mirror that serves %s hosts nginx, while it is up",
    async (kind) => {
      const host = await lab.host(`mirrored-${kind}`, { kind });
      await lab.mirror.stop();
      expect((await host.exec("apt-get update --error-on=any")).exitCode).not.toBe(0);
      await lab.mirror.start();
      await host.mustExec("apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install nginx");
      expect(await lab.operator.run("curl", ["-sS", `http://${host.address}/`])).toMatchObject({
        exitCode: 0,
      });
    },
  );
});

describeLab("a lab whose owner is killed", () => {
  it("is taken away by its reaper", async () => {
    const { name, owner } = await ownedByAnother();
    expect((await leftovers(name)).length).toBeGreaterThan(5);
    owner.kill("SIGKILL");
    await expect(gone(name)).resolves.toEqual([]);
  });

  it("is taken away by the next lab where its reaper is dead too", async () => {
    const { name, owner, reaper } = await ownedByAnother();
    process.kill(reaper, "SIGKILL");
    owner.kill("SIGKILL");
    await once(owner, "exit");
    expect((await leftovers(name)).length).toBeGreaterThan(5);
    const next = await Lab.start();
    await next.stop();
    await assertNothingLeft(name);
  });
});

/** A lab with a host in it, in a process of its own. */
async function ownedByAnother() {
  const owner = spawn(process.execPath, ["--import", "tsx", join(__dirname, "fixtures", "owner.ts")], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = (await once(createInterface({ input: owner.stdout }), "line")) as [string];
  return { ...(JSON.parse(line) as { readonly name: string; readonly reaper: number }), owner };
}

async function gone(name: string): Promise<readonly string[]> {
  for (let tries = 0; tries < 300 && (await leftovers(name)).length > 0; tries += 1) {
    await sleep(100);
  }
  return leftovers(name);
}
