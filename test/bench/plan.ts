import { rmSync } from "node:fs";
import { toolchain } from "../../tools/toolchain";
import { Fleet } from "../support/fleet";
import { commitAll, git } from "../support/git";
import { run as runProgram, start } from "../support/programs";
import { LQPT } from "../support/stack";
import { customer, makeFolder, writeStack } from "../unit/fleet/folder";
import type { Outcome } from "./support/outcome";
import { PeakMemory } from "./support/peakMemory";
import { type Lap, median, Stopwatch } from "./support/stopwatch";

export const about = "`lqpt plan` of many stacks: their documents, and their previews by Pulumi";

const DOCUMENTS = [16, 64, 300, 1000];
const PREVIEWS = [16, 64, 256];
const ROUNDS = 3;
/** Seconds for the documents of 300 stacks. */
const MOST_SECONDS = 5;
/** What each further stack of a big fleet may cost more than each of a small one: no more than noise. */
const GROWTH = 1.25;
/** What the pool's processes may take more, however many stacks wait for them. */
const MORE_MEMORY = 1.25;

const LOCAL = { run: runProgram, start };

interface Measured extends Lap {
  readonly count: number;
  /** Of all processes together, at the most. */
  readonly mib: number;
}

export async function run(): Promise<Outcome> {
  const documents: Measured[] = [];
  for (const count of DOCUMENTS) documents.push(await planned(count));
  const previews: Measured[] = [];
  for (const count of PREVIEWS) previews.push(await previewed(count));
  const of = (all: readonly Measured[], count: number): Measured => {
    const found = all.find((one) => one.count === count);
    if (found === undefined) throw new Error(`${String(count)} stacks were not measured`);
    return found;
  };
  const further = (all: readonly Measured[], from: number, to: number): number =>
    (of(all, to).cpu - of(all, from).cpu) / (to - from);
  return {
    figures: [...documents.map(figure("documents")), ...previews.map(figure("previews"))],
    ratios: [
      { name: "documents of 300 to 5 s", value: of(documents, 300).wall / MOST_SECONDS, goal: 1 },
      {
        name: "CPU of a document beyond 300 to one beyond 64",
        value: further(documents, 300, 1000) / further(documents, 64, 300),
        goal: GROWTH,
      },
      {
        name: "CPU of a preview beyond 64 to one beyond 16",
        value: further(previews, 64, 256) / further(previews, 16, 64),
        goal: GROWTH,
      },
      {
        name: "memory of 256 previews to 64",
        value: of(previews, 256).mib / of(previews, 64).mib,
        goal: MORE_MEMORY,
      },
    ],
  };
}

function figure(what: string): (one: Measured) => string {
  return ({ count, wall, cpu, mib }) =>
    `${String(count)} ${what} ${wall.toFixed(1)} s (CPU ${((cpu / count) * 1000).toFixed(0)} ms each, ${mib.toFixed(0)} MiB)`;
}

/** A change of the list that all inherit, by the documents. */
async function planned(count: number): Promise<Measured> {
  const folder = makeFolder();
  try {
    git(folder, "init", "--quiet", "--initial-branch", "main");
    commitAll(folder, "lists");
    for (let index = 0; index < count; index += 1)
      writeStack(folder, `c${String(index)}-prod`, customer(index));
    commitAll(folder, "customers");
    const laps: Measured[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      laps.push(
        await measured(count, ["plan", "--changed-since", "HEAD~1", "--to", "HEAD", "--json"], {
          cwd: folder,
          env: {},
        }),
      );
    }
    return { count, wall: middle(laps, "wall"), cpu: middle(laps, "cpu"), mib: middle(laps, "mib") };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The same by Pulumi, of stacks that it knows and never brought up: that needs no host. */
async function previewed(count: number): Promise<Measured> {
  const fleet = new Fleet({ runner: LOCAL, toolchain: await toolchain() });
  try {
    fleet.commit("lists");
    for (let index = 0; index < count; index += 1) {
      const { hosts, ...values } = customer(index);
      const [host] = Object.values(hosts as Readonly<Record<string, object>>);
      await fleet.add(
        `c${String(index)}-prod`,
        { ...values, hosts: { "proxy-1": { ...host, auth: "agent" } } },
        {},
      );
    }
    fleet.commit("customers");
    return await measured(
      count,
      ["plan", "--changed-since", "HEAD~1", "--to", "HEAD", "--preview", "--json"],
      fleet.place,
    );
  } finally {
    fleet.dispose();
  }
}

async function measured(
  count: number,
  words: readonly string[],
  place: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): Promise<Measured> {
  const watch = new Stopwatch(LOCAL);
  const memory = new PeakMemory();
  const { exitCode, all } = await watch.run(process.execPath, [LQPT, ...words], place);
  const mib = memory.stop();
  if (exitCode !== 0)
    throw new Error(`lqpt ${words.join(" ")} ended with ${String(exitCode)}:\n${all.slice(-2000)}`);
  return { count, mib, ...watch.lap };
}

function middle(laps: readonly Measured[], what: "wall" | "cpu" | "mib"): number {
  return median(laps.map((lap) => lap[what]));
}
