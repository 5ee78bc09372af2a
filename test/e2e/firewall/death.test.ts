import type { Client, Host, Lab } from "../../support/lab";
import { describeLab } from "../../support/prepare";
import { FULL, kindsOf } from "../kinds";
import { PORT, leqiUrl } from "../../support/samples";
import { LONG_MS } from "./deaths";
import { KILLED, type Tool, type Wanted, guarded, inside, insideEither, outside } from "./direct";
import { installed } from "./installed";

const LISTED = "203.0.113.9";
const OTHERS = ["49.4.83.185", "82.157.180.203"];
const ONE = "198.51.100.20";
const ANOTHER = "198.51.100.21";

/** At each step the host dies on its way there or, at the next, on its way back; with `--full` both at each. */
const WAYS = FULL ? 2 : 1;

/** Two documents; the host goes from each to the other, and dies on the way. */
interface Move {
  readonly name: string;
  readonly documents: readonly [Wanted, Wanted];
  /** Where `LISTED` is served throughout: at the usual port, or at one of the two. */
  readonly served?: "there" | "either";
  /** What somebody does to the host before it goes to the second document, and to the first. */
  readonly before?: readonly [string, string];
  /** Only with `--full`: what it adds to the others are the same steps once more. */
  readonly long?: true;
  /** How many steps there are at least, so that a loop that ends at once is no success. */
  readonly steps: number;
}

const MOVES: readonly Move[] = [
  {
    name: "one source comes and one goes",
    documents: [{ allow: [LISTED, ...OTHERS, ONE] }, { allow: [LISTED, ...OTHERS, ANOTHER] }],
    served: "there",
    steps: 9,
  },
  {
    name: "a source widens to its network and narrows again, while another comes or goes",
    documents: [{ allow: [LISTED, ...OTHERS, ONE] }, { allow: ["203.0.113.0/28", ...OTHERS] }],
    served: "there",
    long: true,
    steps: 9,
  },
  {
    name: "the port changes, and a source with it",
    documents: [
      { allow: [LISTED, ...OTHERS, ONE] },
      { allow: [LISTED, ...OTHERS, ANOTHER], port: PORT + 100 },
    ],
    served: "either",
    steps: 9,
  },
  {
    name: "the traffic enters by another zone",
    documents: [{ allow: [LISTED, ...OTHERS, ONE] }, { allow: [LISTED, ...OTHERS, ANOTHER] }],
    before: ["internal", "public"].map((zone) => `firewall-cmd -q --set-default-zone=${zone}`) as [
      string,
      string,
    ],
    long: true,
    steps: 9,
  },
  {
    name: "the mode changes",
    documents: [{ allow: [LISTED, ...OTHERS] }, { allow: [LISTED, ...OTHERS], mode: "external" }],
    served: "there",
    steps: 5,
  },
];

describeLab.each(kindsOf("bookworm"))("lqptctl killed at every step of a change, on %s", (kind) => {
  let lab: Lab;
  let host: Host;
  let tool: Tool;
  let listed: Client;
  let stranger: Client;
  beforeAll(async () => {
    ({ lab, host, tool, listed, stranger } = await installed(kind, LISTED));
  });
  afterAll(() => lab.stop());

  it.each(
    MOVES.filter(({ long }) => FULL || long === undefined).map(
      (move) => [move.name + (move.served ? ", who is listed is served" : ""), move] as const,
    ),
  )(
    "%s: no stranger gets in, SSH stays, and the next apply converges",
    async (_, { documents, served, before = ["true", "true"], steps }) => {
      const ports = new Set(documents.map(({ port }) => port ?? PORT));
      expect(await tool.converge(documents[0])).toMatchObject({ exitCode: 0 });
      const posts = [
        ...[...ports].map((port) => outside(stranger, host, port)),
        ...(served === "there" ? [inside(listed, leqiUrl(host.address))] : []),
        ...(served === "either" ? [insideEither(listed, ...urlsOf(host, ports))] : []),
      ];
      let last = 0;
      const wrong = await guarded(posts, async () => {
        let way: 0 | 1 = 0;
        for (;;) {
          const found: string[] = [];
          let died = false;
          for (let moves = 0; moves < WAYS; moves += 1) {
            await host.mustExec(before[way]);
            const to = documents[way === 0 ? 1 : 0];
            const said = await dieOnce(tool, to, last + 1);
            died ||= said !== undefined;
            found.push(
              ...(said ?? []).map((line) => `step ${String(last + 1)} of way ${String(way)}: ${line}`),
            );
            way = way === 0 ? 1 : 0;
          }
          if (!died || found.length > 0) return found;
          last += 1;
        }
      });
      console.info(`${kind}: died at ${String(last)} steps`);
      expect(wrong).toEqual([]);
      expect(last).toBeGreaterThanOrEqual(steps);
    },
    LONG_MS,
  );
});

/** One death and what comes after it; `undefined` where the run ended before it came to that step. */
async function dieOnce(tool: Tool, to: Wanted, step: number): Promise<string[] | undefined> {
  const { exitCode, all } = await tool.apply(to, step);
  const ssh = await tool.host.ssh("true");
  const again = exitCode === KILLED ? await tool.apply(to) : undefined;
  const wrong = [
    ...(exitCode === KILLED || exitCode === 0 ? [] : [`ended with ${String(exitCode)}: ${all}`]),
    ...(ssh.exitCode === 0 ? [] : [`SSH: ${ssh.all}`]),
    ...(again === undefined || again.exitCode === 0 ? [] : [`the next apply: ${again.all}`]),
    ...(await tool.deviations(to)),
  ];
  return exitCode === KILLED || wrong.length > 0 ? wrong : undefined;
}

function urlsOf(host: Host, ports: ReadonlySet<number>): [string, string] {
  return [...ports].map((port) => leqiUrl(host.address, port)) as [string, string];
}
