import type { Command } from "commander";
import { DEFAULT_PORT } from "../config/schema";
import type { StackConfig } from "../config/types";
import { type FoundMachine, parseFound } from "../documents/doctorReport";
import { lqptctl } from "../documents/tool";
import { askHosts, stdoutOf } from "../fleet/askHosts";
import { refuseUnusedPort } from "../fleet/foundHost";
import { knownLists } from "../fleet/knownLists";
import { lint } from "../fleet/lint";
import { checkNewStack } from "../fleet/newStack";
import { takeOver } from "../fleet/takeOver";
import { IMPORT_WORDS } from "../words/import";
import type { Language } from "../words/language";
import { SHARED_WORDS } from "../words/shared";
import { Progress } from "./hosts";
import { portOf } from "./newAnswers";
import { answered } from "./newQuestions";
import { asker } from "./asker";
import { byLogin } from "./newSecrets";
import { EXIT, issueForPrograms, printJson, project, strong } from "./output";
import {
  prepare,
  type Prepared,
  refuseExisting,
  type StackOptions,
  withStackOptions,
  write,
  type Written,
} from "./stackWriting";

interface Options extends StackOptions {
  readonly listenPort: string;
}

/** Until a machine must have told of itself: a long log takes its time. */
const SECONDS = 120;
/** Stands for the list until the machine was asked; a list must not be empty. */
const NOT_ASKED_YET = "203.0.113.254=not asked yet";

export function addImport(program: Command): void {
  withStackOptions(program.command("import"))
    .description(
      "a stack for a machine that runs already: reads it over SSH, and writes a file that cuts nobody off",
    )
    .option("--listen-port <number>", "the port that the machine serves", String(DEFAULT_PORT))
    .addHelpText(
      "after",
      "\nChanges nothing on the machine. What is in force there becomes lqpt:allow, with its first and last call by nginx's\nlog; what must not be there becomes lqpt:remove. The file's comments say what a reviewer must decide before the\nfirst `pulumi up`.",
    )
    .action(importStack);
}

async function importStack(stack: string, options: Options): Promise<void> {
  const folder = project();
  refuseExisting(folder, stack);
  const port = portOf("--listen-port", options.listenPort);
  const ask = process.stdin.isTTY ? await asker(options.lang) : undefined;
  const fixed = { ...options, allow: [NOT_ASKED_YET], delivery: "ssh" } as const;
  const prepared = await prepare(folder, stack, await answered(folder, stack, fixed, ask), ask);
  const config = checkNewStack(folder, stack, prepared.mark, prepared.answers);
  const machines = await look(config, port, prepared, options.lang);
  const day = new Date().toISOString().slice(0, 10);
  const known = { ...knownLists(folder, config), tls: prepared.answers.tls };
  const { allow, callersUnknown, decisions, ...takenOver } = takeOver(machines, known, day);
  const words = IMPORT_WORDS[options.lang];
  const comments = decisions.map(({ say }) => words.toDecide(say(words)));
  const answers = { ...prepared.answers, allow, takenOver: { port, comments, ...takenOver } };
  const written = write(folder, stack, { ...prepared, answers }, options.lang);
  const issues = lint(folder, [stack]).flatMap((one) => one.issues);
  if (options.json) {
    printJson({
      ...written,
      decisions: decisions.map(({ kind, say }) => ({ kind, text: say(IMPORT_WORDS.en) })),
      callersUnknown,
      issues: issues.map(issueForPrograms),
    });
  } else tell(written, comments, issues.length, options.lang);
  // A mistake is left to a person too: a list that is in force and that no stack may have.
  if (issues.length > 0 || callersUnknown) process.exitCode = EXIT.found;
}

/** @throws Error where a machine does not answer, or another stack holds it. */
async function look(
  config: StackConfig,
  port: number,
  { secrets }: Prepared,
  language: Language,
): Promise<ReadonlyMap<string, FoundMachine>> {
  const progress = new Progress(language, "lqptctl doctor", config.hosts.length);
  progress.start();
  const question = {
    words: ["doctor", "--port", String(port)],
    seconds: SECONDS,
    tool: lqptctl().packed,
  };
  const answers = await askHosts(
    ...([config.hosts, byLogin(secrets), question] as const),
    (ran) => parseFound(stdoutOf(ran, [0])),
    progress.told,
  );
  const found = new Map(
    answers.map(({ host, said, problem }) => {
      if (said === undefined) throw new Error(`${host.name}: ${problem}. Nothing was written`);
      const { owner } = said.proxy;
      if (owner === null) return [host.name, said];
      throw new Error(
        `${host.name} is held by ${owner} already; expected a machine that was set up by hand. The stack with lqpt:id: ${owner} has it; where its file is lost, write one with that id, and pulumi up takes the machine up again. Nothing was written`,
      );
    }),
  );
  refuseUnusedPort(found, port);
  return found;
}

/** What is left to a person. */
function tell(
  { stack, file }: Written,
  comments: readonly string[],
  mistakes: number,
  language: Language,
): void {
  comments.forEach((comment) => console.log(strong(comment)));
  const words = IMPORT_WORDS[language];
  if (mistakes === 0) console.log(SHARED_WORDS[language].next(words.steps(stack, file)));
  else console.error(words.mistakes(stack, file, mistakes));
}
