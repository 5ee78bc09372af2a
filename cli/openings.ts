import type { Command } from "commander";
import { stackInputFromFile } from "../config/fromYaml";
import { stackFile } from "../config/input";
import { isEnvironment } from "../config/lists";
import { parseStack } from "../config/parse";
import type { StackConfig } from "../config/types";
import type { Language } from "../words/language";
import { openingsForm } from "../forms/openings";
import { renderText } from "../forms/text";
import { docxName, docxOf } from "./formFile";
import { writeGiven } from "./givenFiles";
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
    .option("-o, --out <file.docx>", "write it as a .docx file; default: text, printed", docxName)
    .option("--json", "for programs: the form, part by part")
    .addOption(languageOption("of the application", "zh"))
    .action(async (stack: string, { lang, out, json }: Options) => {
      const folder = project();
      // Whoever applies for the openings has no login yet.
      const config = parseStack({ ...stackInputFromFile(folder, stack), needsSecrets: false });
      refuseWithoutHosts(config, folder.stacks());
      const form = openingsForm(config, lang);
      if (out !== undefined) writeGiven(out, await docxOf(form));
      if (json) printJson({ stack, out: out ?? null, ...form });
      else if (out === undefined) process.stdout.write(renderText(form));
      else console.log(`${out}: ${form.title}`);
    });
}

/** @throws Error where there would be nothing in the form: the base files have no hosts, nor has a stack that was just begun. */
function refuseWithoutHosts({ stack, hosts }: StackConfig, stacks: readonly string[]): void {
  if (hosts.length > 0) return;
  const customers = stacks.filter((one) => !isEnvironment(one)).join(", ");
  const next = isEnvironment(stack)
    ? `it is a list that stacks inherit; name a customer's stack: ${customers || "none has a file here yet, lqpt new writes one"}`
    : `write them into ${stackFile(stack)} first`;
  throw new Error(`${stack} has no lqpt:hosts, so there is nothing to open; ${next}`);
}
