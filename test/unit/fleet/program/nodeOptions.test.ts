import { readFileSync } from "node:fs";
import { join } from "node:path";
import { nodeOptions } from "../../../../fleet/program/nodeOptions";
import { ROOT } from "../../config/stacks";

const OURS = readFileSync(join(ROOT, "Pulumi.yaml"), "utf8");

test("our program is run with the options of Pulumi.yaml, but for a heap for one run", () => {
  expect(nodeOptions(OURS)).toEqual([
    "--stack-trace-limit=2",
    "--require",
    "./tools/transpile.js",
    "--require",
    "./tools/deferred.js",
  ]);
});

test.each<[string, string]>([
  ["another language", OURS.replace("name: nodejs", "name: go")],
  ["a language alone", "name: lqpt\nruntime: nodejs\n"],
  ["TypeScript that Pulumi compiles", OURS.replace("typescript: false", "typescript: true")],
  ["another entry point", `${OURS}main: src\n`],
  ["quoted options", OURS.replace("--stack-trace-limit=2", "--require './a b.js'")],
  ["nothing", ""],
])("a program in %s is left to Pulumi", (_, text) => {
  expect(nodeOptions(text)).toBeUndefined();
});
