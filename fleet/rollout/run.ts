import { toPrintable } from "../../documents/report";
import { pooled } from "../pool";
import { ProgramHosts } from "../program/programHost";
import { runPulumiToItsEnd } from "../pulumi";
import type { Revision } from "../revision";
import { untriedCanaries } from "./canaries";
import { checkAgain, type Gate, passGate } from "./gate";
import { messageOf, newestOf } from "./lastRollout";
import { overtaken, type Overtaken } from "./lateLook";
import type { FleetSettings } from "./settings";
import type { Why } from "./why";

/**
 * What became of a stack:
 *
 * - `done`: it was changed
 * - `already`: it was what was reviewed, and has called Leqi again
 * - `failed`: its update was
 * - `unhealthy`: its hosts are not what they should be, or do not reach Leqi
 * - `stopped`: it was not begun, since too many others failed or somebody stopped the run
 * - `waiting`: when its turn came, its window had closed
 * - `moved`: when its turn came, somebody else had updated it
 */
export type OutcomeKind = "done" | "already" | "failed" | "unhealthy" | "stopped" | Overtaken["kind"];

/** What a rollout came to at one stack. */
export interface Outcome {
  readonly stack: string;
  readonly kind: OutcomeKind;
  /** Whatever went wrong, or what a person should know. */
  readonly why?: Why;
  readonly seconds: number;
}

/** What is to be rolled out, and how. */
export interface Rollout extends Gate {
  readonly head: Revision;
  readonly settings: FleetSettings;
  readonly waves: readonly (readonly string[])[];
  /** By stack, its newest update when it was judged. */
  readonly newest: ReadonlyMap<string, string | undefined>;
  /** Stacks that are what was reviewed. */
  readonly already: readonly string[];
  readonly told: (event: RolloutEvent) => void;
  /** Whether a person asked to begin nothing new. */
  readonly isStopping: () => boolean;
}

/** What happens in the course of a rollout. `again`: stacks that are what was reviewed call Leqi again. */
export type RolloutEvent =
  | { readonly what: "again"; readonly stacks: readonly string[] }
  | { readonly what: "wave"; readonly wave: number; readonly of: number; readonly stacks: readonly string[] }
  | { readonly what: "begun"; readonly stack: string }
  | ({ readonly what: "ended" } & Outcome);

/**
 * Changes stacks wave by wave. After each wave its hosts are read back, and where that is wanted call Leqi, as do those
 * that an earlier run has changed, before the first wave; once more stacks than the budget allows have
 * failed, nothing new is begun. Nothing is remembered beside the stacks themselves: what remains is found by their
 * documents whenever this is run again.
 */
export async function roll(rollout: Rollout): Promise<Outcome[]> {
  const programs = new ProgramHosts(rollout.folder);
  try {
    return await rollWith(programs, rollout);
  } finally {
    programs.close();
  }
}

async function rollWith(programs: ProgramHosts, rollout: Rollout): Promise<Outcome[]> {
  const { waves, already, settings, told, isStopping } = rollout;
  const outcomes: Outcome[] = [];
  const failures = (): number =>
    outcomes.filter(({ kind }) => kind === "failed" || kind === "unhealthy").length;
  const halt = (): Why | undefined => {
    if (failures() > settings.budget) return { kind: "budget" };
    if (untriedCanaries(outcomes, settings).length > 0) return { kind: "canary" };
    return isStopping() ? { kind: "person" } : undefined;
  };
  const close = (outcome: Outcome): void => {
    outcomes.push(outcome);
    told({ what: "ended", ...outcome });
  };
  if (settings.check && already.length > 0) {
    told({ what: "again", stacks: already });
    (await checkAgain(rollout, already)).forEach(close);
  }
  for (const [index, stacks] of waves.entries()) {
    const halted = halt();
    if (halted !== undefined) {
      stacks.forEach((stack) => close({ stack, kind: "stopped", why: halted, seconds: 0 }));
      continue;
    }
    told({ what: "wave", wave: index + 1, of: waves.length, stacks });
    const updated: Outcome[] = [];
    await pooled(stacks, settings.pool, async (stack) => {
      const why = halt();
      if (why !== undefined) {
        close({ stack, kind: "stopped", why, seconds: 0 });
        return;
      }
      const outcome = await begin(programs, rollout, stack);
      if (outcome.kind === "done") updated.push(outcome);
      else close(outcome);
    });
    (await passGate(rollout, updated)).forEach(close);
  }
  return outcomes;
}

/** One stack's turn. Whatever goes wrong there is that stack's own, and the others' results are not lost by it. */
async function begin(programs: ProgramHosts, rollout: Rollout, stack: string): Promise<Outcome> {
  const { folder, targets, newest, told } = rollout;
  const begun = Date.now();
  try {
    const fit = { target: targets.get(stack), newest: newest.get(stack) };
    const late = await overtaken(fit, () => newestOf(folder, stack), begun);
    if (late !== undefined) return { stack, ...late, seconds: 0 };
    told({ what: "begun", stack });
    return await programs.lend((options) => update(rollout, stack, options));
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return { stack, kind: "failed", why: { kind: "said", text }, seconds: (Date.now() - begun) / 1000 };
  }
}

async function update(
  { folder, head }: Rollout,
  stack: string,
  options: readonly string[],
): Promise<Outcome> {
  const begun = Date.now();
  const words = ["up", "--stack", stack, "--yes", "--skip-preview", "--message", messageOf(head), ...options];
  const { status, stdout, stderr } = await runPulumiToItsEnd(folder.path, words);
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
