import { describeLab } from "../../support/prepare";
import { ADDRESSES, LEQI_PATH, PORT, callLeqi, leqiUrl } from "../../support/samples";
import { status } from "../firewall/tool";
import { kindsOf } from "../kinds";
import { makeWorld, must, type World } from "../world";

const TRY = `
import socket, sys
s = socket.create_connection((sys.argv[1], int(sys.argv[2])), 5)
s.settimeout(5)
got = b""
try:
    s.sendall(eval(sys.argv[3]))
    while True:
        part = s.recv(4096)
        if not part: break
        got += part
except ConnectionError:
    pass
print(len(got))
`;

/** What somebody may send who wants to hear anything at all. As Python writes bytes. */
const PROBES: Readonly<Record<string, string>> = {
  "a call":
    "b'POST /access/v2/invoke/202007/CXKYSL HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 0\\r\\n\\r\\n'",
  "a call without Host": "b'GET / HTTP/1.1\\r\\n\\r\\n'",
  "two Hosts": "b'GET / HTTP/1.1\\r\\nHost: a\\r\\nHost: b\\r\\n\\r\\n'",
  "a TLS greeting": "b'\\x16\\x03\\x01\\x02\\x00\\x01\\x00\\x01\\xfc\\x03\\x03' + b'a' * 80",
  "HTTP/2": "b'PRI * HTTP/2.0\\r\\n\\r\\nSM\\r\\n\\r\\n'",
  TRACE: "b'TRACE / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n'",
  CONNECT: "b'CONNECT a:80 HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n'",
  "a header of 40 kB": "b'GET / HTTP/1.1\\r\\nHost: a\\r\\nX: ' + b'a' * 40000 + b'\\r\\n\\r\\n'",
  "a path of 40 kB": "b'GET /' + b'a' * 40000 + b' HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n'",
  "an unknown encoding": "b'POST / HTTP/1.1\\r\\nHost: a\\r\\nTransfer-Encoding: x\\r\\n\\r\\n'",
  "no version at all": "b'GET /\\r\\n'",
  "a header that lies about its sender":
    "b'POST /access/ HTTP/1.1\\r\\nHost: a\\r\\nX-Real-IP: 203.0.113.9\\r\\nX-Forwarded-For: 203.0.113.9\\r\\nContent-Length: 0\\r\\n\\r\\n'",
};

describeLab.each(kindsOf("bookworm"))("the rules of a site on a %s host", (kind) => {
  let world: World;
  beforeAll(async () => {
    world = await makeWorld({ kind });
    await must(world.stack.up());
  });
  afterAll(() => world.stop());

  const calls = async (method: string, path: string) =>
    world.listed.post(`http://${world.host.address}:${PORT}${path}`, { method });

  it("close a call with another path or another method without an answer", async () => {
    for (const [method, path] of [
      ["POST", "/"],
      ["POST", "/accessx/"],
      ["POST", "/access/../x"],
      ["POST", "/%61ccess"],
      ["GET", LEQI_PATH],
      ["PUT", LEQI_PATH],
    ] as const) {
      expect({ method, path, outcome: (await calls(method, path)).outcome }).toEqual({
        method,
        path,
        outcome: "reset",
      });
    }
    expect((await calls("POST", "/access/anything")).outcome).toBe("answered");
    // The site's own, for calls that are too broken to be judged.
    expect((await calls("POST", "/lqpt-refused")).status).toBe(404);
  });

  it("pass what matches none of them and count it, where they are not enforced", async () => {
    const { stack, lab, host } = world;
    stack.change({ site: { enforce: false } });
    const { all } = await must(stack.up());
    expect(all).toContain("lqpt:site.enforce");
    await lab.leqi.clear();
    await calls("POST", "/other/path");
    await calls("POST", "/other/path");
    await calls("GET", LEQI_PATH);
    await calls("POST", LEQI_PATH);
    expect((await lab.leqi.requests()).map(({ method, path }) => `${method} ${path}`)).toEqual([
      ...["POST /other/path", "POST /other/path", `GET ${LEQI_PATH}`, `POST ${LEQI_PATH}`],
    ]);
    expect(await status(host)).toMatchObject({
      equal: true,
      wouldRefuse: [
        { method: "POST", path: "/other/path", requests: 2 },
        { method: "GET", path: LEQI_PATH, requests: 1 },
      ],
    });
    stack.change({ site: { enforce: true } });
    await must(stack.up());
    expect((await calls("POST", "/other/path")).outcome).toBe("reset");
  });

  it("answer 429 to whoever is beyond his limit, and to nobody else", async () => {
    const { stack, host, listed, vendor } = world;
    stack.change({ site: { limits: { requestsPerSecond: 1, burst: 3 } } });
    await must(stack.up());
    const statuses = await Promise.all(
      Array.from({ length: 12 }, async () => (await callLeqi(listed, host.address)).status),
    );
    expect(statuses.filter((code) => code === 429).length).toBeGreaterThanOrEqual(7);
    expect(statuses).toContain(200);
    expect((await callLeqi(vendor, host.address)).status).toBe(200);
    stack.change({ site: {} });
    await must(stack.up());
  });

  it("give a stranger not one byte where no firewall keeps him out, whatever he sends", async () => {
    const { host, stranger, listed } = world;
    await host.mustExec("systemctl stop firewalld");
    try {
      for (const [name, bytes] of Object.entries(PROBES)) {
        const { stdout } = await stranger.run("python3", ["-c", TRY, host.address, String(PORT), bytes]);
        expect({ name, bytes: stdout.trim() }).toEqual({ name, bytes: "0" });
      }
      expect((await stranger.connects(host.address, 8865)) === "open").toBe(false);
      expect((await listed.post(leqiUrl(host.address))).status).toBe(200);
    } finally {
      await host.mustExec("systemctl start firewalld && firewall-cmd --state");
    }
  });

  it("let nobody but the check come in by 127.0.0.1, and that one by its own path alone", async () => {
    const { host } = world;
    const curl = async (port: number, path: string) =>
      (
        await host.exec(
          `curl -s -o /dev/null -w '%{http_code}' -X POST http://127.0.0.1:${String(port)}${path}`,
        )
      ).stdout;
    expect(await curl(8865, LEQI_PATH)).toBe("200");
    expect(await curl(8865, "/access/v2/invoke/202007/OTHER")).toBe("000");
    expect(await curl(PORT, LEQI_PATH)).toBe("000");
  });

  it("hold for a listed client whatever header it sends", async () => {
    const { host, listed } = world;
    const headers = { "X-Real-IP": ADDRESSES.stranger, "X-Forwarded-For": ADDRESSES.stranger };
    expect((await listed.post(leqiUrl(host.address), { headers })).status).toBe(200);
  });
});
