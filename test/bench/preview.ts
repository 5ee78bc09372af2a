import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { toolchain } from "../../tools/toolchain";
import { Lab } from "../support/lab";
import { labUnavailable, prepareLab } from "../support/prepare";
import { sampleSecrets, sampleValues } from "../support/samples";
import { Stack, type StackOptions } from "../support/stack";
import type { Outcome } from "./support/outcome";
import { type Lap, Stopwatch, median } from "./support/stopwatch";

export const about = "`pulumi preview` of an unchanged one-host stack against that of an empty program";

const GOAL = 1.25;

/** By how it is shown, what index.ts holds instead of ours: docs/decisions/0011-preview-cost.md says why there are two. */
const EMPTY = {
  "empty program": 'import "@pulumi/pulumi";\n',
  "empty file": "",
} as const;
type Side = "one-host stack" | keyof typeof EMPTY;
const ROUNDS = 9;

export async function run(): Promise<Outcome> {
  const reason = labUnavailable();
  if (reason !== undefined) {
    throw new Error(`this machine cannot have VM-like hosts: ${reason}`);
  }
  const tools = await toolchain();
  await prepareLab(console.error, ["bookworm"]);
  const lab = await Lab.start();
  const stacks: Stack[] = [];
  try {
    const host = await lab.host("proxy-1", { kind: "bookworm" });
    const watch = new Stopwatch(lab.operator);
    const options = { runner: watch, toolchain: tools };
    const whole = await wholeStack(
      { ...options, values: sampleValues(host), secrets: sampleSecrets(lab.operatorKey, host) },
      stacks,
    );
    return await compare(watch, {
      "one-host stack": whole,
      "empty program": await emptyStack(options, stacks, EMPTY["empty program"]),
      "empty file": await emptyStack(options, stacks, EMPTY["empty file"]),
    });
  } finally {
    stacks.forEach((stack) => stack.dispose());
    await lab.stop();
  }
}

/** All are brought up first, so that a preview has nothing to change. */
async function wholeStack(options: StackOptions, stacks: Stack[]): Promise<Stack> {
  const stack = await Stack.create(options);
  stacks.push(stack);
  await bringUp(stack);
  return stack;
}

/** The same project, flags and environment, so that nothing but the program differs. */
async function emptyStack(
  options: Omit<StackOptions, "values">,
  stacks: Stack[],
  program: string,
): Promise<Stack> {
  const stack = await Stack.create({ ...options, values: {} });
  stacks.push(stack);
  writeFileSync(join(stack.folder, "index.ts"), program);
  await bringUp(stack);
  return stack;
}

async function bringUp(stack: Stack): Promise<void> {
  const { exitCode, all } = await stack.up();
  if (exitCode !== 0) {
    throw new Error(`pulumi up ended with ${String(exitCode)}, expected 0:\n${all}`);
  }
}

/** One after the other by turns, so that what else the machine does falls on both alike. */
async function compare(watch: Stopwatch, stacks: Readonly<Record<Side, Stack>>): Promise<Outcome> {
  const sides = Object.keys(stacks) as Side[];
  const laps: Record<Side, Lap>[] = [];
  // The first round warms the caches and does not count.
  for (let round = 0; round <= ROUNDS; round += 1) {
    const lap: Partial<Record<Side, Lap>> = {};
    for (const side of sides) lap[side] = await timedPreview(watch, stacks[side]);
    if (round > 0) laps.push(lap as Record<Side, Lap>);
  }
  const middle = (side: Side, what: keyof Lap): number => median(laps.map((lap) => lap[side][what]));
  const ratio = (to: Side, what: keyof Lap): number => middle("one-host stack", what) / middle(to, what);
  return {
    figures: sides.map(
      (side) => `${side} ${middle(side, "wall").toFixed(2)} s (CPU ${middle(side, "cpu").toFixed(2)} s)`,
    ),
    ratios: [
      { value: ratio("empty program", "wall"), goal: GOAL },
      { name: "of CPU", value: ratio("empty program", "cpu") },
      { name: "to an empty file", value: ratio("empty file", "wall") },
      { name: "of CPU", value: ratio("empty file", "cpu") },
    ],
  };
}

async function timedPreview(watch: Stopwatch, stack: Stack): Promise<Lap> {
  const { exitCode, all, steps } = await stack.preview();
  if (exitCode !== 0 || steps.length > 0) {
    throw new Error(
      `pulumi preview ended with ${String(exitCode)} and ${String(steps.length)} changes, expected 0 and 0:\n${all}`,
    );
  }
  return watch.lap;
}
