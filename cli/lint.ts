import type { Command } from "commander";
import { ConfigError } from "../config/errors";
import { type Linted, lint } from "../fleet/lint";
import { EXIT, printJson, project } from "./output";

export function addLint(program: Command): void {
  program
    .command("lint")
    .description("check stacks' files as `pulumi preview` does, and all of them against each other")
    .argument("[stack...]", "which to tell of; default: all in the project's folder")
    .option("--json", "for programs: every stack with its mistakes and warnings")
    .addHelpText("after", "\nNeeds no passphrase and no network. Ends with 1 where a stack has a mistake.")
    .action((stacks: readonly string[], { json }: { readonly json?: true }) => {
      const linted = lint(project(), stacks);
      if (json)
        printJson(linted.map(({ stack, file, issues, warnings }) => ({ stack, file, issues, warnings })));
      else print(linted);
      process.exitCode = linted.some(({ issues }) => issues.length > 0) ? EXIT.found : EXIT.ok;
    });
}

function print(linted: readonly Linted[]): void {
  const issues = linted.flatMap((one) => one.issues);
  if (issues.length > 0) console.error(new ConfigError(unique(issues)).message);
  for (const { warnings } of linted) warnings.forEach((warning) => console.error(`warning: ${warning}`));
  const wrong = linted.filter((one) => one.issues.length > 0).length;
  console.log(
    `${linted.length} ${linted.length === 1 ? "stack" : "stacks"} checked, ${wrong === 0 ? "none" : wrong} with mistakes`,
  );
}

/** A mistake of an environment's file comes with each stack that inherits it, and is one. */
function unique<T>(issues: readonly T[]): T[] {
  return [...new Map(issues.map((issue) => [JSON.stringify(issue), issue])).values()];
}
