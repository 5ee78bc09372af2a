import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Command, Option } from "commander";
import { ConfigError } from "../config/errors";
import { STACK_NAME } from "../config/fromYaml";
import { stackFile } from "../config/input";
import type { ProjectFolder } from "../config/projectFolder";
import { fullWidthWords } from "../config/spelling";
import { clashesOf } from "../fleet/newClashes";
import { checkNewStack, newMark, type NewStack, renderStackFile } from "../fleet/newStack";
import { withHostKeys } from "./hostKeys";
import { answersOf, type NewOptions } from "./newAnswers";
import type { Asker } from "./asker";
import { pathOf, type Secret, type SecretFiles, secretsOfHosts } from "./newSecrets";
import type { Language } from "../words/language";
import { NEW_STACK_WORDS } from "../words/newStack";
import { languageOption } from "./output";
import { writing } from "./givenFiles";
import { pulumi } from "./pulumi";
import { refuseWithoutPulumi } from "./pulumiReady";

/** What every command that writes a stack's file may be given. */
export interface StackOptions extends NewOptions, SecretFiles {
  readonly lang: Language;
  readonly json?: true;
  readonly agreed?: readonly string[];
}

/** A stack that is not written yet, and whose hosts are known for what they are. */
export interface Prepared {
  /** Its `lqpt:id`. */
  readonly mark: string;
  readonly answers: NewStack;
  readonly secrets: readonly Secret[];
}

/** An option with the only words that it takes. */
export function choice(flags: string, text: string, choices: readonly string[]): Option {
  return new Option(flags, text).choices(choices);
}

/** The options of `StackOptions`. */
export function withStackOptions(command: Command): Command {
  return command
    .argument("<stack>", "its name: acme-prod, for Pulumi.acme-prod.yaml, which must not be there yet")
    .addOption(choice("--environment <names...>", "what it serves", ["sandbox", "prod"]))
    .addOption(choice("--topology <name>", "where its back ends are", ["public-cloud", "private-cloud"]))
    .option("--leqi-id <id>", "the Leqi ID")
    .option("--customer <name>", "the customer's name")
    .option("--credit-code <code>", "the customer's credit code")
    .option("--registered-ip <address>", "the egress IP that Leqi has registered")
    .addOption(choice("--tls <how>", "what the listener speaks", ["self-signed", "none"]))
    .option("--host <addresses...>", "the machine; two for a pair")
    .option("--host-key <keys...>", "their host keys, where they were got by another way")
    .option("--agreed <fingerprints...>", "SHA256:… of the host keys to be fetched, instead of the question")
    .option("--port <number>", "sshd's; default 22")
    .option("--user <name>", "whom to log in as; default root")
    .addOption(choice("--auth <how>", "with what; default agent", ["agent", "key", "password"]))
    .addOption(choice("--sudo <how>", "how root is had", ["none", "nopasswd", "password"]))
    .option("--private-key <file>", "the private key to log in with")
    .option("--password-file <file>", "a file with the password to log in with, and nothing else")
    .option("--sudo-password-file <file>", "the same for sudo")
    .option("--bastion <address>", "the bastion through which each machine is dialled")
    .option("--bastion-host-key <key>", "its host key, where it was got by another way")
    .option("--bastion-port <number>", "its sshd's; default 22")
    .option("--bastion-user <name>", "whom to log in to it as")
    .addOption(choice("--bastion-auth <how>", "with what; default agent", ["agent", "key", "password"]))
    .option("--bastion-private-key <file>", "the private key to log in to it with")
    .option("--bastion-password-file <file>", "a file with its password, and nothing else")
    .option("--json", "for programs: the file, and the secrets that were set")
    .addOption(languageOption("of what is asked and said"));
}

/** All that can go wrong before anything is written: mistakes, clashes, host keys that nobody agreed to, secrets. */
export async function prepare(
  folder: ProjectFolder,
  stack: string,
  options: StackOptions,
  ask: Asker | undefined,
): Promise<Prepared> {
  const given = answersOf(options);
  const mark = newMark(stack);
  checkNewStack(folder, stack, mark, given);
  // Before a person was asked it was looked at.
  if (ask === undefined) await refuseWithoutPulumi(folder.path);
  const { secrets, ...machines } = await withHostKeys(given, options, ask);
  const answers = { ...given, ...machines };
  refuseClashes(folder, stack, mark, answers);
  return { mark, answers, secrets: [...secrets, ...(await secretsOfHosts(answers.hosts, options, ask))] };
}

/** What was written, for programs. */
export interface Written {
  readonly stack: string;
  readonly file: string;
  /** Where Pulumi keeps the secrets that were set: `lqpt:secrets.proxy-1.privateKey`. */
  readonly secrets: readonly string[];
}

/** Writes the file, has Pulumi make the stack and encrypt its secrets. */
export function write(
  folder: ProjectFolder,
  stack: string,
  { mark, answers, secrets }: Prepared,
  language: Language,
): Written {
  const file = stackFile(stack);
  const words = NEW_STACK_WORDS[language];
  writing(join(folder.path, file), () => {
    writeFileSync(join(folder.path, file), renderStackFile(mark, answers), { flag: "wx" });
  });
  console.error(words.written(file));
  encrypt(folder, stack, secrets);
  const paths = secrets.map(pathOf);
  paths.forEach((path) => console.error(words.secretSet(path)));
  return { stack, file, secrets: paths };
}

/** Nothing is ever overwritten, and no name that is a path. */
export function refuseExisting(folder: ProjectFolder, stack: string): void {
  if (!STACK_NAME.test(stack)) {
    const wide = fullWidthWords(stack, (plain) => STACK_NAME.test(plain));
    throw new Error(`the stack's name: ${wide}expected 1 to 100 letters, digits, _ . and -, as acme-prod`);
  }
  if (folder.content(stackFile(stack)) !== undefined) {
    throw new Error(
      `there is ${stackFile(stack)} already; expected the name of a stack that has no file. Nothing was overwritten`,
    );
  }
}

/** Makes the stack and sets its secrets. Where Pulumi fails, what was made by then is taken back: half a stack is none. */
function encrypt(folder: ProjectFolder, stack: string, secrets: readonly Secret[]): void {
  let isMade = false;
  try {
    pulumi(folder.path, ["stack", "init", stack, "--no-select"]);
    isMade = true;
    for (const secret of secrets) {
      const words = ["config", "set", "--secret", "--path", pathOf(secret), "--stack", stack];
      pulumi(folder.path, words, secret.text);
    }
  } catch (error) {
    const left = takeBack(folder, stack, isMade);
    throw new Error(`${error instanceof Error ? error.message : String(error)}. ${left}`);
  }
}

/** What is left then. A stack that somebody else made before is never touched. */
function takeBack(folder: ProjectFolder, stack: string, isMade: boolean): string {
  const words = ["stack", "rm", stack, "--yes"];
  try {
    if (isMade) pulumi(folder.path, words);
    return `Nothing is left of it: ${stackFile(stack)} was taken back; mend that, and call this again`;
  } catch {
    return `${stackFile(stack)} was taken back, and the stack is still there, without anything in it; call pulumi ${words.join(" ")}, then this again`;
  } finally {
    rmSync(join(folder.path, stackFile(stack)), { force: true });
  }
}

function refuseClashes(folder: ProjectFolder, stack: string, mark: string, answers: NewStack): void {
  const issues = clashesOf(folder, checkNewStack(folder, stack, mark, answers));
  if (issues.length > 0) throw new ConfigError(issues);
}
