import type { Client, Host } from "../../support/lab";
import { Lab } from "../../support/lab";
import { describeLab } from "../../support/prepare";
import { kindsOf } from "../kinds";
import { PORT, leqiUrl } from "../../support/samples";
import { KILLED, Tool, type Wanted, guarded, inside, outside } from "./direct";

const LONG_MS = 3_600_000;

const LISTED = "203.0.113.9";
const OTHERS = ["49.4.83.185", "82.157.180.203"];
const ONE = "198.51.100.20";
const ANOTHER = "198.51.100.21";

/** Two documents; the host goes from each to the other, and dies on the way. */
interface Move {
  readonly name: string;
  readonly documents: readonly [Wanted, Wanted];
  /** Whether `LISTED` is served at the usual port throughout. */
  readonly served: boolean;
  /** How many steps there are at least, so that a loop that ends at once is no success. */
  readonly steps: number;
}

const MOVES: readonly Move[] = [
  {
    name: "one source comes and one goes",
    documents: [{ allow: [LISTED, ...OTHERS, ONE] }, { allow: [LISTED, ...OTHERS, ANOTHER] }],
    served: true,
    steps: 9,
  },
  {
    name: "a source widens to its network and narrows again, while another comes or goes",
    documents: [{ allow: [LISTED, ...OTHERS, ONE] }, { allow: ["203.0.113.0/28", ...OTHERS] }],
    served: true,
    steps: 9,
  },
  {
    name: "the port changes, and a source with it",
    documents: [{ allow: [LISTED, ...OTHERS, ONE] }, { allow: [LISTED, ...OTHERS, ANOTHER], port: PORT + 1 }],
    served: false,
    steps: 9,
  },
];

describeLab.each(kindsOf("bookworm"))("lqptctl killed at every step of a change, on %s", (kind) => {
  let lab: Lab;
  let host: Host;
  let tool: Tool;
  let listed: Client;
  let stranger: Client;
  beforeAll(async () => {
    lab = await Lab.start();
    [host, listed, stranger] = await Promise.all([
      lab.host("proxy-1", { kind, firewalld: "running" }),
      lab.client(LISTED),
      lab.stranger(),
    ]);
    tool = new Tool(host);
    expect(await tool.install()).toMatchObject({ exitCode: 0 });
  });
  afterAll(() => lab.stop());

  it.each(MOVES.map((move) => [move.name, move] as const))(
    "%s: no stranger gets in, SSH stays, who is listed is served, and the next apply converges",
    async (_, { documents, served, steps }) => {
      const ports = new Set(documents.map(({ port }) => port ?? PORT));
      expect(await tool.converge(documents[0])).toMatchObject({ exitCode: 0 });
      const posts = [...ports].map((port) => outside(stranger, host, port));
      const deaths = [0, 0];
      const wrong = await guarded(
        served ? [...posts, inside(listed, leqiUrl(host.address))] : posts,
        async () => {
          const found: string[] = [];
          for (let step = 1; ; step += 1) {
            const before = deaths.join();
            for (const [way, from] of documents.entries()) {
              const to = documents[1 - way] ?? from;
              const said = await dieOnce(tool, to, step);
              deaths[way] = (deaths[way] ?? 0) + (said === undefined ? 0 : 1);
              found.push(
                ...(said ?? []).map((line) => `step ${String(step)} of way ${String(way)}: ${line}`),
              );
            }
            if (deaths.join() === before || found.length > 0) return found;
          }
        },
      );
      console.info(`${kind}: died at ${deaths.join(" and ")} steps`);
      expect(wrong).toEqual([]);
      expect(Math.min(...deaths)).toBeGreaterThanOrEqual(steps);
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
