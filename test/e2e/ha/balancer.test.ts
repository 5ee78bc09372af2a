import type { Client, Host } from "../../support/lab";
import { describeLab } from "../../support/prepare";
import { ADDRESSES, callLeqi, leqiUrl, PORT, sampleValues } from "../../support/samples";
import { nft } from "../../support/nft";
import { until } from "../../support/until";
import { kindsOf } from "../kinds";
import { makeWorld, must, type World } from "../world";
import { Balancer } from "./balancer";
import { SPOILS } from "./spoils";

const BALANCER = "10.8.0.5";
const CHECKS = "10.8.0.9";
const LIST = {
  [ADDRESSES.listed]: "ACME back office",
  [BALANCER]: { owner: "ACME HAProxy", kind: "frontend", filteredBy: "ACME network team" },
  [CHECKS]: { owner: "ACME monitoring", kind: "healthcheck" },
};
/** The timer's five seconds, the second that it may be late by, the look itself, on a busy machine. */
const SOON_MS = 12_000;

describeLab.each(kindsOf("bookworm"))("a pair of %s hosts behind a load balancer", (kind) => {
  let world: World;
  let second: Host;
  let checks: Client;
  let balancer: Balancer;
  beforeAll(async () => {
    world = await makeWorld({ kind, firewalld: "running" });
    const { lab, host, stack } = world;
    second = await lab.host("proxy-2", { kind, firewalld: "running" });
    checks = await lab.client(CHECKS);
    await stack.setSecrets({ "proxy-2.privateKey": lab.operatorKey });
    stack.change({ hosts: sampleValues(host, second).hosts, allow: LIST });
    balancer = await Balancer.start(lab, BALANCER, [host, second]);
    await must(stack.up());
  });
  afterAll(async () => {
    await balancer.stop();
    await world.stop();
  });

  const asks = async (client: Client, host: Host, options = {}) =>
    client.post(`http://${host.address}:${PORT}/lqpt-health`, { method: "GET", ...options });
  const healthOf = async (host: Host) =>
    (JSON.parse(await host.mustExec("lqptctl status")) as { health: { healthy: boolean; why: string[] } })
      .health;

  it("is told to be healthy, to the load balancer, to health checks and to the host itself", async () => {
    for (const host of [world.host, second]) {
      for (const client of [balancer.client, checks]) {
        expect(await asks(client, host)).toMatchObject({ status: 200, body: "healthy\n" });
        expect(await asks(client, host, { method: "HEAD" })).toMatchObject({ status: 200 });
      }
      const own = await host.mustExec(`curl -sS http://127.0.0.1:${PORT}/lqpt-health`);
      expect(own).toBe("healthy\n");
      expect(await healthOf(host)).toMatchObject({ healthy: true, why: [] });
    }
    await balancer.untilItFinds(world.host, second);
  });

  it("gives a health check not one byte of anything else, and the health to nobody else", async () => {
    const { host, listed, stranger, lab } = world;
    await lab.leqi.clear();
    expect((await callLeqi(checks, host.address)).status).toBeUndefined();
    for (const path of ["/", "/LQPT-HEALTH", "/lqpt-health/", "/access/lqpt-health", "/access/../x"]) {
      for (const method of ["GET", "POST"]) {
        const { status } = await checks.post(`http://${host.address}:${PORT}${path}`, { method });
        expect({ path, method, status }).toEqual({ path, method, status: undefined });
      }
    }
    expect((await asks(checks, host, { method: "POST" })).status).toBeUndefined();
    expect((await asks(listed, host)).status).toBeUndefined();
    expect(await stranger.connects(host.address, PORT)).not.toBe("open");
    // Whom the load balancer's own list has not, it does not let through either.
    expect((await callLeqi(stranger, balancer.address)).status).toBeUndefined();
    expect(await lab.leqi.requests()).toEqual([]);
    expect(await callLeqi(listed, host.address)).toMatchObject({ status: 200 });
    expect(await callLeqi(balancer.client, host.address)).toMatchObject({ status: 200 });
  });

  it.each(SPOILS)(
    "where %s is told to be unfit, by HTTP and by TCP, and fit again once that is mended",
    async (what, hand) => {
      const { host, stranger } = world;
      const watch = await stranger.watch({ address: host.address, port: PORT, perSecond: 20 });
      const began = Date.now();
      await host.mustExec(hand.inject);
      await until("nobody is told that it is healthy", async () => {
        const [byHttp, byTcp] = [
          await asks(balancer.client, host),
          await checks.connects(host.address, PORT),
        ];
        return byHttp.status !== 200 && byTcp !== "open";
      });
      const unfit = Date.now() - began;
      let why: readonly string[] = [];
      await until("the host says why", async () => (why = (await healthOf(host)).why).length > 0);
      const mended = Date.now();
      await host.mustExec(hand.mend);
      await until("it is told to be healthy again", async () => {
        const answers = [await asks(balancer.client, host), await asks(checks, host)];
        return answers.every(({ status }) => status === 200);
      });
      const fit = Date.now() - mended;
      const { handshakes, attempts } = await watch.stop();
      console.log(
        `${kind}, ${what}: unfit after ${unfit} ms, fit ${fit} ms after it was mended; a stranger's attempts ${attempts}, handshakes ${handshakes}; told: ${why.join("; ")}`,
      );
      expect(unfit).toBeLessThan(SOON_MS);
      // Without firewalld anybody shakes hands, and nginx says nothing to him.
      if (!hand.inject.includes("stop firewalld")) expect(handshakes).toBe(0);
    },
  );

  it("is told to be unfit where a look fails or hangs, and fit once it can look again", async () => {
    const { host } = world;
    const tool = "/usr/local/sbin/lqptctl";
    const hangs = "/usr/local/sbin/nft";
    for (const { inject, mend } of [
      { inject: `mv ${tool} /root/`, mend: `mv /root/lqptctl ${tool}` },
      { inject: `printf '#!/bin/sh\nsleep 300\n' >${hangs} && chmod 755 ${hangs}`, mend: `rm ${hangs}` },
    ]) {
      const began = Date.now();
      await host.mustExec(inject);
      await until(
        "nobody is told that it is healthy",
        async () => (await asks(balancer.client, host)).status === 503,
      );
      console.log(`${kind}, a look cannot be had: unfit after ${Date.now() - began} ms`);
      await host.mustExec(mend);
      await until("it is healthy again", async () => (await asks(checks, host)).status === 200);
    }
  });

  it("does not cost the host much to look at itself", async () => {
    const { host } = world;
    const times = async (what: string): Promise<number[]> => {
      const said = await host.mustExec(`for n in 1 2 3 4 5 6 7 8 9 10; do ${what} >/dev/null; done; times`);
      const words = said.trim().split("\n").at(-1)?.split(" ") ?? [];
      return words.map((word) => (Number(/m([\d.]+)s/.exec(word)?.[1]) * 1000) / 10);
    };
    const [whole, kernel] = [await times("lqptctl health"), await times(nft("list ruleset"))];
    console.log(
      `${kind}, one look at its health, milliseconds of CPU (user, system): ${whole.join(", ")}; of these for the kernel's rules by Python: ${kernel.join(", ")}`,
    );
    expect((whole[0] ?? NaN) + (whole[1] ?? NaN)).toBeLessThan(500);
  });

  const TRY = "x-lqpt-try";
  /** 50 requests a second by HAProxy while something happens; no request may arrive at Leqi twice. How many failed. */
  const meanwhile = async (
    what: string,
    act: () => Promise<unknown>,
    fit: readonly Host[] = [world.host, second],
  ): Promise<number> => {
    const { lab, listed, stranger } = world;
    await balancer.untilItFinds(...fit);
    await lab.leqi.clear();
    const outside = await stranger.watch({ address: second.address, port: PORT, perSecond: 20 });
    const watch = await listed.watch({
      ...{ url: leqiUrl(balancer.address), perSecond: 50, timeoutMs: 5000, numbered: TRY },
      ...{ headers: { "Content-Type": "application/json" }, body: "{}" },
    });
    let figures;
    try {
      await act();
    } finally {
      figures = { inside: await watch.stop(), outside: await outside.stop() };
    }
    const { attempts, failed, longestGapMs, outcomes } = figures.inside;
    const tries = (await lab.leqi.requests()).map(({ headers }) => headers[TRY]);
    const twice = tries.length - new Set(tries).size;
    console.log(
      `${kind}, ${what}: requests ${attempts}, failed ${failed}, longest gap ${longestGapMs} ms, twice at Leqi ${twice}; ${JSON.stringify(outcomes)}`,
    );
    expect({ twice, handshakes: figures.outside.handshakes }).toEqual({ twice: 0, handshakes: 0 });
    expect(longestGapMs).toBeLessThan(5000);
    expect(attempts).toBeGreaterThan(50);
    // A gap is the time without one success: were every second call lost, there would be none.
    expect(failed).toBeLessThan(attempts / 10);
    return failed;
  };

  it("goes on where nginx is killed on one, and where it comes back", async () => {
    const { host } = world;
    await meanwhile("nginx is killed on one", async () => {
      await host.mustExec("systemctl kill -s KILL nginx");
      await balancer.untilItFinds(second);
      await host.mustExec("systemctl start nginx");
      await balancer.untilItFinds(host, second);
    });
  });

  it("goes on where one is powered off, and fails nobody when it comes back", async () => {
    const { host } = world;
    await meanwhile("one is powered off", async () => {
      await host.powerOff();
      await balancer.untilItFinds(second);
    });
    const comesBack = async (): Promise<void> => {
      await host.boot();
      await balancer.untilItFinds(host, second);
    };
    expect(await meanwhile("it comes back", comesBack, [second])).toBe(0);
  });

  it("fails nobody where the list is changed", async () => {
    const { stack } = world;
    stack.change({ allow: { ...LIST, "203.0.113.55": "ACME second site" } });
    expect(await meanwhile("the list is changed", () => must(stack.up()))).toBe(0);
    stack.change({ allow: LIST });
    expect(await meanwhile("it is changed back", () => must(stack.up()))).toBe(0);
  });

  it("speaks the PROXY protocol where that is written, believes it in nothing and logs what it says", async () => {
    const { stack, host, listed, lab } = world;
    const speaking = await Balancer.start(lab, "10.8.0.6", [host, second], "ssl verify none send-proxy");
    stack.change({
      listen: { tls: "self-signed", proxyProtocol: true },
      allow: { ...LIST, "10.8.0.6": LIST[BALANCER] },
    });
    await must(stack.up());
    await speaking.untilItFinds(host, second);
    // The host itself need not speak it, nor does what it looks at the certificate with.
    expect(await host.mustExec(`curl -skS https://127.0.0.1:${PORT}/lqpt-health`)).toBe("healthy\n");
    expect(JSON.parse(await host.mustExec("lqptctl status"))).toMatchObject({ equal: true, deviations: [] });
    const silent = await listed.post(leqiUrl(host.address).replace("http:", "https:"));
    expect(silent.status).toBeUndefined();
    expect(await callLeqi(listed, speaking.address)).toMatchObject({ status: 200 });
    const logs = await Promise.all(
      [host, second].map((one) => one.mustExec("tail -n 5 /var/log/nginx/lqpt/access.log")),
    );
    const line =
      logs
        .join("")
        .split("\n")
        .find((one) => one.includes('"peer":"10.8.0.6","status":200')) ?? "";
    expect(JSON.parse(line)).toMatchObject({ peer: "10.8.0.6", told_peer: ADDRESSES.listed });
    await speaking.stop();
  });

  it("leaves nothing of it where nobody may ask any more", async () => {
    const { stack, host } = world;
    stack.change({
      listen: { tls: "none" },
      allow: { [ADDRESSES.listed]: "ACME back office" },
      remove: { [BALANCER]: "gone", [CHECKS]: "gone", "10.8.0.6": "gone" },
    });
    await must(stack.up());
    expect(await host.exec("ls /run/lqpt /etc/systemd/system/lqpt-health*")).toMatchObject({ stdout: "" });
    const health = JSON.parse(await host.mustExec("lqptctl status")) as { health: unknown };
    expect(health.health).toBeNull();
  });
});
