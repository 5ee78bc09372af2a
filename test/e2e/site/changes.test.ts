import { describeLab } from "../../support/prepare";
import { leqiUrl } from "../../support/samples";
import { status } from "../firewall/tool";
import { FULL, kindsOf } from "../kinds";
import { makeWorld, must, type World } from "../world";

const CHANGES = FULL ? 20 : 4;
const PER_SECOND = 200;
/** So many requests must have been made when the changes are done. */
const REQUESTS = FULL ? 20_000 : 2_000;

describeLab.each(kindsOf("trixie"))("a site that changes again and again on a %s host", (kind) => {
  let world: World;
  beforeAll(async () => {
    world = await makeWorld({ kind });
    await must(world.stack.up());
  });
  afterAll(() => world.stop());

  it(
    `fails none of ${String(REQUESTS)} requests in ${String(CHANGES)} changes`,
    async () => {
      const { host, stack, listed, lab } = world;
      await lab.leqi.clear();
      const watch = await listed.watch({
        url: leqiUrl(host.address),
        perSecond: PER_SECOND,
        timeoutMs: 10_000,
      });
      for (let change = 1; change <= CHANGES; change += 1) {
        stack.change({ site: { timeouts: { read: 120 + change }, enforce: change % 2 === 0 } });
        expect((await must(stack.up())).steps).toContain("update proxy-1-state");
      }
      while ((await watch.figures()).attempts < REQUESTS) {
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
      const figures = await watch.stop();
      console.log(
        `${kind}, ${String(CHANGES)} changes of the site: ${String(figures.attempts)} requests, failed ${String(figures.failed)}, longest gap ${String(figures.longestGapMs)} ms, ${String(await lab.leqi.connections())} connections to Leqi`,
      );
      expect(figures).toMatchObject({ failed: 0 });
      expect((await lab.leqi.requests()).length).toBe(figures.attempts);
      expect(await status(host)).toMatchObject({ equal: true });
    },
    FULL ? 1_800_000 : 600_000,
  );
});
