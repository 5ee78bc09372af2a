import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { stackInputFromFile } from "../config/fromYaml";
import { parseStack } from "../config/parse";
import type { HostConfig, StackConfig } from "../config/types";
import { renderBundle } from "../documents/bundle";
import { hostKeysOf, secretParts } from "./bundleKeys";
import { BUNDLE_WORDS } from "../words/bundle";
import type { Language } from "../words/language";
import { SHARED_WORDS } from "../words/shared";
import { makeFolder, writeGiven, writing } from "./givenFiles";
import { languageOption, printJson, project } from "./output";

interface Options {
  readonly out: string;
  readonly secrets?: true;
  readonly json?: true;
  readonly lang: Language;
}

export function addBundle(program: Command): void {
  program
    .command("bundle")
    .description("one file for each host that nobody can dial, for its administrator to run there as root")
    .argument("<stack>", "its name: acme-prod for Pulumi.acme-prod.yaml")
    .option("-o, --out <folder>", "where to write the files; made where it is not there", ".")
    .option(
      "--secrets",
      "with the listener's key in it, which https needs, and VRRP's password, which lqpt:vip needs; Pulumi decrypts them",
    )
    .option("--json", "for programs: host, file and digest of each")
    .addOption(languageOption("of what is to be done next"))
    .addHelpText(
      "after",
      "\nOf hosts with lqpt:hosts.<host>.delivery: bundle. Nothing in the files is secret without --secrets. The administrator compares\nthe digest by telephone, runs the file, and sends its report back, for `lqpt record`.",
    )
    .action(async (stack: string, { out, json, lang, secrets }: Options) => {
      const folder = project();
      const config = parseStack(stackInputFromFile(folder, stack));
      const hosts = bundledHosts(config);
      const keys = await keysFor(folder.path, config, secrets === true);
      const bundles = hosts.map((host) => [host.name, renderBundle(config, host, keys)] as const);
      makeFolder(out);
      const written = bundles.map(([host, bundle]) => {
        const file = join(out, bundle.file);
        if (keys === undefined) writeGiven(file, bundle.text);
        else writeSecret(file, bundle.text);
        return { host, file, sha256: bundle.sha256 };
      });
      if (json) printJson({ stack, bundles: written });
      else {
        written.forEach(({ host, file, sha256 }) => console.log(`${host}: ${file}\n  ${spelt(sha256)}`));
        console.log(SHARED_WORDS[lang].next(BUNDLE_WORDS[lang].steps(stack)));
      }
    });
}

/** @throws Error where there is no such host. */
function bundledHosts(config: StackConfig): HostConfig[] {
  const hosts = config.hosts.filter(({ delivery, state }) => delivery === "bundle" && state === "in");
  if (hosts.length > 0) return hosts;
  throw new Error(
    `${config.stack} has no host with delivery: bundle that is in; the others get their document by pulumi up, or nothing. Write delivery: bundle under the host that nobody can dial`,
  );
}

/** @throws Error where something secret is needed and nobody asked for it, or the reverse. */
async function keysFor(folder: string, config: StackConfig, asked: boolean): Promise<string | undefined> {
  const parts = secretParts(config);
  if (parts.length > 0 && asked) return hostKeysOf(folder, config);
  if (parts.length === 0 && !asked) return undefined;
  throw new Error(
    parts.length > 0
      ? `${whyKeys(config)}, so its file must bring ${parts.join(" and ")}; expected --secrets, which puts that in. The file is then as secret as what is in it`
      : `${config.stack} speaks plain http and has no lqpt:vip, so there is nothing secret to bring; expected no --secrets`,
  );
}

function whyKeys({ stack, listen, vip }: StackConfig): string {
  const reasons = [
    ...(listen.tls === "none" ? [] : [`speaks https (lqpt:listen.tls: ${listen.tls})`]),
    ...(vip === undefined ? [] : [`shares an address (lqpt:vip: ${vip.address})`]),
  ];
  return `${stack} ${reasons.join(" and ")}`;
}

/** Anew, so that nobody can read it whom an older file of that name let read. */
function writeSecret(file: string, text: string): void {
  writing(file, () => {
    rmSync(file, { force: true });
    writeFileSync(file, text, { mode: 0o600, flag: "wx" });
  });
}

/** A digest as it is read out: groups of eight. */
function spelt(sha256: string): string {
  return (sha256.match(/.{8}/g) ?? []).join(" ");
}
