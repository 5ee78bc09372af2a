import { createHash, randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { describeLab } from "../../support/prepare";
import type { Host } from "../../support/lab";
import { LEQI_ANSWER, leqiUrl } from "../../support/samples";
import { kindsOf } from "../kinds";
import { makeWorld, must, type World } from "../world";

const MIB = 1024 * 1024;
const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

/** What a back end sends, names as it writes them; some of them nginx would drop or rewrite by itself. */
const HEADERS = {
  "Content-Type": "text/plain",
  fwbm: "CXKYSL",
  nlbm: "202007",
  jrdwptbh: "ACME0001",
  sydwptbh: "ACME0001",
  access_signature: "q+w/e=r",
  sxcsbz: "",
  "Accept-Encoding": "gzip",
  "X-Unknown": 'a, b;c="d"',
};

/** By which proxies tell of others: none of them reaches Leqi. */
const TOLD = {
  "X-Forwarded-For": "10.0.0.1",
  "X-Forwarded-Proto": "http",
  "X-Forwarded-Host": "inside.example",
  "X-Real-IP": "10.0.0.1",
  Forwarded: "for=10.0.0.1",
  Via: "1.1 inside",
};

describeLab.each(kindsOf("bullseye", "trixie"))("a call through a %s host", (kind) => {
  let world: World;
  beforeAll(async () => {
    world = await makeWorld({ kind });
    await must(world.stack.up());
  });
  afterAll(() => world.stop());
  beforeEach(async () => {
    await world.lab.leqi.answer("normal");
    await world.lab.leqi.clear();
  });

  it("reaches Leqi with its headers as they were sent, at the right name, and tells of nobody else", async () => {
    const { lab, host, listed } = world;
    await listed.post(leqiUrl(host.address), { headers: { ...HEADERS, ...TOLD }, body: "c2VjcmV0" });
    const [received] = await lab.leqi.requests();
    expect(received).toMatchObject({
      ...{ method: "POST", path: "/access/v2/invoke/202007/CXKYSL", serverName: "lqpt.chinatax.gov.cn" },
      ...{ from: host.address, bodyLength: 8 },
    });
    const { headers } = received ?? {};
    for (const [name, value] of Object.entries(HEADERS)) {
      expect({ name, value: headers?.[name.toLowerCase()] }).toEqual({ name, value });
    }
    for (const name of Object.keys(TOLD)) {
      expect(headers).not.toHaveProperty([name.toLowerCase()]);
    }
    expect(headers).toMatchObject({ host: "lqpt.chinatax.gov.cn:8443" });
  });

  it("keeps its query and its path as they were written", async () => {
    const { lab, host, listed } = world;
    await listed.post(`http://${host.address}:8864/access/v2//a%2Fb/%E5%8F%91?x=1&y=%20`);
    expect((await lab.leqi.requests()).map(({ path }) => path)).toEqual([
      "/access/v2//a%2Fb/%E5%8F%91?x=1&y=%20",
    ]);
  });

  it.each([
    ["binary", randomBytes(3 * MIB)],
    ["compressed", gzipSync(randomBytes(MIB))],
    ["20 MiB long", randomBytes(20 * MIB)],
  ])("has its body untouched where that is %s, and nothing of it is on the host's disk", async (_, body) => {
    const { lab, host, listed } = world;
    await host.mustExec("touch /run/before");
    const { status } = await listed.post(leqiUrl(host.address), {
      bodyBase64: body.toString("base64"),
      timeoutMs: 60_000,
    });
    expect(status).toBe(200);
    expect(await lab.leqi.requests()).toMatchObject([{ bodySha256: sha256(body), bodyLength: body.length }]);
    expect(await writtenSince(host)).toEqual([]);
  });

  it("has a compressed answer of several MiB back untouched, and nothing of it is on the host's disk", async () => {
    const { lab, host, listed } = world;
    const body = gzipSync(randomBytes(6 * MIB));
    await lab.leqi.answer(200, {
      headers: {
        "Content-Encoding": "gzip",
        "Content-Type": "application/octet-stream",
        X_under_score: "kept",
      },
      bodyBase64: body.toString("base64"),
    });
    await host.mustExec("touch /run/before");
    const { headers, bodySha256 } = await listed.post(leqiUrl(host.address), { timeoutMs: 60_000 });
    expect(bodySha256).toBe(sha256(body));
    expect(headers).toMatchObject({ "content-encoding": "gzip", x_under_score: "kept" });
    expect(await writtenSince(host)).toEqual([]);
  });

  it("is refused with 413 where its body is longer than the limit, before Leqi sees it", async () => {
    const { lab, host, listed } = world;
    const body = randomBytes(20 * MIB + 1).toString("base64");
    const reply = await listed.post(leqiUrl(host.address), { bodyBase64: body, timeoutMs: 60_000 });
    expect(reply.status === 413 || reply.outcome === "reset").toBe(true);
    expect(await lab.leqi.requests()).toEqual([]);
  });

  it("is delivered once and answered with 502 where Leqi cuts the connection after it has read it", async () => {
    const { lab, host, listed } = world;
    await lab.leqi.answer("reset");
    for (let call = 1; call <= 5; call += 1) {
      expect((await listed.post(leqiUrl(host.address), { body: `call ${String(call)}` })).status).toBe(502);
    }
    expect((await lab.leqi.requests()).length).toBe(5);
  });

  it("goes through whatever Leqi does with connections that wait", async () => {
    const { lab, host, listed } = world;
    for (let call = 1; call <= 20; call += 1) {
      expect(await listed.post(leqiUrl(host.address))).toMatchObject({ status: LEQI_ANSWER.status });
      await lab.leqi.closeIdle();
    }
    expect((await lab.leqi.requests()).length).toBe(20);
  });

  it("uses a connection to Leqi again", async () => {
    const { lab, host, listed } = world;
    for (let call = 1; call <= 50; call += 1) {
      expect((await listed.post(leqiUrl(host.address))).status).toBe(200);
    }
    // Each of nginx's workers has connections of its own.
    expect(await lab.leqi.connections()).toBeLessThan(8);
  });

  it("is never sent to a connection that Leqi is just closing, for nginx closes it first", async () => {
    const { host, listed } = world;
    expect((await listed.post(leqiUrl(host.address))).status).toBe(200);
    const connected = "ss -Htn state established dport = :8443";
    expect(await host.mustExec(connected)).not.toBe("");
    // The Leqi of the lab closes what has been idle for 5 s.
    await sleep(4500);
    expect(await host.mustExec(connected)).toBe("");
  });
});

/** Files that nginx wrote since, but for its log. */
async function writtenSince(host: Host): Promise<string[]> {
  const { stdout } = await host.exec(
    "find / -xdev -newer /run/before -type f -not -path '/proc/*' -not -path '/sys/*' -not -path '/run/*' -not -path '/var/log/*' -size +1k",
  );
  return stdout.split("\n").filter((line) => line !== "");
}
