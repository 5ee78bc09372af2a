import { type Command, InvalidArgumentError, Option } from "commander";
import type { ProjectFolder } from "../config/projectFolder";
import { renderFleet } from "../fleet/plan/rendered";
import { isRefused } from "../fleet/plan/summary";
import { revision, type Revision, uncommitted } from "../fleet/revision";
import { untriedCanaries } from "../fleet/rollout/canaries";
import { type Judged, prepare } from "../fleet/rollout/prepare";
import { readPlan, type ReviewedPlan } from "../fleet/rollout/reviewed";
import { type Outcome, roll, type RolloutEvent } from "../fleet/rollout/run";
import { settingsFor, type Shard, stacksOf } from "../fleet/rollout/scope";
import { type FleetSettings, readFleetSettings } from "../fleet/rollout/settings";
import { wavesOf } from "../fleet/rollout/waves";
import { whyText } from "../fleet/rollout/why";
import type { Language } from "../words/language";
import { ROLLOUT_WORDS, type RolloutWords } from "../words/rollout";
import { A_PLAN, readGiven } from "./givenFiles";
import { EXIT, languageOption, printJson, project, say, whole } from "./output";

interface Options extends Partial<Omit<FleetSettings, "canary">> {
  readonly canary?: readonly string[];
  readonly shard?: Shard;
  readonly onlyCanaries?: true;
  readonly dryRun?: true;
  readonly json?: true;
  readonly lang: Language;
}

export function addRollout(program: Command): void {
  program
    .command("rollout")
    .description("carry out what was reviewed, and nothing else, wave by wave over the fleet")
    .argument("<plan>", "what lqpt plan --json printed when it was reviewed")
    .option("--canary <stacks>", "stacks that go first, alone, by commas; default: fleet.yaml's", (text) =>
      text.split(","),
    )
    .option(
      "--group <count>",
      "how many stacks make a wave after that; default: fleet.yaml's, or 50",
      whole(1),
    )
    .option("--pool <count>", "how many stacks are changed at a time; default: fleet.yaml's, or 4", whole(1))
    .option(
      "--budget <count>",
      "how many stacks may fail before nothing new is begun; default: fleet.yaml's, or 0",
      whole(0),
    )
    .addOption(
      new Option("--shard <n/of>", "one of several jobs' share of the stacks: 2/8").argParser(readShard),
    )
    .addOption(
      new Option(
        "--only-canaries",
        "change the canaries and no other stack: before several jobs begin with their shares",
      ).conflicts("shard"),
    )
    .option(
      "--check",
      "have each wave's hosts call Leqi before the next is begun; default: fleet.yaml's, or not",
    )
    .option("--dry-run", "read the hosts back and tell what would be done; do nothing")
    .option("--json", "for programs: what became of each stack")
    .addOption(languageOption("of the report"))
    .addHelpText(
      "after",
      `
Needs Pulumi logged in to the stacks' backend, and their secrets. Whatever was killed is taken up by running it again:
what remains is whatever is not what was reviewed. Going back is reverting the commit and rolling that out. Ends with 1
where a stack failed, was left out, or was not begun; a stack outside its window waits, which is no failure.`,
    )
    .action(rollout);
}

async function rollout(file: string, options: Options): Promise<void> {
  const folder = project();
  const plan = readPlan(file, readGiven(file, "", A_PLAN).toString());
  const head = ready(folder, plan);
  const words = ROLLOUT_WORDS[options.lang];
  const fleet = renderFleet(folder);
  const settings = settingsFor(readFleetSettings(folder), given(options), fleet);
  const all = stacksOf(fleet, plan, options.shard);
  const stacks = options.onlyCanaries ? all.filter((stack) => settings.canary.includes(stack)) : all;
  console.error(words.reading(stacks.length));
  const { verdicts, targets } = await prepare(folder, plan, stacks, head, fleet);
  const going = verdicts.filter(({ kind }) => kind === "go").map(({ stack }) => stack);
  verdicts
    .filter(({ kind, why }) => kind !== "go" || why !== undefined || options.dryRun)
    .forEach((one) => console.error(verdictLine(one, words)));
  const untried = untriedCanaries(verdicts, settings);
  const waves = wavesOf(untried.length > 0 ? [] : going, settings);
  if (untried.length > 0 && going.length > 0)
    console.error(words.noCanary(untried.map((one) => verdictLine(one, words)).join("; ")));
  let outcomes: readonly Outcome[] = [];
  if (untried.length > 0) {
    outcomes = going.map((stack) => ({ stack, kind: "stopped", why: { kind: "canary" }, seconds: 0 }));
  } else if (!options.dryRun) {
    const isStopping = stopOnSignal(words);
    outcomes = await roll({
      folder,
      head,
      settings,
      waves,
      already: verdicts.filter(({ kind }) => kind === "already").map(({ stack }) => stack),
      targets,
      newest: new Map(verdicts.map(({ stack, newest }) => [stack, newest])),
      isStopping,
      told: (event) => tell(event, words),
    });
  }
  finish(verdicts, outcomes, options, words);
  // After whatever else is said, so that nobody takes the rest for done.
  if (options.dryRun) say(words.dryRun(waves.flat().length, waves.length), options.json);
}

