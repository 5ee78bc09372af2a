import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Command } from "commander";
import { stackInputFromFile } from "../config/fromYaml";
import { parseStack } from "../config/parse";
import type { HostConfig, StackConfig } from "../config/types";
import { reportIn } from "../documents/bundle";
import { remarkOfDelivery } from "../documents/delivery";
import { renderDocument } from "../documents/document";
import { type Mark, markIn, parseRecord, recordPath, renderRecord } from "../documents/record";
import { parseReport } from "../documents/report";
import { project } from "./output";

export function addRecord(program: Command): void {
  program
    .command("record")
    .description("take back what a host's administrator sent after running its bundle")
    .argument("<stack>", "its name: acme-prod for Pulumi.acme-prod.yaml")
    .argument("[file]", "what was sent; default: standard input")
    .addHelpText("after", "\nWrites records/<stack>/<host>.json beside Pulumi.yaml; commit it.")
    .action((stack: string, file: string | undefined) => {
      const folder = project();
      const config = parseStack(stackInputFromFile(folder, stack));
      const sent = reportIn(readFileSync(file ?? process.stdin.fd, "utf8"));
      const report = parseReport(sent);
      const host = hostOf(config, markIn(sent));
      const path = recordPath(stack, host.name);
      const text = renderRecord(report, new Date());
      mkdirSync(dirname(join(folder.path, path)), { recursive: true });
      writeFileSync(join(folder.path, path), text);
      console.log(`${path}: ${report.whitelist.length} sources in force; commit it`);
      console.log(remarkOfDelivery(stack, host, renderDocument(config, host), parseRecord(path, text)).text);
    });
}

/** @throws Error where the report is of a host that is none of this stack's, or is dialled. */
function hostOf(config: StackConfig, { owner, host: name }: Mark): HostConfig {
  const hosts = config.hosts.filter(({ delivery }) => delivery === "bundle");
  const found = hosts.find((host) => host.name === name);
  if (owner === config.id && found !== undefined) return found;
  const allowed = hosts.map((host) => `${host.name} of ${config.id}`).join(", ");
  throw new Error(
    `the report is of ${String(name)} of ${String(owner)}; expected one of a host of ${config.stack} with delivery: bundle: ${allowed || "there is none"}`,
  );
}
