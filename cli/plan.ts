import { availableParallelism } from "node:os";
import { type Command, Option } from "commander";
import type { ProjectFolder } from "../config/projectFolder";
import { comparePlans, type Plan } from "../fleet/plan/plan";
import { type Fleet, renderFleet } from "../fleet/plan/rendered";
import { type Compared, planReport, type SeenLine } from "../fleet/plan/report";
import { type Previewed, previews, withFilesOf } from "../fleet/plan/previews";
import { cutting, hostsThatKnow, type Seen, whenSeen } from "../fleet/plan/seen";
import { isRefused } from "../fleet/plan/summary";
import { renderMarkdown } from "../fleet/report/render";
import {
  branchPoint,
  changedFiles,
  filesBetween,
  folderAt,
  type Revision,
  revision,
  uncommitted,
} from "../fleet/revision";
import { Progress } from "./hosts";
import type { Language } from "../words/language";
import { PLAN_WORDS } from "../words/plan";
import { EXIT, issueForPrograms, languageOption, printJson, project, shownText, whole } from "./output";

interface Options {
  readonly changedSince: string;
  readonly to?: string;
  readonly eachCommit?: true;
  readonly seen?: true;
  readonly preview?: true;
  readonly pool: number;
  readonly markdown?: true;
  readonly json?: true;
  readonly lang: Language;
}

export function addPlan(program: Command): void {
  program
    .command("plan")
    .description("what a change of the files means for every stack: who is let in where, and who no longer")
    .argument("[stack...]", "which to tell of; default: all in the project's folder")
    .option("--changed-since <revision>", "what it is compared with, from where history left it", "HEAD")
    .option("--to <revision>", "the revision to look at; default: the files as they are here")
    .option(
      "--each-commit",
      "tell of what commits in between have changed and changed back, too: for a rollout of several",
    )
    .option("--seen", "ask the hosts when each source that is to go last called; dials them over SSH")
    .option(
      "--preview",
      "run the real pulumi preview of each stack that changes, and lay it beside its documents",
    )
    .option("--pool <count>", "how many previews at a time", whole(1), availableParallelism())
    .option("--markdown", "for a comment on a pull request")
    .addOption(new Option("--json", "for programs").conflicts("markdown"))
    .addOption(languageOption("of the report"))
    .addHelpText(
      "after",
      `
Needs no secret, no state and no network, but for --seen and --preview. The program that is run renders both revisions: on a pull
request run the base branch's, with --to the head. Ends with 1 where a file has a mistake, or where the program and
stacks change at once; a change alone is no mistake. The first line of --markdown is always <!-- lqpt plan -->`,
    )
    .action(plan);
}

async function plan(stacks: readonly string[], options: Options): Promise<void> {
  const folder = project();
  const { path } = folder;
  const to = options.to === undefined ? undefined : revision(path, options.to);
  const head = to ?? revision(path, "HEAD");
  const from = branchPoint(path, revision(path, options.changedSince), head);
  const before = renderFleet(folderAt(path, from));
  const after = renderFleet(to === undefined ? folder : folderAt(path, to));
  const between = options.eachCommit ? filesBetween(path, from, head) : [];
  const compared = comparePlans(before, after, changedFiles(path, from, to), between);
  const found = only(stacks, compared, before, after);
  const seen = options.seen === undefined ? [] : await askWhenSeen(folder, found, before, options.lang);
  const previewed = options.preview === undefined ? [] : await preview(folder, to, found, after, options);
  const left = to === undefined ? uncommitted(path).length : 0;
  print(found, { seen, previews: previewed }, { from, to, left }, options);
  const isOther = previewed.some(({ different, problem }) => problem !== undefined || different.length > 0);
  process.exitCode = isRefused(found) || isOther ? EXIT.found : EXIT.ok;
}

async function preview(
  folder: ProjectFolder,
  to: Revision | undefined,
  found: Plan,
  after: Fleet,
  { pool, lang }: Options,
): Promise<Previewed[]> {
  const stacks = found.stacks.filter(({ kind }) => kind !== "gone").map(({ stack }) => stack);
  const told = ({ stack }: Previewed): void => {
    if (process.stderr.isTTY) console.error(PLAN_WORDS[lang].previewEnded(stack));
  };
  if (to === undefined) return previews(folder.path, stacks, after, pool, told);
  return withFilesOf(folder, folderAt(folder.path, to), after, (path) =>
    previews(path, stacks, after, pool, told),
  );
}

/** What was asked for beside the documents. */
interface Beside {
  readonly seen: readonly Seen[];
  readonly previews: readonly Previewed[];
}

/** @throws Error where there is no such stack in either revision. */
function only(stacks: readonly string[], found: Plan, before: Fleet, after: Fleet): Plan {
  const unknown = stacks.find((stack) => !before.has(stack) && !after.has(stack));
  if (unknown !== undefined) {
    throw new Error(
      `no stack ${JSON.stringify(unknown)} in either revision; expected ${[...after.keys()].join(", ") || "one that has a file"}`,
    );
  }
  const chosen = ({ stack }: { readonly stack: string }): boolean =>
    stacks.length === 0 || stacks.includes(stack);
  return { ...found, stacks: found.stacks.filter(chosen), mistaken: found.mistaken.filter(chosen) };
}

async function askWhenSeen(
  folder: ProjectFolder,
  found: Plan,
  before: Fleet,
  language: Language,
): Promise<Seen[]> {
  const stacks = cutting(found.stacks);
  const hosts = stacks.flatMap((one) => hostsThatKnow(one, before));
  const progress = new Progress(language, "lqptctl status", hosts.length);
  progress.start();
  return whenSeen(folder, stacks, before, progress.told);
}

interface Between {
  readonly from: Revision;
  /** Undefined: the files as they are. */
  readonly to: Revision | undefined;
  /** How many of those are not committed. */
  readonly left: number;
}

function print(found: Plan, beside: Beside, { from, to, left }: Between, options: Options): void {
  const { json, markdown, lang } = options;
  if (json) {
    const revisions = { from, to: to ?? null, uncommitted: left };
    printJson({
      ...revisions,
      ...found,
      mistaken: found.mistaken.map((one) => ({ ...one, issues: one.issues.map(issueForPrograms) })),
      ...(options.seen === undefined ? {} : { seen: beside.seen }),
      ...(options.preview === undefined ? {} : { previews: beside.previews }),
    });
    return;
  }
  const words = PLAN_WORDS[lang];
  const compared: Compared = {
    from: nameOf(from),
    to: to === undefined ? words.workTree(left) : nameOf(to),
  };
  const lines = beside.seen.map((one): SeenLine => {
    const { source, stack, host, lastSeen, requests, problem } = one;
    const text = lastSeen === null ? words.seenNever : words.seenLast(lastSeen, requests);
    return { source, where: `${stack} ${host}`, text: problem ?? text };
  });
  const report = planReport(found, compared, words, lines, beside.previews);
  process.stdout.write(markdown ? renderMarkdown(report, lang) : shownText(report));
}

function nameOf({ name, commit }: Revision): string {
  const short = commit.slice(0, 10);
  return commit.startsWith(name) ? short : `${name} (${short})`;
}
