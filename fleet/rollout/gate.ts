import type { ProjectFolder } from "../../config/projectFolder";
import { isUntouched } from "../../documents/delivery";
import { lqptctl } from "../../documents/tool";
import { askCheck, checkTroubles } from "../askCheck";
import { isDrift } from "../drift/judge";
import { type HostRead, readBack, type StackRead } from "../drift/readBack";
import { loginSecretsOf } from "../loginSecrets";
import type { RenderedHost, Sound } from "../plan/rendered";
import { pooled } from "../pool";
import type { HostKept } from "../stateOf";
import type { Outcome } from "./run";
import type { FleetSettings } from "./settings";
import type { HostTrouble, WayTrouble, Why } from "./why";

/** What the gate of a wave needs to know. */
export interface Gate {
  readonly folder: ProjectFolder;
  readonly settings: Pick<FleetSettings, "pool" | "check">;
  readonly targets: ReadonlyMap<string, Sound>;
}

/** Whether the hosts of a wave are what was asked for, by their own reading, and reach Leqi where that is wanted. */
export async function passGate(gate: Gate, updated: readonly Outcome[]): Promise<Outcome[]> {
  const { folder, settings } = gate;
  const reads = await readBack(
    folder,
    updated.map(({ stack }) => stack),
    undefined,
    (stack) => keptAfter(gate, stack),
  );
  return pooled(updated, settings.pool, async (outcome) => {
    const read = reads.find(({ stack }) => stack === outcome.stack);
    const why = whyUnlike(read, wantedOf(gate, outcome.stack));
    if (why !== undefined) return { ...outcome, kind: "unhealthy", why };
    return settings.check ? checked(gate, outcome) : outcome;
  });
}

/**
 * Has stacks call Leqi that an earlier run has changed: whether they did then is remembered nowhere, and a canary that
 * does not reach it must hold up this run as it held up that one.
 */
export function checkAgain(gate: Gate, stacks: readonly string[]): Promise<Outcome[]> {
  return pooled(stacks, gate.settings.pool, async (stack) => {
    const begun = Date.now();
    const outcome = await checked(gate, { stack, kind: "already", seconds: 0 });
    return { ...outcome, seconds: (Date.now() - begun) / 1000 };
  });
}

/**
 * What a stack's state holds of its hosts once an `up` has ended well: the documents that were to be, each reported by its
 * host. So Pulumi is not asked again; whether the hosts are like that is what the gate asks them.
 */
function keptAfter(gate: Gate, stack: string): Map<string, HostKept> {
  const tool = `lqptctl ${lqptctl().version}`;
  return new Map(
    wantedOf(gate, stack).map(({ host, document: { text, digest } }) => [
      host.name,
      { document: text, tool, report: { digest } },
    ]),
  );
}

function wantedOf({ targets }: Gate, stack: string): RenderedHost[] {
  return (targets.get(stack)?.hosts ?? []).filter(({ host }) => !isUntouched(host));
}

function whyUnlike(read: StackRead | undefined, wanted: readonly RenderedHost[]): Why | undefined {
  if (read?.problem !== undefined) return { kind: "said", text: read.problem };
  const hosts = wanted.flatMap(({ host, document }) => {
    const one = read?.hosts.find((found) => found.host === host.name);
    return troublesOf(host.name, one, document.digest);
  });
  return hosts.length === 0 ? undefined : { kind: "hosts", hosts };
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

async function checked(gate: Gate, outcome: Outcome): Promise<Outcome> {
  try {
    const hosts = await waysOf(gate, outcome.stack);
    if (hosts.length === 0) return outcome;
    // That a host may not call any more within this hour says nothing of whether it reaches Leqi.
    const isUnhealthy = hosts.some(({ trouble }) => trouble.kind !== "untried");
    return { ...outcome, ...(isUnhealthy ? { kind: "unhealthy" } : {}), why: { kind: "check", hosts } };
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return { ...outcome, kind: "unhealthy", why: { kind: "said", text } };
  }
}

async function waysOf(gate: Gate, stack: string): Promise<WayTrouble[]> {
  const dialled = wantedOf(gate, stack).map(({ host }) => host);
  const answers = await askCheck(dialled, await loginSecretsOf(gate.folder.path, stack, dialled));
  return answers.flatMap((answer) =>
    checkTroubles(answer).map((trouble) => ({ host: answer.host.name, trouble })),
  );
}
