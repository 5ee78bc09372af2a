import { readdirSync } from "node:fs";
import { join } from "node:path";
import { type Bench, isBeyond, lineOf } from "./support/outcome";

/** Every file of this folder but this one is a bench and exports what `Bench` has; what they share is in support/. */
const NAMES = readdirSync(__dirname)
  .filter((file) => file.endsWith(".ts") && file !== "run.ts")
  .map((file) => file.replace(/\.ts$/, ""));

async function main(args: readonly string[]): Promise<number> {
  if (args.includes("--help")) {
    console.log(await usage());
    return 0;
  }
  const [name, ...more] = args;
  if (name === undefined || more.length > 0 || !NAMES.includes(name)) {
    const found = args.length === 0 ? "no name" : JSON.stringify(args.join(" "));
    console.error(`found ${found}, expected one bench of: ${NAMES.join(", ")}\n\n${await usage()}`);
    return 64;
  }
  const outcome = await (await load(name)).run();
  console.log(lineOf(name, outcome));
  return isBeyond(outcome) ? 1 : 0;
}

async function load(name: string): Promise<Bench> {
  return (await import(join(__dirname, name))) as Bench;
}

async function usage(): Promise<string> {
  const benches = await Promise.all(NAMES.map(async (name) => ({ name, about: (await load(name)).about })));
  const width = Math.max(...NAMES.map((name) => name.length));
  return `npm run bench -- NAME    measures one thing and ends with one line of figures

${benches.map(({ name, about }) => `  ${name.padEnd(width)}    ${about}`).join("\n")}

A ratio beyond its goal is shown as missed; a bench fails on an error or beyond twice its goal.`;
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  },
);
