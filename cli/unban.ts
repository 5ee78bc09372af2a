import { readFileSync, writeFileSync } from "node:fs";
import type { Command } from "commander";
import type { ProjectFolder } from "../config/projectFolder";
import type { HostConfig, StackConfig } from "../config/types";
import { strangerOf } from "../fleet/findings";
import { askHistory, askStatus } from "../fleet/askStatus";
import { loginSecretsOf } from "../fleet/loginSecrets";
import type * as docx from "../forms/docx";
import type * as docxTemplate from "../forms/docxTemplate";
import { FORM_WORDS } from "../words/forms";
import type { Language } from "../words/language";
import { STATUS_WORDS } from "../words/status";
import { renderText } from "../forms/text";
import { type HostEvidence, type UnbanFacts, unbanFillings, unbanForm } from "../forms/unban";
import { chosenHosts, Progress } from "./hosts";
import { languageOption, printJson, project } from "./output";
import { recordedOf } from "../fleet/remarks";

interface Options {
  readonly reason: string;
  readonly lang: Language;
  readonly json?: true;
  readonly out?: string;
  readonly template?: string;
}

const SECONDS = 120;

export function addUnban(program: Command): void {
  program
    .command("unban")
    .description(
      "关于申请开启乐企访问的申请: the application to have a banned IP reopened, from what the hosts say",
    )
    .argument("<stack>", "its name: acme-prod for Pulumi.acme-prod.yaml")
    .requiredOption("--reason <text>", "what was wrong and what was done about it, for the tax bureau")
    .option("-o, --out <file.docx>", "write it as a .docx file; default: text, printed")
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
  const hosts = [
    ...(await evidenceOf(folder, config, dialled, lang)),
    ...untouched.map((host) => recordedEvidence(folder, config, host)),
  ];
  const facts = { config, hosts, reason, now: new Date() };
  const form = unbanForm(facts, lang);
  if (out !== undefined) writeFileSync(out, await fileOf(facts, lang, template));
  if (json) printJson({ stack, out: out ?? null, ...form });
  else if (out === undefined) process.stdout.write(renderText(form));
  else console.log(FORM_WORDS[lang].unban(out, form.title));
}

/** @throws Error where the application would have gaps. */
function refuseGaps({ customer, registeredIp, stack, hosts, firewall }: StackConfig): void {
  if (firewall.mode === "external") {
    throw new Error(
      `${stack} has lqpt:firewall.mode external, so anybody may get a handshake on the port, and the application would say that nobody does; write it yourself, or let firewalld be the lock`,
    );
  }
  const gaps = [
    ...(customer === undefined ? ["lqpt:customer"] : []),
    ...(registeredIp === undefined ? ["lqpt:registeredIp"] : []),
    ...(hosts.length === 0 ? ["lqpt:hosts"] : []),
  ];
  if (gaps.length === 0) return;
  throw new Error(
    `${stack} has no ${gaps.join(", ")}; expected them in its file: the application names them`,
  );
}

async function evidenceOf(
  folder: ProjectFolder,
  config: StackConfig,
  hosts: readonly HostConfig[],
  language: Language,
): Promise<HostEvidence[]> {
  const secrets = await loginSecretsOf(folder.path, config.stack, hosts);
  const progress = new Progress(language, "lqptctl status and history", hosts.length);
  progress.start();
  const statuses = await askStatus(hosts, secrets, progress.told);
  const histories = await askHistory(hosts, secrets, SECONDS);
  return statuses.map(({ host, said, problem }, index) => {
    const history = histories[index];
    if (said === undefined) throw new Error(`${host.name}: ${problem}`);
    if (history?.said === undefined) throw new Error(`${host.name}: ${history?.problem ?? "no history"}`);
    if (said.owner === null) {
      throw new Error(
        `${host.name}: nothing is in force there, so nobody knows who gets in; pulumi up first`,
      );
    }
    // The application is about this machine, and says that the port is open to nobody else: that must be true when it is stamped.
    const stranger = strangerOf(config, host, said);
    if (stranger !== undefined)
      throw new Error(`${host.name}: ${STATUS_WORDS.en.findings.stranger(stranger)}`);
    const [deviation] = said.deviations;
    if (deviation !== undefined) {
      throw new Error(`${host.name}: ${deviation}. Mend that first: lqpt drift ${config.stack} --repair`);
    }
    const { name, address } = host;
    return { name, address, from: "host", whitelist: said.whitelist, history: history.said };
  });
}

/** @throws Error where nothing is known of it. */
function recordedEvidence(folder: ProjectFolder, config: StackConfig, host: HostConfig): HostEvidence {
  const record = recordedOf(folder, config, host);
  if (record === undefined) {
    throw new Error(
      `${host.name}: nobody dials it, and nothing is recorded of it, so nobody knows who gets in there. Have its report sent and recorded (lqpt record), or take it out of the file where it is gone for good`,
    );
  }
  const whitelist = record.whitelist.map((source) => ({ source, since: null }));
  return { name: host.name, address: host.address, from: "record", whitelist, history: [] };
}

async function fileOf(facts: UnbanFacts, lang: Language, template: string | undefined): Promise<Buffer> {
  // Loaded here, because it takes longer than all that the other commands do.
  if (template === undefined) {
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    return (require("../forms/docx") as typeof docx).renderDocx(unbanForm(facts, lang));
  }
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { fillTemplate } = require("../forms/docxTemplate") as typeof docxTemplate;
  return fillTemplate(readFileSync(template), unbanFillings(facts, lang)).catch((error: unknown) => {
    throw new Error(`${template}: ${error instanceof Error ? error.message : String(error)}`);
  });
}