/** @throws Error where nothing can be rolled out from here. */
function ready(folder: ProjectFolder, plan: ReviewedPlan): Revision {
  if (isRefused(plan)) {
    throw new Error(
      "this plan has mistakes, or is of the program and of stacks at once; expected one that lqpt plan ended with 0 for",
    );
  }
  const left = uncommitted(folder.path);
  if (left.length > 0) {
    throw new Error(
      `what is here was not reviewed: ${left.slice(0, 5).join(", ")}${left.length > 5 ? ", …" : ""} not committed; expected a clean checkout`,
    );
  }
  return revision(folder.path, "HEAD");
}

function given({ canary, group, pool, budget, check }: Options): Partial<FleetSettings> {
  const all = { canary, group, pool, budget, check };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

/** The first signal lets what runs come to its end; whoever cannot wait sends another. */
function stopOnSignal(words: RolloutWords): () => boolean {
  let isStopping = false;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      isStopping = true;
      console.error(words.stopping);
    });
  }
  return () => isStopping;
}

function tell(event: RolloutEvent, words: RolloutWords): void {
  if (event.what === "again") console.error(words.again(event.stacks.join(", ")));
  else if (event.what === "wave") console.error(words.wave(event.wave, event.of, event.stacks.join(", ")));
  else if (event.what === "begun") console.error(words.begun(event.stack));
  else {
    const { stack, kind, seconds } = event;
    const why = whyText(event.why, words);
    console.error(
      `${stack}: ${words.outcomes[kind]} (${seconds.toFixed(1)} s)${why === "" ? "" : `\n  ${why.replaceAll("\n", "\n  ")}`}`,
    );
  }
}

function verdictLine({ stack, kind, why }: Judged, words: RolloutWords): string {
  return `${stack}: ${words.verdicts[kind]}${why === undefined ? "" : `: ${whyText(why, words)}`}`;
}

const FINE = ["already", "done", "waiting", "unreached"];

function finish(
  verdicts: readonly Judged[],
  outcomes: readonly Outcome[],
  options: Options,
  words: RolloutWords,
): void {
  const ended = new Map(outcomes.map((outcome) => [outcome.stack, outcome]));
  const all = verdicts.map((one) => ended.get(one.stack) ?? { ...one, seconds: 0 });
  // Whoever lets the others begin after the canaries counts on these.
  const fine = options.onlyCanaries ? FINE.filter((kind) => kind !== "waiting") : FINE;
  const left = all.filter(({ kind }) => !fine.includes(kind) && !(options.dryRun && kind === "go"));
  if (options.json) printJson({ stacks: all.map(forPrograms) });
  else if (left.length > 0)
    console.log([...left.map(({ stack }) => stack), words.remaining(left.length)].join("\n"));
  else if (!options.dryRun) console.log(words.allThere);
  process.exitCode = left.length === 0 ? EXIT.ok : EXIT.found;
}

/** Sentences for programs are in English, whoever runs it. */
function forPrograms({
  stack,
  kind,
  why,
  seconds,
}: Outcome | (Judged & { readonly seconds: number })): object {
  return { stack, kind, why: whyText(why, ROLLOUT_WORDS.en), seconds };
}

function readShard(text: string): Shard {
  const [shard = 0, of = 0] = /^(\d+)\/(\d+)$/.exec(text)?.slice(1).map(Number) ?? [];
  if (shard >= 1 && shard <= of) return { shard, of };
  throw new InvalidArgumentError("expected one share of how many: 2/8");
}
