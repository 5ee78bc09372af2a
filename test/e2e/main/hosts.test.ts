import { setTimeout as sleep } from "node:timers/promises";
import { describeLab } from "../../support/prepare";
import type { Client, Watch } from "../../support/lab";
import type { PulumiRun } from "../../support/stack";
import { ADDRESSES, PORT, callLeqi, leqiUrl } from "../../support/samples";
import { dials, fingerprint, makeWorld, must, type World } from "../world";

const COMMANDS = ["proxy-1-tool", "proxy-1-state"];

describeLab.each(["bookworm", "bullseye", "trixie", "old"] as const)(
  "a customer's proxy on a %s host",
  (kind) => {
    let world: World;
    let before: string;
    beforeAll(async () => {
      world = await makeWorld({ kind }, false);
    });
    afterAll(() => world.stop());

    it("is previewed without a word to the host, one line per source", async () => {
      const { stack, host } = world;
      before = await fingerprint(host);
      const { all } = await must(stack.preview());
      expect(all).toMatch(/\+ +.*AllowedSource proxy-1:203\.0\.113\.9 +create/);
      expect(all).toMatch(/\+ +.*AllowedSource proxy-1:49\.4\.83\.185 +create/);
      expect(await dials(host)).toBe(0);
      expect(await fingerprint(host)).toBe(before);
    });

    it("stands after one `pulumi up`: who is listed reaches Leqi, who is not gets no handshake", async () => {
      const { stack, host, listed, vendor, stranger } = world;
      const { address } = host;
      const kept = await stranger.watch({ address, port: PORT, perSecond: 100 });
      const served = startServing(vendor, address);
      const run = await stack.up();
      const [strangers, listeds] = [await kept.stop(), await served.stop()];
      await must(Promise.resolve(run));
      expect(strangers.attempts).toBeGreaterThan(100);
      expect(strangers.handshakes).toBe(0);
      expect(listeds?.attempts).toBeGreaterThan(0);
      expect(listeds?.failed).toBe(0);
      // So that a count of none after the preview means something.
      expect(await dials(host)).toBeGreaterThan(0);
      expect(await callLeqi(listed, host.address)).toMatchObject({ outcome: "answered", status: 200 });
      expect((await callLeqi(vendor, host.address)).body).toContain("json数据格式不正确");
      expect(await stranger.connects(host.address, PORT)).not.toBe("open");
      expect(await stranger.connects(host.address, 80)).not.toBe("open");
    });

    it("holds exactly the listed sources, runtime and permanent, as the vendor's document writes them", async () => {
      const sources = ["121.36.53.241", "203.0.113.9", "49.4.83.185", "52.82.125.155", "82.157.180.203"];
      const rules = sources.map(
        (source) => `rule family="ipv4" source address="${source}" port port="8864" protocol="tcp" accept`,
      );
      for (const scope of ["", "--permanent"]) {
        const { stdout } = await world.host.exec(`firewall-cmd ${scope} --list-rich-rules | sort`);
        expect(stdout.trim().split("\n")).toEqual(rules);
      }
      expect(await world.stack.outputs()).toMatchObject({
        leqiAddress: `http://${world.host.address}:8864`,
        whitelist: { "203.0.113.9": "ACME back office" },
        digests: { "proxy-1": expect.stringMatching(/^sha256:[0-9a-f]{64}$/) as string },
      });
    });

    it("is left alone by a second `pulumi up`", async () => {
      expect((await must(world.stack.up())).steps).toEqual([]);
    });

    it("follows a changed list, which the preview shows as one line per source", async () => {
      const { stack, host, listed, vendor, stranger } = world;
      await host.exec("firewall-cmd --add-port=9100/tcp && firewall-cmd --permanent --add-port=9100/tcp");
      stack.change({ allow: { [ADDRESSES.stranger]: "ACME new back office" } });
      const preview = await stack.preview();
      expect(sourceLines(preview)).toEqual([
        "+ proxy-1:198.51.100.66 create",
        "- proxy-1:203.0.113.9 delete",
      ]);
      await must(stack.up());
      expect((await callLeqi(stranger, host.address)).outcome).toBe("answered");
      expect((await callLeqi(vendor, host.address)).outcome).toBe("answered");
      expect(await listed.connects(host.address, PORT)).not.toBe("open");
      expect((await must(stack.up())).steps).toEqual([]);
    });

    it("is taken away by `pulumi destroy`, and nothing else is", async () => {
      const { stack, host, stranger, vendor } = world;
      const { steps } = await must(stack.destroy());
      expect(steps).toEqual(expect.arrayContaining(COMMANDS.map((name) => `delete ${name}`)));
      for (const client of [stranger, vendor]) {
        expect(await client.connects(host.address, PORT)).not.toBe("open");
      }
      const { stdout } = await host.exec(
        "firewall-cmd --list-rich-rules; firewall-cmd --permanent --list-rich-rules; firewall-cmd --list-ports; " +
          "firewall-cmd --state; ls /usr/local/sbin /etc/nginx/conf.d; ls /var/lib/lqpt 2>&1; ss -ltn | grep -c 8864",
      );
      expect(stdout).toBe(
        "\n\n9100/tcp\nrunning\n/etc/nginx/conf.d:\n\n/usr/local/sbin:\nls: cannot access '/var/lib/lqpt': No such file or directory\n0\n",
      );
      expect((await host.ssh("true")).exitCode).toBe(0);
    });
  },
);

/**
 * Calls until an answer comes, and from then on watches.
 *
 * @returns `stop`: what became of the calls after the first answer; undefined if none came.
 */
function startServing(client: Client, address: string) {
  const request = { url: leqiUrl(address), perSecond: 50 };
  const over = new AbortController();
  const served = (async (): Promise<Watch | undefined> => {
    while (!over.signal.aborted) {
      if ((await client.post(request.url, { timeoutMs: 500 })).status === 200) {
        return client.watch(request);
      }
      await sleep(20);
    }
    return undefined;
  })();
  return {
    stop: async () => {
      over.abort();
      return (await served)?.stop();
    },
  };
}

/** The lines of a preview that say who comes and who goes. */
function sourceLines({ all }: PulumiRun): string[] {
  return all
    .split("\n")
    .map((line) => /([+-]) +.*AllowedSource +(\S+) +(create|delete)/.exec(line))
    .filter((match) => match !== null)
    .map(([, sign, name, verb]) => `${sign ?? ""} ${name ?? ""} ${verb ?? ""}`)
    .sort();
}
