import { ConfigError } from "../../config/errors";
import type { Change, Sign } from "./changes";
import type { Plan, StackPlan } from "./plan";
import { type Line, line, type Report, report, type Section, section } from "../report/report";
import { type Group, groupsOf, isMixed, listChanges, ownerOf, replacements } from "./summary";
import type { Previewed } from "./previews";
import type { PlanWords } from "../../words/plan";

/** What is compared, in words. */
export interface Compared {
  readonly from: string;
  readonly to: string;
}

/** When each source that is to go was last seen on a host; see `Seen`. */
export interface SeenLine {
  readonly source: string;
  readonly where: string;
  readonly text: string;
}

/** A plan in words, what matters most at the top; whoever shows it decides how. */
export function planReport(
  plan: Plan,
  compared: Compared,
  words: PlanWords,
  seen: readonly SeenLine[] = [],
  previews: readonly Previewed[] = [],
): Report {
  const unreached = plan.stacks.flatMap(({ unreached: hosts }) => hosts).length;
  const isNothing = plan.stacks.length + plan.program.length + plan.mistaken.length === 0;
  return report(
    "lqpt plan",
    words.title,
    [words.compared(compared.from, compared.to), isNothing ? words.nothing : words.counts(plan, unreached)],
    [
      programSection(plan, words),
      section(words.mistakes, mistakes(plan)),
      section(
        words.preview,
        previews.map((one) => previewLine(one, words)),
      ),
      section(words.dangers, dangers(plan, words)),
      section(`${words.list} (${words.listMeans})`, list(plan, words)),
      section(words.advice, advice(plan, words)),
      section(
        words.seen,
        seen.map(({ source, where, text }) => line("-", `${source}  ${where}: ${text}`)),
      ),
      section(words.unreached, unreachedLines(plan, words)),
      section(
        words.changes,
        groupsOf(plan.stacks).flatMap((group) => groupLines(group, words)),
        true,
      ),
    ],
  );
}

function programSection(plan: Plan, words: PlanWords): Section {
  const files = plan.program.map((file) => line("!", file));
  const mixed = isMixed(plan) ? [line("!", words.mixed)] : [];
  return section(
    words.program,
    files.length === 0 ? [] : [...mixed, line(" ", words.programMeans), ...files],
  );
}

function mistakes({ mistaken }: Plan): Line[] {
  const issues = mistaken.flatMap((one) => one.issues);
  const unique = [...new Map(issues.map((issue) => [JSON.stringify(issue), issue])).values()];
  if (unique.length === 0) return [];
  return new ConfigError(unique).message
    .split("\n")
    .map((text) => line(text.startsWith(" ") ? " " : "!", text));
}

function previewLine({ stack, steps, different, problem }: Previewed, words: PlanWords): Line {
  if (problem !== undefined) return line("!", `${stack}: ${problem}`);
  if (different.length > 0) return line("!", `${stack}: ${words.previewDiffers(different.join(", "))}`);
  const told = Object.entries(steps).map(([op, count]) => `${op} ${count}`);
  return line(" ", `${stack}: ${words.previewed(told.join(", "))}`);
}

function dangers({ stacks }: Plan, words: PlanWords): Line[] {
  const told = new Map<string, string[]>();
  for (const { stack, dangers: all } of stacks) {
    for (const danger of all) {
      const text = words.danger[danger.kind](danger);
      told.set(text, [...(told.get(text) ?? []), stack]);
    }
  }
  return [...told].map(([text, names]) => line("!", `${names.join(", ")}: ${text}`));
}

/** How many stacks are named before they are only counted. */
const NAMED = 4;

function list(plan: Plan, words: PlanWords): Line[] {
  return listChanges(plan).map(({ sign, cidr, owner, within, stacks }) => {
    const environment = [...new Set(stacks.map((one) => one.environment))].join(", ");
    const names = stacks.length > NAMED ? "" : `: ${stacks.map(({ stack }) => stack).join(", ")}`;
    return line(
      sign,
      `${cidr}  ${owner}${staying(sign, within, words)}  ${words.stacks(stacks.length, environment)}${names}`,
    );
  });
}

function advice(plan: Plan, words: PlanWords): Line[] {
  return replacements(plan).map(({ come, gone }) => {
    const [first] = come;
    const names = (all: typeof come): string => all.map(({ cidr }) => cidr).join(", ");
    return line(" ", words.split(names(come), names(gone), first?.stacks.length ?? 0));
  });
}

function unreachedLines({ stacks }: Plan, words: PlanWords): Line[] {
  return stacks.flatMap(({ stack, unreached }) =>
    unreached.map(({ host, why }) => line(" ", `${stack} ${host}  ${words[why]}`)),
  );
}

function groupLines({ stacks, one, because }: Group, words: PlanWords): Line[] {
  const files = because.map((file) => (file === "own" ? words.ownFile : file)).join(", ");
  const facts = [
    words.stacks(stacks.length, one.environment),
    ...(one.kind === "changed" ? [] : [words.kinds[one.kind]]),
    ...(one.depth === "enforced" ? [] : [words.depths[one.depth]]),
    ...(files === "" ? [] : [words.because(files)]),
  ];
  return [
    line("*", `${facts.join("; ")}:`),
    ...wrapped(stacks.map(({ stack }) => stack)).map((names) => line(" ", `  ${names}`)),
    ...sorted(one).map((change) => line(change.sign, changeText(change, words))),
  ];
}

const WIDTH = 100;

/** Names as people count them, c2 before c10, as many on a line as there is room for. */
function wrapped(names: readonly string[]): string[] {
  const lines: string[] = [];
  for (const name of [...names].sort(new Intl.Collator("en", { numeric: true }).compare)) {
    const last = lines.at(-1);
    if (last === undefined || last.length + name.length + 2 > WIDTH) lines.push(name);
    else lines[lines.length - 1] = `${last}, ${name}`;
  }
  return lines;
}

/** That another entry makes nothing of it: whoever goes from the list stays let in, or was let in before. */
function staying(sign: Sign, within: string | undefined, words: PlanWords): string {
  if (within === undefined) return "";
  return ` [${(sign === "-" ? words.stays : words.letIn)(within)}]`;
}

/** What opens or closes the port comes first, however many settings change. */
function sorted({ changes }: StackPlan): Change[] {
  return [...changes].sort((one, other) => Number(other.of === "source") - Number(one.of === "source"));
}

function changeText(change: Change, words: PlanWords): string {
  const { of, sign, what, before, after, within } = change;
  if (of === "secret") return words.secret(what);
  if (of === "source") {
    return `${what}  ${ownerOf(change)}${staying(sign, within, words)}`;
  }
  const values = [before, after].filter((text) => text !== undefined);
  return `${of === "remove" ? words.consent(what) : what}: ${values.join(" → ")}`;
}
