import type { Command } from "commander";
import { evidenceOf, recordedEvidence, refuseGaps } from "../fleet/unbanEvidence";
import type * as docxTemplate from "../forms/docxTemplate";
import { FORM_WORDS } from "../words/forms";
import { type Language, languageOf } from "../words/language";
import { renderText } from "../forms/text";
import { type UnbanFacts, unbanFillings, unbanForm } from "../forms/unban";
import { docxName, docxOf } from "./formFile";
import { readGiven, writeGiven } from "./givenFiles";
import { chosenHosts, Progress } from "./hosts";
import { languageOption, printJson, project } from "./output";

interface Options {
  readonly reason: string;
  readonly lang: Language;
  readonly json?: true;
  readonly out?: string;
  readonly template?: string;
}

export function addUnban(program: Command): void {
  program
    .command("unban")
    .description(
      "关于申请开启乐企访问的申请: the application to have a banned IP reopened, from what the hosts say",
    )
    .argument("<stack>", "its name: acme-prod for Pulumi.acme-prod.yaml")
    .requiredOption("--reason <text>", "what was wrong and what was done about it, for the tax bureau")
    .option("-o, --out <file.docx>", "write it as a .docx file; default: text, printed", docxName)
    .option(
      "--template <file.docx>",
      "the official form, with {{customer}}, {{whitelist}} and so on; needs --out",
    )
    .option("--json", "for programs: the form, part by part")
    .addOption(languageOption("of the application", "zh"))
    .addHelpText(
      "after",
      "\nThe whitelist in force and its history are read from the hosts over SSH; of those that nobody dials, the whitelist\nis the recorded one. Placeholders of a template: customer, creditCode, leqiId, environments, registeredIp, reason,\ndate, and the tables whitelist and history, each in a paragraph of its own.",
    )
    .action(unban);
}

async function unban(stack: string, { reason, lang, json, out, template }: Options): Promise<void> {
  if (template !== undefined && out === undefined) {
    throw new Error("--template without --out: expected the name of the file to write");
  }
  const folder = project();
  const { config, dialled, untouched } = chosenHosts(folder, stack, []);
  refuseGaps(config);
  // What is said while it works is for whoever called it, and not for the tax bureau.
  const own = languageOf(process.env);
  const progress = new Progress(own, "lqptctl status and history", dialled.length);
  progress.start();
  const hosts = [
    ...(await evidenceOf(folder, config, dialled, progress.told)),
    ...untouched.map((host) => recordedEvidence(folder, config, host)),
  ];
  const facts = { config, hosts, reason, now: new Date() };
  const form = unbanForm(facts, lang);
  if (out !== undefined) {
    const file = template === undefined ? docxOf(form) : filled(template, facts, lang);
    writeGiven(out, await file);
  }
  if (json) printJson({ stack, out: out ?? null, ...form });
  else if (out === undefined) process.stdout.write(renderText(form));
  else console.log(FORM_WORDS[own].unban(out, form.title));
}

async function filled(template: string, facts: UnbanFacts, lang: Language): Promise<Buffer> {
  // Loaded here, because it takes longer than all that the other commands do.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { fillTemplate } = require("../forms/docxTemplate") as typeof docxTemplate;
  const form = readGiven(template, "--template ", "the official form, as a .docx file");
  return fillTemplate(form, unbanFillings(facts, lang)).catch((error: unknown) => {
    throw new Error(`${template}: ${error instanceof Error ? error.message : String(error)}`);
  });
}
