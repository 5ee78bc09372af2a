import { type Command, InvalidArgumentError, Option } from "commander";
import { stackInputFromFile } from "../config/fromYaml";
import { parseStack } from "../config/parse";
import { parseRemoval, REMOVAL_RULE } from "../config/removals";
import type { ProjectFolder } from "../config/projectFolder";
import { passwordAccounts, readCarefully } from "../fleet/drift/careful";
import { lastChanges } from "../fleet/drift/lastChanges";
import { type HostRead, isWrong, readBack, type StackRead } from "../fleet/drift/readBack";
import { proved, repair, type Repaired } from "../fleet/drift/repair";
import { driftReport, repairedText } from "../fleet/drift/report";
import { renderPage } from "../fleet/drift/page";
import { renderMarkdown } from "../fleet/report/render";
import { DRIFT_WORDS, type DriftWords } from "../words/drift";
import type { Language } from "../words/language";
import { ROLLOUT_WORDS } from "../words/rollout";
import { SHARED_WORDS } from "../words/shared";
import { writing } from "./givenFiles";
import { EXIT, languageOption, printJson, project, shownText, writePrivate } from "./output";

interface Options {
  readonly repair?: true;
  readonly remove: readonly string[];
  readonly html?: string;
  readonly markdown?: true;
  readonly json?: true;
  readonly lang: Language;
}

export function addDrift(program: Command): void {
  program
    .command("drift")
    .description("read every host back and compare it with what its stack's state says")
    .argument("[stack...]", "which to read; default: all in the project's folder that have hosts")
    .option(
      "--repair",
      "make what is not equal to its stack's state equal again: the same document, applied anew",
    )
    .addOption(
      new Option(
        "--remove <what>",
        "with --repair: take away what somebody put there by hand, as lqpt:remove would; may be repeated",
      )
        .argParser(readConsent)
        .default([]),
    )
    .option(
      "--html <file>",
      "write the whole fleet as one page, to be searched and filtered; beside the report",
    )
    .option("--markdown", "for an issue or a comment")
    .addOption(new Option("--json", "for programs").conflicts("markdown"))
    .addOption(languageOption("of the report"))
    .addHelpText(
      "after",
      `
Dials the hosts over SSH with the pinned keys and changes nothing, but for --repair. Needs Pulumi logged in to the stacks'
backend, and the passphrase where reaching a host takes a secret. Ends with 1 where something is not as it should be;
with --repair, where something still is not.`,
    )
    .action(drift);
}

async function drift(names: readonly string[], options: Options): Promise<void> {
  const folder = project();
  const stacks = names.length > 0 ? names : folder.stacks();
  const words = DRIFT_WORDS[options.lang];
  let left = stacks.length;
  const told = ({ stack }: StackRead): void => {
    left -= 1;
    const read = words.read(stack);
    if (process.stderr.isTTY) console.error(left === 0 ? read : SHARED_WORDS[options.lang].left(read, left));
  };
  const reads = withHosts(await readAll(folder, stacks, told, ROLLOUT_WORDS[options.lang].whys.account));
  const tried = options.repair === undefined ? [] : await repairAll(folder, reads, options.remove, words);
  const after = tried.length === 0 ? reads : withHosts(await readBack(folder, stacks));
  const repairs = proved(tried, after);
  if (options.html !== undefined) {
    // It tells who may reach every customer.
    const { html } = options;
    writing(html, () => {
      writePrivate(html, renderPage(after, options.lang, Date.now()));
    });
  }
  await print(folder, after, repairs, options);
  process.exitCode = after.some(isWrong) ? EXIT.found : EXIT.ok;
}

/** @param shutOut what is said of a stack whose account was not let in elsewhere */
async function readAll(
  folder: ProjectFolder,
  stacks: readonly string[],
  told: (read: StackRead) => void,
  shutOut: string,
): Promise<StackRead[]> {
  const accounts = new Map(stacks.map((stack) => [stack, accountsOf(folder, stack)]));
  const reads = await readCarefully(stacks, accounts, (some) => readBack(folder, some, told));
  return stacks.map(
    (stack) =>
      reads.get(stack) ?? { stack, config: undefined, problem: shutOut, hosts: [], others: new Map() },
  );
}

/** What is wrong with its file is told by whoever reads it back. */
function accountsOf(folder: ProjectFolder, stack: string): string[] {
  try {
    return passwordAccounts(parseStack(stackInputFromFile(folder, stack)));
  } catch {
    return [];
  }
}

/** A list that others inherit has none, and nothing to be said of. */
function withHosts(reads: readonly StackRead[]): StackRead[] {
  return reads.filter(({ problem, hosts }) => problem !== undefined || hosts.length > 0);
}

/** @throws InvalidArgumentError where it is nothing that can be removed. */
function readConsent(text: string, before: readonly string[]): string[] {
  const read = parseRemoval(text);
  if (read.what === undefined) throw new InvalidArgumentError(`${read.problem}; expected ${REMOVAL_RULE}`);
  return [...before, read.what];
}

async function repairAll(
  folder: ProjectFolder,
  reads: readonly StackRead[],
  consent: readonly string[],
  words: DriftWords,
): Promise<Repaired[]> {
  return repair(folder, reads, consent, (one) => {
    if (process.stderr.isTTY) console.error(repairedText(one, words.applied, words));
  });
}

async function print(
  folder: ProjectFolder,
  reads: readonly StackRead[],
  repairs: readonly Repaired[],
  { json, markdown, lang, repair: asked }: Options,
): Promise<void> {
  if (json) {
    printJson({
      stacks: reads.map(forPrograms),
      ...(asked
        ? { repairs: repairs.map(({ refusal, ...one }) => ({ ...one, refusal: refusal ?? null })) }
        : {}),
    });
    return;
  }
  const lasts = await lastChanges(folder, reads);
  const report = driftReport(reads, DRIFT_WORDS[lang], Date.now(), lasts, repairs);
  process.stdout.write(markdown ? renderMarkdown(report, lang) : shownText(report));
}

function forPrograms({ stack, problem, hosts }: StackRead): object {
  return {
    ...{ stack, problem: problem ?? null },
    hosts: hosts.map(hostForPrograms),
  };
}

function hostForPrograms({ host, address, how, findings, ...more }: HostRead): object {
  const { problem, remark, status, record } = more;
  return {
    ...{ host, address, how, findings, problem: problem ?? null, remark: remark ?? null },
    ...{ status: status ?? null, record: record ?? null },
  };
}
