import { describeLab } from "../../support/prepare";
import { atConsole } from "../firewall/tool";
import { kindsOf } from "../kinds";
import { makeWorld, must, type World } from "../world";

/** What `lqptctl check` prints. */
interface Check {
  readonly environments: Readonly<Record<string, Readonly<Record<"direct" | "nginx", Way>>>>;
  readonly egress: {
    readonly seen: string;
    readonly registered: string;
    readonly equal: boolean | null;
  } | null;
  readonly callsLeft: number;
}

interface Way {
  readonly result: string;
  readonly says: string;
  readonly status?: number;
  readonly tries?: number;
  readonly chain?: readonly string[];
}

describeLab.each(kindsOf("bookworm"))("`lqptctl check` on a %s host", (kind) => {
  let world: World;
  beforeAll(async () => {
    world = await makeWorld({ kind });
    await must(world.stack.up());
  });
  afterAll(() => world.stop());
  beforeEach(async () => {
    await world.lab.leqi.answer("normal");
    await world.lab.leqi.clear();
    await world.host.exec("rm -f /var/lib/lqpt/checks");
  });

  /** Asks as a person does, but waits a moment only between two tries. */
  const ask = async (line = "") => {
    const { exitCode, stdout, all } = await world.host.exec(
      `${line} LQPT_CHECK_PAUSE=0 /usr/local/sbin/lqptctl check`,
      {
        timeoutMs: 200_000,
      },
    );
    if (stdout === "") throw new Error(all);
    return { exitCode, check: JSON.parse(stdout) as Check };
  };
  const results = ({ environments }: Check) =>
    Object.entries(environments).map(([name, { direct, nginx }]) => [name, direct.result, nginx.result]);

  it("says that Leqi is reached, by the calls of the vendor's document, directly and through nginx", async () => {
    const { exitCode, check } = await ask();
    expect(results(check)).toEqual([["prod", "connected", "connected"]]);
    expect(check).toMatchObject({ egress: null, callsLeft: 6 });
    expect(exitCode).toBe(0);
    const calls = await world.lab.leqi.requests();
    expect(calls).toHaveLength(2);
    for (const { method, path, headers, bodyLength } of calls) {
      expect({ method, path, bodyLength }).toEqual({
        ...{ method: "POST", path: "/access/v2/invoke/202007/CXKYSL", bodyLength: 0 },
      });
      expect(headers).toMatchObject({
        ...{ "content-type": "application/json", jrdwptbh: "ACME0001", sydwptbh: "ACME0001" },
      });
      expect(headers).not.toHaveProperty("sxcsbz");
    }
  });

  it("asks the sandbox by its own path, with its own header", async () => {
    const { stack, lab } = world;
    stack.change({ environments: ["sandbox", "prod"] });
    await must(stack.up());
    const { check } = await ask();
    expect(results(check)).toEqual([
      ["sandbox", "connected", "connected"],
      ["prod", "connected", "connected"],
    ]);
    const [first] = await lab.leqi.requests();
    expect(first).toMatchObject({
      path: "/access/newsandbox/v2/invoke/202007/CXKYSL",
      headers: { sxcsbz: "1" },
    });
    stack.change({ environments: ["prod"] });
    await must(stack.up());
  });

  it("is patient with 403, and tells it from everything else", async () => {
    await world.lab.leqi.answer(403);
    const { exitCode, check } = await ask();
    expect(results(check)).toEqual([["prod", "forbidden", "forbidden"]]);
    expect(check.environments["prod"]?.direct).toMatchObject({ status: 403, tries: 2 });
    expect(exitCode).toBe(14);
    expect((await world.lab.leqi.requests()).length).toBe(4);
  });

  it("makes no more than eight calls an hour, whoever asks", async () => {
    for (let call = 1; call <= 4; call += 1) await ask();
    expect((await world.lab.leqi.requests()).length).toBe(8);
    const { exitCode, check } = await ask();
    expect(results(check)).toEqual([["prod", "not-tried", "not-tried"]]);
    expect(exitCode).toBe(14);
    expect((await world.lab.leqi.requests()).length).toBe(8);
  });

  it("says what Leqi's certificate is where it is not trusted, with a fingerprint to pin", async () => {
    const { lab } = world;
    await lab.leqi.present(await lab.leqiCertificate({ trusted: false }));
    const { check } = await ask();
    expect(results(check)).toEqual([["prod", "tls-unverified", "bad-gateway"]]);
    expect(check.environments["prod"]?.direct.chain?.[0]).toMatch(
      /is .*CN ?= ?lqpt\.chinatax\.gov\.cn; issued by .*lqpt lab CA; until .*; sha256 ([0-9A-F]{2}:){31}[0-9A-F]{2}/,
    );
    await lab.leqi.present(await lab.leqiCertificate());
  });

  it.each([
    ["another answer", async () => world.lab.leqi.answer(500, { body: "busy" }), ["answered", "answered"]],
    ["an answer of a gateway before it", async () => world.lab.leqi.answer(502), ["answered", "bad-gateway"]],
    ["no answer", async () => world.lab.leqi.answer("reset"), ["failed", "bad-gateway"]],
  ] as const)("tells %s", async (_, make, expected) => {
    await make();
    const [[, ...ways] = []] = results((await ask()).check);
    expect(ways).toEqual(expected);
  });

  it.each([
    ["a port that is refused", "192.0.2.3", "true", "refused"],
    [
      "a port that is dropped",
      "192.0.2.78",
      "ip neigh replace 192.0.2.78 lladdr 02:00:00:00:00:99 dev eth0",
      "dropped",
    ],
  ])("tells %s", async (_, address, make, expected) => {
    const { host } = world;
    await host.mustExec(
      `${make}; cp /etc/hosts /root/hosts && sed -i 's/^.* lqpt.chinatax/${address} lqpt.chinatax/' /root/hosts`,
    );
    await host.mustExec("cat /etc/hosts >/root/before && cat /root/hosts >/etc/hosts");
    try {
      const [[, direct] = []] = results((await ask()).check);
      expect(direct).toBe(expected);
    } finally {
      await host.mustExec("cat /root/before >/etc/hosts");
    }
  });

  it("tells a name that is not resolved, while nginx goes on with the address that it knew", async () => {
    const { host } = world;
    await host.mustExec(
      "cp /etc/hosts /root/hosts && sed '/lqpt.chinatax/d' /root/hosts >/run/h && cat /run/h >/etc/hosts",
    );
    const { check } = await ask();
    await host.mustExec("cat /root/hosts >/etc/hosts");
    expect(results(check)).toEqual([["prod", "no-name", "connected"]]);
  });

  it("compares the address that the world sees with the registered one", async () => {
    const { stack, host, lab } = world;
    await host.mustExec(
      "systemd-run -q --unit=reflector python3 -c \"import http.server as h\nclass R(h.BaseHTTPRequestHandler):\n def do_GET(s):\n  s.send_response(200); s.end_headers(); s.wfile.write(b'203.0.113.99\\n')\nh.HTTPServer(('127.0.0.1', 9700), R).serve_forever()\"",
    );
    await host.mustExec("until ss -ltn | grep -q :9700; do sleep 0.1; done");
    stack.change({ registeredIp: host.address, check: { reflector: "http://127.0.0.1:9700/" } });
    await must(stack.up());
    const { exitCode, check } = await ask();
    expect(check.egress).toEqual({ seen: "203.0.113.99", registered: host.address, equal: false });
    expect(exitCode).toBe(14);
    expect(await lab.leqi.requests()).toHaveLength(2);
    stack.change({ registeredIp: "203.0.113.99" });
    await must(stack.up());
    expect((await ask()).check.egress).toMatchObject({ equal: true });
  });

  it("is made after an `up` where asked for, fails it only where asked to, and then again until it goes well", async () => {
    const { stack, lab, host } = world;
    await lab.leqi.answer(500);
    stack.change({ check: { after: "report" } });
    expect((await must(stack.up())).all).toContain("Leqi is not reached");
    await host.exec("rm -f /var/lib/lqpt/checks");
    stack.change({ check: { after: "require" } });
    const { exitCode, all } = await stack.up();
    expect(exitCode).not.toBe(0);
    expect(all).toContain("E_CHECK");
    await host.exec("rm -f /var/lib/lqpt/checks");
    expect((await stack.up()).exitCode).not.toBe(0);
    await lab.leqi.answer("normal");
    await host.exec("rm -f /var/lib/lqpt/checks");
    await must(stack.up());
    expect((await must(stack.up())).steps).toEqual([]);
    expect((await atConsole(host, "status")).stdout).toContain('"equal":true');
  });
});
