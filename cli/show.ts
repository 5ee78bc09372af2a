import type { Command } from "commander";
import { explain, type Explained } from "../config/explain";
import { stackInputFromFile } from "../config/fromYaml";
import { parseStack } from "../config/parse";
import { printJson, project } from "./output";

export function addShow(program: Command): void {
  program
    .command("show")
    .description("everything that counts for a stack, and which file each value comes from")
    .argument("<stack>", "its name: acme-prod for Pulumi.acme-prod.yaml")
    .option("--json", "for programs: path, value and file of each")
    .addHelpText(
      "after",
      "\nSecrets are told to be set, never shown. Ends with 1 where the stack has a mistake.",
    )
    .action((stack: string, { json }: { readonly json?: true }) => {
      const input = stackInputFromFile(project(), stack);
      const told = explain(input, parseStack(input));
      if (json) printJson(told);
      else console.log(told.map(lineOf(told)).join("\n"));
    });
}

/** Values come last: what a person wrote may be of any width. */
function lineOf(all: readonly Explained[]): (one: Explained) => string {
  const width = (key: "from" | "path"): number => Math.max(...all.map((one) => one[key].length));
  const [from, path] = [width("from"), width("path")];
  return (one) => `${one.from.padEnd(from)}  ${one.path.padEnd(path)}  ${textOf(one.value)}`;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value.trimEnd().replaceAll("\n", "\\n") : JSON.stringify(value);
}
