import { describeLab } from "../../support/prepare";
import type { Client } from "../../support/lab";
import { ADDRESSES, PORT, callLeqi } from "../../support/samples";
import { FULL, kindsOf } from "../kinds";
import { makeWorld, must, type World } from "../world";
import { documentFor, mustApply } from "./tool";
import { expectUnharmed, figuresLine, underTraffic } from "./traffic";

const CHANGES = FULL ? 100 : 6;
/** Of those, by a `pulumi up`: each costs several changes that the tool is asked for directly. */
const EACH_UP = FULL ? 20 : 3;

const NEWCOMER = "203.0.113.55";

/** What every stack of this kind inherits. */
const INHERITED = [ADDRESSES.vendor, "52.82.125.155", "82.157.180.203", "121.36.53.241"];

/** Whom a change lists beside those; the world's own client is always covered, the newcomer now and then. */
interface List {
  readonly sources: readonly string[];
  readonly newcomer: boolean;
}

/** Each change comes from the one before: sources come, go, widen to a network, narrow, and all at once. */
const LISTS: readonly List[] = [
  { sources: [ADDRESSES.listed, NEWCOMER], newcomer: true },
  { sources: [ADDRESSES.listed], newcomer: false },
  { sources: ["203.0.113.0/26"], newcomer: true },
  { sources: [ADDRESSES.listed, "192.0.2.77", "198.51.100.7"], newcomer: false },
  { sources: ["203.0.113.0/28", "198.51.100.7", NEWCOMER], newcomer: true },
  { sources: [ADDRESSES.listed, "192.0.2.77", "192.0.2.78"], newcomer: false },
];

describeLab.each(kindsOf("bookworm"))("a list that changes again and again on a %s host", (kind) => {
  let world: World;
  let newcomer: Client;
  beforeAll(async () => {
    world = await makeWorld({ kind });
    newcomer = await world.lab.client(NEWCOMER);
    await must(world.stack.up());
  });
  afterAll(() => world.stop());

  it(
    `lets no stranger shake hands and fails no listed request in ${CHANGES} changes`,
    async () => {
      const { host } = world;
      const traffic = await underTraffic(world, async () => {
        for (let change = 0; change < CHANGES; change += 1) {
          const { sources, newcomer: welcome } = LISTS[change % LISTS.length] as List;
          if (change % EACH_UP === EACH_UP - 1) {
            await up(world, sources);
          } else {
            await mustApply(host, documentFor(host, [...INHERITED, ...sources]));
          }
          expect({ change, open: (await newcomer.connects(host.address, PORT)) === "open" }).toEqual({
            change,
            open: welcome,
          });
        }
      });
      console.log(figuresLine(`${kind}, ${CHANGES} changes of the list`, traffic));
      expectUnharmed(traffic);
      expect(await callLeqi(world.listed, host.address)).toMatchObject({ outcome: "answered", status: 200 });
    },
    FULL ? 7_200_000 : 600_000,
  );
});

/** The same by the real `pulumi up`, which adds what the stack inherits. */
async function up({ stack }: World, sources: readonly string[]): Promise<void> {
  stack.change({ allow: Object.fromEntries(sources.map((cidr) => [cidr, "ACME"])) });
  await must(stack.up());
}
