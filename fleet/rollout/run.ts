import { toPrintable } from "../../documents/report";
import { pooled } from "../pool";
import { ProgramHosts } from "../program/programHost";
import { runPulumiToItsEnd } from "../pulumi";
import type { Revision } from "../revision";
import { checkAgain, type Gate, passGate } from "./gate";
import { messageOf } from "./lastRollout";
import type { FleetSettings } from "./settings";
import type { Why } from "./why";

/**
 * What became of a stack:
 *
 * - `done`: it was changed
 * - `already`: it was what was reviewed, and has called Leqi again
 * - `failed`: its update was
 * - `unhealthy`: its hosts are not what they should be, or do not reach Leqi
 * - `stopped`: it was not begun, since too many others failed
 */
export type OutcomeKind = "done" | "already" | "failed" | "unhealthy" | "stopped";

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
  const failures = (): number => outcomes.filter(({ kind }) => kind !== "done" && kind !== "already").length;
  const mayGoOn = (): boolean => failures() <= settings.budget && !isStopping();
  const close = (outcome: Outcome): void => {
    outcomes.push(outcome);
    told({ what: "ended", ...outcome });
  };
  if (settings.check && already.length > 0) {
    told({ what: "again", stacks: already });
    (await checkAgain(rollout, already)).forEach(close);
  }
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
      const outcome = await programs.lend((options) => update(rollout, stack, options));
      if (outcome.kind === "done") updated.push(outcome);
      else close(outcome);
    });
    (await passGate(rollout, updated)).forEach(close);
  }
  return outcomes;
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
