import { readFileSync } from "node:fs";
import { describeLab } from "../../support/prepare";
import { LEQI_PATH, PORT } from "../../support/samples";
import { atConsole, status } from "../firewall/tool";
import { kindsOf } from "../kinds";
import { makeWorld, must, type World } from "../world";

describeLab.each(kindsOf("old"))("a listener that speaks https on a %s host", (kind) => {
  let world: World;
  beforeAll(async () => {
    world = await makeWorld({ kind });
    world.stack.change({ listen: { tls: "self-signed", names: ["proxy.acme.example"] } });
  });
  afterAll(() => world.stop());

  const url = () => `https://${world.host.address}:${String(PORT)}${LEQI_PATH}`;
  const calls = async (ca: string) => {
    const { outcome, status: code } = await world.listed.post(url(), { ca });
    return code ?? outcome;
  };
  const ca = async () => (await world.stack.outputs())["ca"] as string;
  const shown = async () =>
    (
      await world.host.mustExec(
        `openssl s_client -connect 127.0.0.1:${String(PORT)} </dev/null 2>/dev/null | openssl x509 -noout -serial -ext subjectAltName`,
      )
    ).trim();

  it("stands after one `up`, and back ends that trust the stack's own authority reach Leqi", async () => {
    const { stack, host, stranger } = world;
    await must(stack.up());
    expect(await stack.outputs()).toMatchObject({ leqiAddress: `https://${host.address}:${String(PORT)}` });
    expect(await calls(await ca())).toBe(200);
    expect(await calls(world.lab.ca)).toBe("tls");
    expect(await shown()).toMatch(/IP Address:203\.0\.113\.\d+/);
    expect(await shown()).toContain("DNS:proxy.acme.example");
    expect(await stranger.connects(host.address, PORT)).not.toBe("open");
    expect((await world.listed.post(url().replace("https", "http"))).status).toBe(400);
    expect((await must(stack.up())).steps).toEqual([]);
    expect(await status(host)).toMatchObject({ equal: true, deviations: [] });
  });

  it("keeps its key from everybody but root, and out of the state, the preview and the document", async () => {
    const { stack, host } = world;
    expect((await host.mustExec("stat -c '%a %U' /etc/lqpt/listener.pem")).trim()).toBe("600 root");
    const key = await host.readFile("/etc/lqpt/listener.pem");
    // The private number is in the first line; what follows it is the public key, which everybody may see.
    const [, secret = ""] = /PRIVATE KEY-----\n([^\n]+)\n/.exec(key) ?? [];
    expect(secret.length).toBeGreaterThan(40);
    const { all } = await stack.preview("--diff");
    const document = await host.readFile("/var/lib/lqpt/document");
    for (const text of [stack.stateText(), all, document]) expect(text).not.toContain(secret);
  });

  it("shows a new certificate by the same authority when its names change, and no call fails by that", async () => {
    const { stack, host, listed } = world;
    const [authority, before] = [await ca(), await shown()];
    const watch = await listed.watch({ url: url(), ca: authority, perSecond: 20, timeoutMs: 5000 });
    stack.change({ listen: { tls: "self-signed", names: ["proxy.acme.example", "10.0.0.9"] } });
    await must(stack.up());
    expect(await watch.stop()).toMatchObject({ failed: 0 });
    expect(await shown()).not.toBe(before);
    expect(await ca()).toBe(authority);
    expect(await status(host)).toMatchObject({ equal: true });
    expect((await must(stack.up())).steps).toEqual([]);
  });

  it("shows a certificate of the customer's own, once its key is right", async () => {
    const { stack, host, lab } = world;
    const own = await lab.leqiCertificate({ name: "proxy.acme.example", days: 400 });
    const other = await lab.leqiCertificate({ name: "other.acme.example" });
    stack.change({ listen: { tls: "provided", certificate: readFileSync(own.certificate, "utf8") } });
    await stack.setSecrets({ "certificate.key": readFileSync(other.key, "utf8") });
    const before = await shown();
    const { exitCode, all } = await stack.up();
    expect(exitCode).not.toBe(0);
    expect(all).toContain("it belongs to another certificate");
    expect(await shown()).toBe(before);

    await stack.setSecrets({ "certificate.key": readFileSync(own.key, "utf8") });
    await must(stack.up());
    expect(await shown()).toContain("DNS:proxy.acme.example");
    expect((await stack.outputs())["ca"]).toBeNull();
    const reply = await world.listed.post(url());
    expect(reply.status).toBe(200);
    expect(await status(host)).toMatchObject({ equal: true });
  });

  it("refuses a pair that does not belong together, however it comes, and goes on with the one before", async () => {
    const { host, lab } = world;
    const [one, two] = [await lab.leqiCertificate(), await lab.leqiCertificate()];
    const before = await shown();
    await host.write(
      "/root/pem",
      `${readFileSync(one.certificate, "utf8")}${readFileSync(two.key, "utf8")}`,
      "600",
    );
    const { exitCode, all } = await atConsole(host, "keys --owner acme-7f3a --host proxy-1 </root/pem");
    expect({ exitCode, all }).toMatchObject({
      exitCode: 10,
      all: expect.stringContaining("E_KEYS") as string,
    });
    expect(await shown()).toBe(before);
  });

  it("serves after a reboot, and takes its key away when the stack is destroyed", async () => {
    const { stack, host, stranger } = world;
    await host.reboot();
    expect((await world.listed.post(url(), { timeoutMs: 20_000 })).status).toBe(200);
    expect(await stranger.connects(host.address, PORT)).not.toBe("open");
    await must(stack.destroy());
    expect((await host.exec("ls /etc/lqpt")).exitCode).not.toBe(0);
  });
});
