import type { ConfigIssue } from "../../config/errors";
import { stackFile } from "../../config/input";
import type { StackConfig } from "../../config/types";
import { isUntouched } from "../../documents/delivery";
import { type Change, changesBetween, changesOfNew } from "./changes";
import { type Danger, dangersOf } from "./dangers";
import { programFiles } from "./program";
import type { Fleet, Rendered, Sound } from "./rendered";
import { wholeOf } from "./whole";

/** What a change of files means for a fleet. */
export interface Plan {
  /** Changed files of the program; then hosts get another document or another lqptctl whatever the stacks' files say. */
  readonly program: readonly string[];
  /** Stacks that differ, by name. */
  readonly stacks: readonly StackPlan[];
  /** How many have hosts and are as they were. */
  readonly unchanged: number;
  /** Stacks whose file has a mistake now: nothing can be said of them. */
  readonly mistaken: readonly { readonly stack: string; readonly issues: readonly ConfigIssue[] }[];
}

/**
 * What a stack that differs is. `mended`: its file had a mistake before, so there is nothing to compare with; `back`: it does
 * not differ, and a commit in between has changed it.
 */
export const KINDS = ["changed", "new", "gone", "mended", "back"] as const;

/**
 * How deep it goes: `enforced` where a host gets other rules or another site; `access` where hosts are only reached in
 * another way; `notes` where owners' names, consent or the ticket change.
 */
export const DEPTHS = ["enforced", "access", "notes"] as const;

/** Why no `up` reaches a host. */
export const UNREACHED = ["bundle", "out"] as const;

/** One stack that differs. */
export interface StackPlan {
  readonly stack: string;
  /** `prod`, or `sandbox+prod`. */
  readonly environment: string;
  readonly kind: (typeof KINDS)[number];
  readonly depth: (typeof DEPTHS)[number];
  /** The changed files that it comes from. */
  readonly because: readonly string[];
  /** What each of its hosts must equal. A rollout does this and nothing else. */
  readonly hosts: readonly HostPlan[];
  /** See `wholeOf`: of the newer revision; null where the stack is gone. */
  readonly whole: string | null;
  readonly changes: readonly Change[];
  readonly dangers: readonly Danger[];
  /** Its hosts that no `up` reaches. */
  readonly unreached: readonly { readonly host: string; readonly why: (typeof UNREACHED)[number] }[];
}

/** `sha256:<hex>` of a host's whole document in the older revision and in the newer; null where there is none. */
export interface HostPlan {
  readonly host: string;
  readonly before: string | null;
  readonly after: string | null;
}

/**
 * Compares two revisions of a fleet.
 *
 * @param files in which they differ, below the project's folder
 * @param between files that commits in between have changed, and perhaps changed back; default: none
 */
export function comparePlans(
  before: Fleet,
  after: Fleet,
  files: readonly string[],
  between: readonly string[] = [],
): Plan {
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  const stacks = names.flatMap((name) => stackPlan(before.get(name), after.get(name), files, between) ?? []);
  const withHosts = [...after.values()].filter(({ sound }) => (sound?.hosts.length ?? 0) > 0);
  const changed = new Set(stacks.map(({ stack }) => stack));
  return {
    program: programFiles([...new Set([...files, ...between])]),
    stacks,
    unchanged: withHosts.filter(({ stack }) => !changed.has(stack)).length,
    mistaken: [...after.values()].filter(({ issues }) => issues.length > 0),
  };
}

function stackPlan(
  before: Rendered | undefined,
  after: Rendered | undefined,
  files: readonly string[],
  between: readonly string[],
): StackPlan | undefined {
  const [old, now] = [before?.sound, after?.sound];
  // A mistake is told as one.
  if (after !== undefined && now === undefined) return undefined;
  if ((old?.hosts.length ?? 0) + (now?.hosts.length ?? 0) === 0) return undefined;
  const stack = (after ?? before)?.stack ?? "";
  const told = {
    stack,
    hosts: hostPlans(old, now),
    whole: now === undefined ? null : wholeOf(now),
    because: reasons(old, now, files),
  };
  if (now === undefined) return old && { ...told, ...ofGone(old) };
  const known = { ...told, environment: now.config.environments.join("+"), unreached: unreached(now) };
  if (old === undefined || old.hosts.length === 0) {
    const kind = before === undefined || old !== undefined ? "new" : "mended";
    return { ...known, kind, depth: "enforced", changes: changesOfNew(now), dangers: [] };
  }
  const changes = changesBetween(old, now);
  if (changes.length === 0) {
    const because = reasons(old, now, between);
    if (because.length === 0) return undefined;
    return { ...known, because, kind: "back", depth: "enforced", changes, dangers: [] };
  }
  return {
    ...known,
    kind: "changed",
    depth: depthOf(old, now, changes),
    changes,
    dangers: dangersOf(old, now, changes),
  };
}

function hostPlans(before: Sound | undefined, after: Sound | undefined): HostPlan[] {
  const [old, now] = [before, after].map(
    (sound) => new Map(sound?.hosts.map(({ host, document }) => [host.name, document.whole])),
  ) as [Map<string, string>, Map<string, string>];
  return [...new Set([...old.keys(), ...now.keys()])].map((host) => ({
    host,
    before: old.get(host) ?? null,
    after: now.get(host) ?? null,
  }));
}

function ofGone({
  config,
}: Sound): Pick<StackPlan, "kind" | "depth" | "environment" | "changes" | "dangers" | "unreached"> {
  const what = config.hosts.map(({ name, address }) => `${name} (${address})`).join(", ");
  return {
    ...{
      kind: "gone",
      depth: "enforced",
      environment: config.environments.join("+"),
      changes: [],
      unreached: [],
    },
    dangers: [{ kind: "gone", what }],
  };
}

/** What no document has: for people, and for rollouts. */
const NOTED = /^lqpt:(customer|change|publicAddress)\b/;

function depthOf(before: Sound, after: Sound, changes: readonly Change[]): StackPlan["depth"] {
  const old = new Map(before.hosts.map(({ host, document }) => [host.name, document.digest]));
  const enforced =
    before.hosts.length !== after.hosts.length ||
    after.hosts.some(({ host, document }) => old.get(host.name) !== document.digest) ||
    changes.some(({ of, what }) => of === "host" || (of === "setting" && !NOTED.test(what)));
  if (enforced) return "enforced";
  return changes.some(({ of }) => of === "access" || of === "secret") ? "access" : "notes";
}

function unreached({ config }: Sound): StackPlan["unreached"] {
  return config.hosts
    .filter(isUntouched)
    .map(({ name, state }) => ({ host: name, why: state === "out" ? "out" : "bundle" }));
}

/** The changed files that a stack reads, in either revision. */
function reasons(before: Sound | undefined, after: Sound | undefined, files: readonly string[]): string[] {
  const read = new Set(
    [before, after].flatMap((sound) => {
      if (sound === undefined) return [];
      const { stack, environments } = sound.config;
      return [...[stack, ...environments].map(stackFile), ...broughtPaths(sound.config)];
    }),
  );
  return files.filter((file) => read.has(file));
}

/** Below the project's folder, what is brought to hosts beside their documents. */
export function broughtPaths({ nginx: { files, archive } }: StackConfig): string[] {
  const archives = archive?.from === "file" ? [archive.file] : [];
  return [...[...files.values()].flat(), ...archives].map(({ path }) => path);
}
