import { shortened } from "../lastWords";
import { line, type Line, report, type Report, section } from "../report/report";
import { type Finding, isDrift } from "./judge";
import type { HostRead, StackRead } from "./readBack";
import type { Repaired } from "./repair";
import type { DriftWords } from "../../words/drift";

/** Who changed a host last, by its own history; by `stack host`. */
export type LastChanges = ReadonlyMap<
  string,
  { readonly who: string; readonly verb: string; readonly time: string }
>;

interface One {
  readonly stack: string;
  readonly read: HostRead;
}

/**
 * A fleet that was read back, in words, the gravest first.
 *
 * @param now milliseconds since 1970
 */
export function driftReport(
  reads: readonly StackRead[],
  words: DriftWords,
  now: number,
  lasts: LastChanges = new Map(),
  repairs: readonly Repaired[] = [],
): Report {
  const all: One[] = reads.flatMap(({ stack, hosts }) => hosts.map((read) => ({ stack, read })));
  const equal = all.filter(({ read }) => read.how === "asked" && !read.findings.some(isDrift)).length;
  const counts = { stacks: reads.length, hosts: all.length, equal };
  const found = (holds: (finding: Finding) => boolean, sign: Line["sign"]): Line[] =>
    all.flatMap((one) => findingLines(one, one.read.findings.filter(holds), sign, words, lasts));
  const silent = all.filter(({ read }) => read.how === "silent");
  const remarks = (outstanding: boolean, sign: Line["sign"]): Line[] =>
    all.flatMap((one) => {
      const { remark } = one.read;
      if (remark?.outstanding !== outstanding) return [];
      return [line(sign, `${nameOf(one)}: ${words.remark(remark)}${age(one.read, words, now)}`)];
    });
  return report(
    "lqpt drift",
    words.title,
    [words.counts(counts)],
    [
      section(
        words.exposed,
        found(({ kind }) => kind === "exposed", "!"),
      ),
      section(
        words.drifted,
        found((finding) => finding.kind !== "exposed" && isDrift(finding), "!"),
      ),
      section(
        words.silent,
        silent.map((one) => line("!", `${nameOf(one)}: ${shortened(one.read.problem ?? "")}`)),
      ),
      section(
        words.unread,
        reads.flatMap(({ stack, problem }) => (problem === undefined ? [] : problemLines(stack, problem))),
      ),
      section(words.outstanding, remarks(true, "!")),
      section(
        words.notices,
        found((finding) => !isDrift(finding), " "),
      ),
      section(words.recorded, remarks(false, " ")),
      section(
        words.repaired,
        repairs.map((one) => repairLine(one, words)),
      ),
    ],
  );
}

/** Whoever is root on a host may have it say what he likes, and it must not keep another's exposure out of a report. */
const MOST_LINES = 10;

function nameOf({ stack, read }: One): string {
  return `${stack} ${read.host} (${read.address})`;
}

function findingLines(
  one: One,
  findings: readonly Finding[],
  sign: Line["sign"],
  words: DriftWords,
  lasts: LastChanges,
): Line[] {
  const last = lasts.get(`${one.stack} ${one.read.host}`);
  const by = last === undefined ? "" : ` (${words.last(last.who, last.verb, last.time)})`;
  const lines = findings.slice(0, MOST_LINES).map(({ kind, detail }) => {
    const told = kind === "other" || kind === "closed" ? by : "";
    return line(sign, `${nameOf(one)}: ${words.findings[kind](shortened(detail))}${told}`);
  });
  const left = findings.length - lines.length;
  const all = `lqpt drift ${one.stack} --json`;
  return left === 0 ? lines : [...lines, line(sign, `${nameOf(one)}: ${words.more(left, all)}`)];
}

function age({ record }: HostRead, words: DriftWords, now: number): string {
  if (record === undefined) return "";
  return ` (${words.age(Math.max(0, Math.floor((now - Date.parse(record.at)) / 86_400_000)))})`;
}

function problemLines(stack: string, problem: string): Line[] {
  return problem
    .split("\n")
    .map((text, index) => line(index === 0 ? "!" : " ", index === 0 ? `${stack}: ${text}` : text));
}

function repairLine(one: Repaired, words: DriftWords): Line {
  return line(one.refusal === undefined ? "+" : "!", repairedText(one, words.isRepaired, words));
}

/**
 * What became of making one host equal again.
 *
 * @param done where nothing kept it from being done
 */
export function repairedText({ stack, host, refusal }: Repaired, done: string, words: DriftWords): string {
  const told = refusal === undefined ? done : words.refusals[refusal.kind](refusal);
  return `${stack} ${host}: ${told}`;
}
