import type { Command } from "commander";
import { ConfigError } from "../config/errors";
import { type Linted, lint } from "../fleet/lint";
import { FILE_WORDS, type FileWords } from "../words/files";
import type { Language } from "../words/language";
import { EXIT, issueForPrograms, languageOption, printJson, project } from "./output";

interface Options {
  readonly json?: true;
  readonly lang: Language;
}

export function addLint(program: Command): void {
  program
    .command("lint")
    .description("check stacks' files as `pulumi preview` does, and all of them against each other")
    .argument("[stack...]", "which to tell of; default: all in the project's folder")
    .option("--json", "for programs: every stack with its mistakes and warnings")
    .addOption(languageOption("of what is said beside mistakes and warnings, which are in English"))
    .addHelpText("after", "\nNeeds no passphrase and no network. Ends with 1 where a stack has a mistake.")
    .action((stacks: readonly string[], { json, lang }: Options) => {
      const linted = lint(project(), stacks);
      if (json) printJson({ stacks: linted.map(forPrograms) });
      else print(linted, FILE_WORDS[lang]);
      process.exitCode = linted.some(({ issues }) => issues.length > 0) ? EXIT.found : EXIT.ok;
    });
}

function forPrograms({ stack, file, issues, warnings }: Linted): object {
  return { stack, file, issues: issues.map(issueForPrograms), warnings };
}

function print(linted: readonly Linted[], words: FileWords): void {
  const issues = linted.flatMap((one) => one.issues);
  if (issues.length > 0) console.error(new ConfigError(unique(issues)).message);
  for (const { warnings } of linted) warnings.forEach((warning) => console.error(words.warning(warning)));
  const mistaken = linted.filter((one) => one.issues.length > 0).length;
  console.log(words.checked(linted.length, mistaken));
}

/** A mistake of an environment's file comes with each stack that inherits it, and is one. */
function unique<T>(issues: readonly T[]): T[] {
  return [...new Map(issues.map((issue) => [JSON.stringify(issue), issue])).values()];
}
