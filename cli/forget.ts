import type { Command } from "commander";
import { stackInputFromFile } from "../config/fromYaml";
import { stackFile } from "../config/input";
import { parseStack } from "../config/parse";
import type { StackConfig } from "../config/types";
import { pulumiPrints } from "../fleet/pulumi";
import { type HostInState, hostInState } from "../fleet/stateOf";
import type { Language } from "../words/language";
import { SHARED_WORDS } from "../words/shared";
import { STATE_WORDS, type StateWords } from "../words/state";
import { asker } from "./asker";
import { languageOption, printJson, project, say } from "./output";
import { pulumi } from "./pulumi";

interface Options {
  readonly yes?: true;
  readonly json?: true;
  readonly lang: Language;
}

export function addForget(program: Command): void {
  program
    .command("forget")
    .description("a dead machine: takes it out of the stack's state, and tells what stays open there")
    .argument("<stack>", "its name: acme-prod for Pulumi.acme-prod.yaml")
    .argument("<host>", "the machine's name in it, with state: out, or in the file no more")
    .option("-y, --yes", "take it out without a question")
    .option("--json", "for programs: what was taken out, and whom the machine lets in still")
    .addOption(languageOption("of what is said, and of the question"))
    .addHelpText(
      "after",
      "\nNobody dials the machine, and nothing is done there. Without this, `pulumi up` of a file that names it no more\nwould dial it to take away what is ours.",
    )
    .action(forget);
}

async function forget(stack: string, host: string, { yes, json, lang }: Options): Promise<void> {
  const folder = project();
  refuseLiving(parseStack(stackInputFromFile(folder, stack)), host);
  const inState = hostInState(await pulumiPrints(folder.path, ["stack", "export", "--stack", stack]), host);
  if (inState.urns.length === 0) {
    throw new Error(
      `the state of ${stack} holds nothing of ${host}; expected the name of a host that \`pulumi up\` reached once. Nothing was changed`,
    );
  }
  const words = STATE_WORDS[lang];
  const letsIn = sourcesOf(inState);
  say(whatStaysOpen(host, letsIn, words), json);
  if (yes === undefined) await agree(host, inState.urns.length, lang);
  for (const urn of inState.urns) pulumi(folder.path, ["state", "delete", urn, "--yes", "--stack", stack]);
  const resources = inState.urns.length;
  if (json) printJson({ stack, host, resources, letsIn: letsIn ?? null });
  else {
    console.log(words.takenOut(host, resources, stack));
    console.log(SHARED_WORDS[lang].next(words.afterwards(stackFile(stack))));
  }
}

/** @throws Error where the next `up` would dial it. */
function refuseLiving({ hosts, stack }: StackConfig, name: string): void {
  const host = hosts.find((one) => one.name === name);
  if (host === undefined || host.state === "out") return;
  throw new Error(
    `${name} is in: ${stackFile(stack)} has it, and the next pulumi up would set it up once more. Of a machine that lives, take it out of the file, and pulumi up takes away what is ours; of one that is dead, write state: out under it first`,
  );
}

/** Whom it let in when it last reported; undefined where it never did, or that cannot be read. */
function sourcesOf({ report }: HostInState): string[] | undefined {
  return report && [...report.whitelist, ...Object.keys(report.temporary)];
}

function whatStaysOpen(host: string, sources: readonly string[] | undefined, words: StateWords): string {
  return sources === undefined ? words.neverReported(host) : words.letsIn(host, sources);
}

async function agree(host: string, resources: number, lang: Language): Promise<void> {
  if (!process.stdin.isTTY) {
    throw new Error(`${host}: nobody can be asked here; expected --yes. Nothing was changed`);
  }
  const ask = await asker(lang);
  if (!(await ask.yes(ask.words.forget(host, resources)))) throw new Error("nothing was changed");
}
