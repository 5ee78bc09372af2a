import type { Command } from "commander";
import { type CheckReport, parseCheck, type Trouble, troublesOf } from "../documents/checkReport";
import { type Answer, askHosts, stdoutOf } from "../fleet/askHosts";
import { loginSecretsOf } from "../fleet/loginSecrets";
import type { Ran } from "../fleet/session";
import { chosenHosts, Progress } from "./hosts";
import { CHECK_WORDS, type CheckWords } from "../words/check";
import type { Language } from "../words/language";
import { EXIT, languageOption, printJson, project, strong } from "./output";

/** Two environments, two ways, two tries of at most 30 s each, and a pause between them. */
const SECONDS = 400;
/** lqptctl's exit statuses that come with a report: Leqi is reached, or is not. */
const REPORTED = [0, 14];

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
      const { dialled, untouched } = chosenHosts(folder, stack, names);
      const secrets = await loginSecretsOf(folder.path, stack, dialled);
      const progress = new Progress(lang, "lqptctl check", dialled.length);
      progress.start();
      const question = { words: ["check"], seconds: SECONDS };
      const read = (ran: Ran): CheckReport => parseCheck(stdoutOf(ran, REPORTED));
      const answers = await askHosts(dialled, secrets, question, read, progress.told);
      const words = CHECK_WORDS[lang];
      if (json)
        printJson({ stack, hosts: answers.map(forPrograms), notDialled: untouched.map(({ name }) => name) });
      else console.log(answers.map((answer) => renderAnswer(answer, words)).join("\n"));
      untouched.forEach(({ name }) => console.error(words.notDialled(name)));
      if (answers.some((answer) => troubles(answer).length > 0)) process.exitCode = EXIT.found;
    });
}

function troubles({ said, problem }: Answer<CheckReport>): readonly Trouble[] {
  return said === undefined ? [{ kind: "silent", detail: problem }] : troublesOf(said);
}

function forPrograms(answer: Answer<CheckReport>): object {
  const { host, said } = answer;
  return { host: host.name, address: host.address, findings: troubles(answer), check: said ?? null };
}

function renderAnswer(answer: Answer<CheckReport>, words: CheckWords): string {
  const { host, said } = answer;
  const found = troubles(answer);
  const title = `${host.name} (${host.address})`;
  const how = (found.length === 0 ? words.reached : words.trouble)(title);
  const told = said === undefined ? how : words.callsLeft(how, said.callsLeft);
  const head = found.length === 0 ? told : strong(told);
  return [head, ...found.map((one) => strong(`  ! ${words.says(one)}`))].join("\n");
}
