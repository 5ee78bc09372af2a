import { setTimeout as sleep } from "node:timers/promises";
import { describeLab } from "../../support/prepare";
import type { Client } from "../../support/lab";
import { ADDRESSES, PORT, callLeqi } from "../../support/samples";
import { kindsOf } from "../kinds";
import { makeWorld, must, type World } from "../world";
import { Connections } from "./connections";
import { apply, documentFor, mustApply } from "./tool";

/** Who stays. */
const INHERITED = [ADDRESSES.vendor, "52.82.125.155", "82.157.180.203", "121.36.53.241"];

/** How the change goes in which the world's own client is taken off the list. */
interface Change {
  readonly name: string;
  /** What is done to the host before. */
  readonly before: string;
  readonly after: string;
  readonly exitCode: number;
  /** Somebody else, who comes by the same change. */
  readonly newcomerIsIn: boolean;
}

const BROKEN = "/etc/nginx/conf.d/broken.conf";

const CHANGES: readonly Change[] = [
  { name: "the change goes well", before: "true", after: "true", exitCode: 0, newcomerIsIn: true },
  {
    name: "the rest of the change fails and is put back",
    before: `echo 'no such directive;' >${BROKEN}`,
    after: `rm ${BROKEN}`,
    exitCode: 11,
    newcomerIsIn: false,
  },
];

describeLab.each(kindsOf("trixie"))("a source that is taken off the list of a %s host", (kind) => {
  let world: World;
  let newcomer: Client;
  beforeAll(async () => {
    world = await makeWorld({ kind });
    newcomer = await world.lab.client("203.0.113.55");
    await must(world.stack.up());
  });
  afterAll(() => world.stop());

  it("is not taken for a connection that the kernel still remembers, nor is a stranger", async () => {
    const { host, stranger } = world;
    const remember = (port: number) =>
      host.mustExec(
        `conntrack -I -p tcp -s ${stranger.address} -d ${host.address} --sport ${port} --dport ${PORT} --state ESTABLISHED -t 10000 -u SEEN_REPLY,ASSURED`,
      );
    await remember(40_001);
    expect(await stranger.connects(host.address, PORT, 2000, 40_001)).toBe("open");
    await remember(40_002);
    await mustApply(host, documentFor(host, INHERITED));
    expect(await stranger.connects(host.address, PORT, 2000, 40_002)).not.toBe("open");
    await mustApply(host, documentFor(host, [...INHERITED, ADDRESSES.listed]));
  });

  it.each(CHANGES)(
    "loses its open connections at once, and nobody else does, where $name",
    async ({ before, after, exitCode, newcomerIsIn }) => {
      const { host, listed, vendor } = world;
      await mustApply(host, documentFor(host, [...INHERITED, ADDRESSES.listed]));
      const connections = new Connections(world);
      const cut = [await connections.hold(listed, "idle"), await connections.hold(listed, "upload")];
      const kept = await connections.hold(vendor, "upload");

      await host.mustExec(before);
      const run = await apply(host, documentFor(host, [...INHERITED, newcomer.address]));
      const done = Date.now();
      await host.mustExec(after);
      expect({ exitCode: run.exitCode, all: run.all }).toMatchObject({ exitCode });
      // Those that are kept get on with it for a while.
      await sleep(2000);
      connections.release();

      const ended = await Promise.all(cut.map((connection) => connection.ended));
      expect(ended).toMatchObject([{ how: "closed" }, { how: "closed" }]);
      const late = Math.max(...ended.map(({ at }) => at - done));
      expect(late).toBeLessThan(1000);
      const { how, at } = await kept.ended;
      expect(how).toBe("answered");
      expect(at).toBeGreaterThan(done);

      expect(await listed.connects(host.address, PORT)).not.toBe("open");
      expect((await newcomer.connects(host.address, PORT)) === "open").toBe(newcomerIsIn);
      expect(await callLeqi(vendor, host.address)).toMatchObject({ outcome: "answered", status: 200 });
      console.log(
        `${kind}, exit ${exitCode}: the cut source's connections ended ${-late} ms before the run did; a kept upload was answered`,
      );
    },
  );
});
