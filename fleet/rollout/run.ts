import type { ProjectFolder } from "../../config/projectFolder";
import { isUntouched } from "../../documents/delivery";
import { toPrintable } from "../../documents/report";
import { isDrift } from "../drift/judge";
import { type HostRead, readBack, type StackRead } from "../drift/readBack";
import { askCheck, checkTroubles } from "../askCheck";
import { loginSecretsOf } from "../loginSecrets";
import type { RenderedHost, Sound } from "../plan/rendered";
import { pooled } from "../pool";
import { runPulumi } from "../pulumi";
import type { Revision } from "../revision";
import { messageOf } from "./lastRollout";
import type { FleetSettings } from "./settings";
import type { HostTrouble, Why } from "./why";

/**
 * What became of a stack that was to be changed: `done`; `failed`: its update was; `unhealthy`: its hosts are not what
 * they should be after it; `stopped`: it was not begun, since too many others failed.
 */
export type OutcomeKind = "done" | "failed" | "unhealthy" | "stopped";

export interface Outcome {
  readonly stack: string;
  readonly kind: OutcomeKind;
  /** Whatever went wrong. */
  readonly why?: Why;
  readonly seconds: number;
}

export interface Rollout {
  readonly folder: ProjectFolder;
  readonly head: Revision;
  readonly settings: FleetSettings;
  readonly waves: readonly (readonly string[])[];
  readonly targets: ReadonlyMap<string, Sound>;
  readonly told: (event: RolloutEvent) => void;
  /** Whether a person asked to begin nothing new. */
  readonly isStopping: () => boolean;
}

export type RolloutEvent =
  | { readonly what: "wave"; readonly wave: number; readonly of: number; readonly stacks: readonly string[] }
  | { readonly what: "begun"; readonly stack: string }
  | ({ readonly what: "ended" } & Outcome);

/**
 * Changes stacks wave by wave. After each wave its hosts are read back; once more stacks than the budget allows have
 * failed, nothing new is begun. Nothing is remembered beside the stacks themselves: what remains is found by their
 * documents whenever this is run again.
 */
export async function roll(rollout: Rollout): Promise<Outcome[]> {
  const { waves, settings, told, isStopping } = rollout;
  const outcomes: Outcome[] = [];
  const failures = (): number => outcomes.filter(({ kind }) => kind !== "done").length;
  const mayGoOn = (): boolean => failures() <= settings.budget && !isStopping();
  const close = (outcome: Outcome): void => {
    outcomes.push(outcome);
    told({ what: "ended", ...outcome });
  };
  for (const [index, stacks] of waves.entries()) {
    if (!mayGoOn()) {
      stacks.forEach((stack) => close({ stack, kind: "stopped", seconds: 0 }));
      continue;
    }
    told({ what: "wave", wave: index + 1, of: waves.length, stacks });
    const updated: Outcome[] = [];
    await pooled(stacks, settings.pool, async (stack) => {
      if (!mayGoOn()) {
        close({ stack, kind: "stopped", seconds: 0 });
        return;
      }
      told({ what: "begun", stack });
      const outcome = await update(rollout, stack);
      if (outcome.kind === "done") updated.push(outcome);
      else close(outcome);
    });
    (await gate(rollout, updated)).forEach(close);
  }
  return outcomes;
}

async function update({ folder, head }: Rollout, stack: string): Promise<Outcome> {
  const begun = Date.now();
  const words = ["up", "--stack", stack, "--yes", "--skip-preview", "--message", messageOf(head)];
  const { status, stdout, stderr } = await runPulumi(folder.path, words);
  const seconds = (Date.now() - begun) / 1000;
  if (status === 0) return { stack, kind: "done", seconds };
  return { stack, kind: "failed", why: { kind: "said", text: errorsOfUp(`${stdout}\n${stderr}`) }, seconds };
}

/** What Pulumi's diagnostics say, without what it changed and did not. */
function errorsOfUp(output: string): string {
  const lines = output
    .split("\n")
    .map((text) => toPrintable(text.trimEnd()))
    .filter((text) => /error|E_[A-Z_]+|locked|lock file|created by|authenticate/.test(text));
  return [...new Set(lines.map((text) => text.trim()))].slice(-6).join("\n") || "pulumi up did not end well";
}

/** Whether the hosts of a wave are what was asked for, by their own reading, and reach Leqi where that is wanted. */
async function gate(rollout: Rollout, updated: readonly Outcome[]): Promise<Outcome[]> {
  const { folder, targets, settings } = rollout;
  const reads = await readBack(
    folder,
    updated.map(({ stack }) => stack),
  );
  return pooled(updated, settings.pool, async (outcome) => {
    const read = reads.find(({ stack }) => stack === outcome.stack);
    const wanted = (targets.get(outcome.stack)?.hosts ?? []).filter(({ host }) => !isUntouched(host));
    const why =
      whyUnlike(read, wanted) ?? (settings.check ? await whyUnreached(folder, outcome, wanted) : undefined);
    return why === undefined ? outcome : { ...outcome, kind: "unhealthy", why };
  });
}

function whyUnlike(read: StackRead | undefined, wanted: readonly RenderedHost[]): Why | undefined {
  if (read?.problem !== undefined) return { kind: "said", text: read.problem };
  const hosts = wanted.flatMap(({ host, document }) => {
    const one = read?.hosts.find((found) => found.host === host.name);
    return troublesOf(host.name, one, document.digest);
  });
  return hosts.length === 0 ? undefined : { kind: "hosts", hosts };
}

async function whyUnreached(
  { path }: ProjectFolder,
  { stack }: Outcome,
  wanted: readonly RenderedHost[],
): Promise<Why | undefined> {
  const dialled = wanted.map(({ host }) => host);
  const answers = await askCheck(dialled, await loginSecretsOf(path, stack, dialled));
  const hosts = answers.flatMap((answer) =>
    checkTroubles(answer).map((trouble) => ({ host: answer.host.name, trouble })),
  );
  return hosts.length === 0 ? undefined : { kind: "check", hosts };
}

/** @param wanted the digest that it should have now */
function troublesOf(host: string, read: HostRead | undefined, wanted: string): HostTrouble[] {
  const found = read?.findings.filter(isDrift).map((finding) => ({ host, ...finding })) ?? [];
  if (read?.status?.digest === wanted) return found;
  const { problem } = read ?? {};
  return [
    ...found,
    problem === undefined ? { host, kind: "unlike", detail: "" } : { host, kind: "silent", detail: problem },
  ];
}
