import { writeFileSync } from "node:fs";
import type { Command } from "commander";
import { stackInputFromFile } from "../config/fromYaml";
import { parseStack } from "../config/parse";
import type * as docx from "../forms/docx";
import type { Language } from "../words/language";
import { openingsForm } from "../forms/openings";
import { renderText } from "../forms/text";
import { languageOption, printJson, project } from "./output";

interface Options {
  readonly lang: Language;
  readonly out?: string;
  readonly json?: true;
}

export function addOpenings(program: Command): void {
  program
    .command("openings")
    .description("防火墙开通申请单: what the customer's network team is asked to let through, in and out")
    .argument("<stack>", "its name: acme-prod for Pulumi.acme-prod.yaml")
    .option("-o, --out <file.docx>", "write it as a .docx file; default: text, printed")
    .addOption(languageOption("of the application", "zh"))
    .option("--json", "for programs: the form's facts, tables and notes")
    .action(async (stack: string, { lang, out, json }: Options) => {
      const form = openingsForm(parseStack(stackInputFromFile(project(), stack)), lang);
      if (out !== undefined) {
        // Loaded here, because it takes longer than all that the other commands do.
        // eslint-disable-next-line @typescript-eslint/no-require-imports
        const { renderDocx } = require("../forms/docx") as typeof docx;
        writeFileSync(out, await renderDocx(form));
      }
      if (json) printJson({ stack, out: out ?? null, ...form });
      else if (out === undefined) process.stdout.write(renderText(form));
      else console.log(`${out}: ${form.title}`);
    });
}
