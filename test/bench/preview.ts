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
const PAIRS = 9;

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
    const empty = await emptyStack(options, stacks);
    return await compare(watch, whole, empty);
  } finally {
    stacks.forEach((stack) => stack.dispose());
    await lab.stop();
  }
}

/** Both are brought up first, so that a preview has nothing to change. */
async function wholeStack(options: StackOptions, stacks: Stack[]): Promise<Stack> {
  const stack = await Stack.create(options);
  stacks.push(stack);
  await bringUp(stack);
  return stack;
}

/** The same project, flags and environment, so that nothing but the program differs. */
async function emptyStack(options: Omit<StackOptions, "values">, stacks: Stack[]): Promise<Stack> {
  const stack = await Stack.create({ ...options, values: {} });
  stacks.push(stack);
  writeFileSync(join(stack.folder, "index.ts"), "");
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
async function compare(watch: Stopwatch, whole: Stack, empty: Stack): Promise<Outcome> {
  const laps: { readonly whole: Lap; readonly empty: Lap }[] = [];
  // The first pair warms the caches and does not count.
  for (let pair = 0; pair <= PAIRS; pair += 1) {
    const lap = { whole: await timedPreview(watch, whole), empty: await timedPreview(watch, empty) };
    if (pair > 0) {
      laps.push(lap);
    }
  }
  const middle = (side: "whole" | "empty", what: keyof Lap): number =>
    median(laps.map((lap) => lap[side][what]));
  const seconds = (side: "whole" | "empty"): string =>
    `${middle(side, "wall").toFixed(2)} s (CPU ${middle(side, "cpu").toFixed(2)} s)`;
  return {
    figures: [`one-host stack ${seconds("whole")}`, `empty program ${seconds("empty")}`],
    ratios: [
      { value: middle("whole", "wall") / middle("empty", "wall"), goal: GOAL },
      { name: "of CPU", value: middle("whole", "cpu") / middle("empty", "cpu") },
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
