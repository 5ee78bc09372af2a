import type { Command } from "commander";
import { explain } from "../config/explain";
import { stackInputFromFile } from "../config/fromYaml";
import { parseStack } from "../config/parse";
import { FILE_WORDS } from "../words/files";
import type { Language } from "../words/language";
import { columns, languageOption, printJson, project } from "./output";

interface Options {
  readonly json?: true;
  readonly lang: Language;
}

export function addShow(program: Command): void {
  program
    .command("show")
    .description("everything that counts for a stack, and which file each value comes from")
    .argument("<stack>", "its name: acme-prod for Pulumi.acme-prod.yaml")
    .option("--json", "for programs: path, value and file of each")
    .addOption(languageOption("of the table's head"))
    .addHelpText(
      "after",
      "\nSecrets are told to be set, never shown. Ends with 1 where the stack has a mistake.",
    )
    .action((stack: string, { json, lang }: Options) => {
      const input = stackInputFromFile(project(), stack);
      const values = explain(input, parseStack(input));
      if (json) printJson({ stack, values });
      else {
        const rows = values.map(({ from, path, value }) => [from, path, textOf(value)]);
        console.log(columns([FILE_WORDS[lang].head, ...rows]).join("\n"));
      }
    });
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value.trimEnd().replaceAll("\n", "\\n") : JSON.stringify(value);
}
