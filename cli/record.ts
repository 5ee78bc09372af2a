import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Command } from "commander";
import { stackInputFromFile } from "../config/fromYaml";
import { recordFile } from "../config/input";
import { parseStack } from "../config/parse";
import type { HostConfig, StackConfig } from "../config/types";
import { reportIn } from "../documents/bundle";
import { remarkOfDelivery } from "../documents/delivery";
import { renderDocument } from "../documents/document";
import { parseRecord, parseSent, recordOf, renderRecord, type SentReport } from "../documents/record";
import { BUNDLE_WORDS } from "../words/bundle";
import { DELIVERY_WORDS } from "../words/delivery";
import type { Language } from "../words/language";
import { readGiven, writing } from "./givenFiles";
import { languageOption, printJson, project } from "./output";

const STANDARD_INPUT = 0;

interface Options {
  readonly json?: true;
  readonly lang: Language;
}

export function addRecord(program: Command): void {
  program
    .command("record")
    .description("take back what a host's administrator sent after running its bundle")
    .argument("<stack>", "its name: acme-prod for Pulumi.acme-prod.yaml")
    .argument("[file]", "what was sent; default: standard input")
    .option("--json", "for programs: the report, its file, and what is still to be done there")
    .addOption(languageOption("of what is said"))
    .addHelpText(
      "after",
      "\nWrites records/<stack>/<host>.json beside Pulumi.yaml; commit it. An older report than the one recorded is refused.",
    )
    .action((stack: string, file: string | undefined, { json, lang }: Options) => {
      const folder = project();
      const config = parseStack(stackInputFromFile(folder, stack));
      const report = parseSent(reportIn(textOf(file)));
      const host = hostOf(config, report);
      const path = recordFile(stack, host.name);
      const record = recordOf(report, host, new Date());
      const known = folder.text(path);
      if (known !== undefined) refuseOlder(report, path, known);
      writing(join(folder.path, path), () => {
        mkdirSync(dirname(join(folder.path, path)), { recursive: true });
        writeFileSync(join(folder.path, path), renderRecord(record));
      });
      const remark = remarkOfDelivery(config, host, renderDocument(config, host), record);
      if (json) printJson({ stack, host: host.name, file: path, report, remark });
      else {
        const { machine, at, digest, whitelist } = report;
        console.log(BUNDLE_WORDS[lang].recorded(path, machine, at, digest, whitelist.length));
        console.log(DELIVERY_WORDS[lang](remark));
      }
    });
}

function textOf(file: string | undefined): string {
  if (file === undefined) return readFileSync(STANDARD_INPUT, "utf8");
  return readGiven(file, "", "what the host's administrator sent").toString("utf8");
}

/**
 * The same report may be recorded twice: a mail is read twice too.
 *
 * @throws Error where a later one, or another of the same moment, is recorded already.
 */
function refuseOlder(report: SentReport, path: string, text: string): void {
  const { recorded, address, ...known } = parseRecord(path, text);
  if (report.at > known.at || JSON.stringify(report) === JSON.stringify(known)) return;
  throw new Error(
    `this report is of ${report.at}, and ${path} has one of ${known.at}, written down on ${recorded} for ${address}; expected a later one. Have the newest bundle run again and record what it prints. Where the machine is another one or its clock was put back, delete the record first`,
  );
}

/** @throws Error where the report is of a host that is none of this stack's, or is dialled. */
function hostOf(config: StackConfig, { owner, host: name }: SentReport): HostConfig {
  const hosts = config.hosts.filter(({ delivery }) => delivery === "bundle");
  const found = hosts.find((host) => host.name === name);
  if (owner === config.id && found !== undefined) return found;
  const allowed = hosts.map((host) => `${host.name} of ${config.id}`).join(", ");
  throw new Error(
    `the report is of ${name} of ${owner}; expected one of a host of ${config.stack} with delivery: bundle: ${allowed || "there is none"}`,
  );
}
