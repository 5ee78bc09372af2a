import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { stackInputFromFile } from "../config/fromYaml";
import { parseStack } from "../config/parse";
import type { StackConfig } from "../config/types";
import { type Bundle, renderBundle } from "../documents/bundle";
import { printJson, project } from "./output";

interface Options {
  readonly out: string;
  readonly json?: true;
}

export function addBundle(program: Command): void {
  program
    .command("bundle")
    .description("one file for each host that nobody can dial, for its administrator to run there as root")
    .argument("<stack>", "its name: acme-prod for Pulumi.acme-prod.yaml")
    .option("-o, --out <folder>", "where to write the files; made where it is not there", ".")
    .option("--json", "for programs: host, file and digest of each")
    .addHelpText(
      "after",
      "\nOf hosts with lqpt:hosts.<host>.delivery: bundle. Nothing in the files is secret. The administrator compares\nthe digest by telephone, runs the file, and sends its report back, for `lqpt record`.",
    )
    .action((stack: string, { out, json }: Options) => {
      const config = parseStack(stackInputFromFile(project(), stack));
      const bundles = bundlesOf(config);
      mkdirSync(out, { recursive: true });
      const written = bundles.map(([host, bundle]) => {
        const file = join(out, bundle.file);
        writeFileSync(file, bundle.text);
        return { host, file, sha256: bundle.sha256 };
      });
      if (json) printJson(written);
      else written.forEach(({ host, file, sha256 }) => console.log(`${host}: ${file}\n  ${spelt(sha256)}`));
    });
}

/** @throws Error where there is no such host, or no bundle can be made for them. */
function bundlesOf(config: StackConfig): (readonly [string, Bundle])[] {
  const hosts = config.hosts.filter(({ delivery, state }) => delivery === "bundle" && state === "in");
  if (hosts.length === 0) {
    throw new Error(
      `${config.stack} has no host with delivery: bundle that is in; the others get their document by pulumi up, or nothing. Write delivery: bundle under the host that nobody can dial`,
    );
  }
  return hosts.map((host) => [host.name, renderBundle(config, host)] as const);
}

/** A digest as it is read out: groups of eight. */
function spelt(sha256: string): string {
  return (sha256.match(/.{8}/g) ?? []).join(" ");
}
