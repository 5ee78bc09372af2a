import type { Command } from "commander";
import type { CheckReport } from "../documents/checkReport";
import { askCheck, checkTroubles } from "../fleet/askCheck";
import type { Answer } from "../fleet/askHosts";
import { loginSecretsOf } from "../fleet/loginSecrets";
import { chosenHosts, Progress, saidOfNoHosts } from "./hosts";
import { CHECK_WORDS, type CheckWords } from "../words/check";
import type { Language } from "../words/language";
import { EXIT, languageOption, printJson, project, strong } from "./output";

interface Options {
  readonly json?: true;
  readonly lang: Language;
}

export function addCheck(program: Command): void {
  program
    .command("check")
    .description("is Leqi reached? The connectivity test of the vendor's document, on each host of a stack")
    .argument("<stack>", "its name: acme-prod for Pulumi.acme-prod.yaml")
    .argument("[hosts...]", "names of hosts; default: all")
    .option("--json", "for programs: what each host's check said")
    .addOption(languageOption("of what is said"))
    .addHelpText(
      "after",
      "\nDirectly and through nginx, a few calls an hour, counted on the host: too many earn a ban. Needs a stack that is\nup. Ends with 1 where Leqi is not reached.",
    )
    .action(async (stack: string, names: readonly string[], { json, lang }: Options) => {
      const folder = project();
      const { config, dialled, untouched } = chosenHosts(folder, stack, names);
      const secrets = await loginSecretsOf(folder.path, stack, dialled);
      const progress = new Progress(lang, "lqptctl check", dialled.length);
      progress.start();
      const answers = await askCheck(dialled, secrets, progress.told);
      const words = CHECK_WORDS[lang];
      if (json)
        printJson({ stack, hosts: answers.map(forPrograms), notDialled: untouched.map(({ name }) => name) });
      else
        console.log(
          saidOfNoHosts(config, lang) ?? answers.map((answer) => renderAnswer(answer, words)).join("\n"),
        );
      untouched.forEach(({ name }) => console.error(words.notDialled(name)));
      if (answers.some((answer) => checkTroubles(answer).length > 0)) process.exitCode = EXIT.found;
    });
}

function forPrograms(answer: Answer<CheckReport>): object {
  const { host, said } = answer;
  return { host: host.name, address: host.address, findings: checkTroubles(answer), check: said ?? null };
}

function renderAnswer(answer: Answer<CheckReport>, words: CheckWords): string {
  const { host, said } = answer;
  const found = checkTroubles(answer);
  const title = `${host.name} (${host.address})`;
  const how = (found.length === 0 ? words.reached : words.trouble)(title);
  const told = said === undefined ? how : words.callsLeft(how, said.callsLeft);
  const head = found.length === 0 ? told : strong(told);
  return [head, ...found.map((one) => strong(`  ! ${words.says(one)}`))].join("\n");
}
