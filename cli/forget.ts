import type { Command } from "commander";
import { stackInputFromFile } from "../config/fromYaml";
import { stackFile } from "../config/input";
import { parseStack } from "../config/parse";
import type { StackConfig } from "../config/types";
import { pulumiPrints } from "../fleet/pulumi";
import { type HostInState, hostInState } from "../fleet/stateOf";
import type { Language } from "../forms/form";
import { asker } from "./newQuestions";
import { languageOption, project } from "./output";
import { pulumi } from "./pulumi";

interface Options {
  readonly yes?: true;
  readonly lang: Language;
}

export function addForget(program: Command): void {
  program
    .command("forget")
    .description("a dead machine: takes it out of the stack's state, and tells what stays open there")
    .argument("<stack>", "its name: acme-prod for Pulumi.acme-prod.yaml")
    .argument("<host>", "the machine's name in it, with state: out, or in the file no more")
    .option("-y, --yes", "take it out without a question")
    .addOption(languageOption("of the question"))
    .addHelpText(
      "after",
      "\nNobody dials the machine, and nothing is done there. Without this, `pulumi up` of a file that names it no more\nwould dial it to take away what is ours.",
    )
    .action(forget);
}

async function forget(stack: string, host: string, { yes, lang }: Options): Promise<void> {
  const folder = project();
  refuseLiving(parseStack(stackInputFromFile(folder, stack)), host);
  const inState = hostInState(await pulumiPrints(folder.path, ["stack", "export", "--stack", stack]), host);
  if (inState.urns.length === 0) {
    throw new Error(
      `the state of ${stack} holds nothing of ${host}; expected the name of a host that \`pulumi up\` reached once. Nothing was changed`,
    );
  }
  console.log(whatStaysOpen(host, inState));
  if (yes === undefined) await agree(host, inState.urns.length, lang);
  for (const urn of inState.urns) pulumi(folder.path, ["state", "delete", urn, "--yes", "--stack", stack]);
  console.log(
    `${host}: ${inState.urns.length} resources taken out of the state of ${stack}. Next: take it out of ${stackFile(stack)}, with its secrets, if it is still there; then pulumi up`,
  );
}

/** @throws Error where the next `up` would dial it. */
function refuseLiving({ hosts, stack }: StackConfig, name: string): void {
  const host = hosts.find((one) => one.name === name);
  if (host === undefined || host.state === "out") return;
  throw new Error(
    `${name} is in: ${stackFile(stack)} has it, and the next pulumi up would set it up once more. Of a machine that lives, take it out of the file, and pulumi up takes away what is ours; of one that is dead, write state: out under it first`,
  );
}

function whatStaysOpen(host: string, { report }: HostInState): string {
  if (report === undefined) {
    return `${host} never reported what is in force there, or that cannot be read: whoever it let in it lets in still, if it runs. lqptctl close on its console ends that`;
  }
  const sources = [...report.whitelist, ...Object.keys(report.temporary)];
  return `${host}, if it runs, lets in as it last reported: ${sources.join(", ") || "nobody"}. lqptctl close on its console ends that`;
}

async function agree(host: string, resources: number, lang: Language): Promise<void> {
  if (!process.stdin.isTTY) {
    throw new Error(`${host}: nobody can be asked here; expected --yes. Nothing was changed`);
  }
  const ask = await asker(lang);
  if (!(await ask.yes(ask.words.forget(host, resources)))) throw new Error("nothing was changed");
}
