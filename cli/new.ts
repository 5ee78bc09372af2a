import type { Command } from "commander";
import type { NewStack } from "../fleet/newStack";
import { answered } from "./newQuestions";
import { asker } from "./asker";
import { NEW_STACK_WORDS } from "../words/newStack";
import { SHARED_WORDS } from "../words/shared";
import { printJson, project } from "./output";
import { choice, prepare, refuseExisting, type StackOptions, withStackOptions, write } from "./stackWriting";

export function addNew(program: Command): void {
  withStackOptions(program.command("new"))
    .description("a new customer's stack: asks, or takes flags; writes its file, and its secrets encrypted")
    .addOption(choice("--delivery <how>", "bundle where nobody can dial it; default ssh", ["ssh", "bundle"]))
    .option("--allow <sources...>", "who may reach it besides what is inherited: 203.0.113.9=ACME")
    .addHelpText(
      "after",
      "\nWithout a terminal nothing is asked, and what is needed must be given. Pulumi encrypts the secrets: it must be\nlogged in, and find its passphrase in PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE.",
    )
    .action(create);
}

async function create(stack: string, options: StackOptions): Promise<void> {
  const folder = project();
  refuseExisting(folder, stack);
  const ask = process.stdin.isTTY ? await asker(options.lang) : undefined;
  const prepared = await prepare(folder, stack, await answered(folder, stack, options, ask), ask);
  const written = write(folder, stack, prepared, options.lang);
  if (options.json) printJson(written);
  else {
    const steps = NEW_STACK_WORDS[options.lang].steps(stack, written.file, nextOf(prepared.answers, stack));
    console.log(SHARED_WORDS[options.lang].next(steps));
  }
}

function nextOf({ hosts }: NewStack, stack: string): string {
  return hosts.some(({ delivery }) => delivery === "bundle")
    ? `lqpt bundle ${stack}`
    : `pulumi up --stack ${stack}`;
}
