import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { recordFile, stackFile } from "../../config/input";
import type { ProjectFolder } from "../../config/projectFolder";
import { isUntouched } from "../../documents/delivery";
import { toPrintable, tryJson } from "../../documents/report";
import { pooled } from "../pool";
import { runPulumi } from "../pulumi";
import { broughtPaths } from "./plan";
import type { Fleet, Sound } from "./rendered";

/** What `pulumi preview` of one stack says, laid beside what was reviewed. */
export interface Previewed {
  readonly stack: string;
  /** By what is done, `update`: to how many resources. */
  readonly steps: Readonly<Record<string, number>>;
  /** Hosts whose document in the preview is not the one that was reviewed. */
  readonly different: readonly string[];
  /** The last words of a preview that did not come about. */
  readonly problem: string | undefined;
}

interface Step {
  readonly op: string;
  readonly urn: string;
  readonly newState?: { readonly type: string; readonly inputs?: Readonly<Record<string, unknown>> };
}

/**
 * Runs the real `pulumi preview` of stacks, some at a time.
 *
 * @param folder where it is run: with the program in use, and the newer revision's files
 * @param after the newer revision, rendered
 * @param told is called with each as it comes
 */
export async function previews(
  folder: string,
  stacks: readonly string[],
  after: Fleet,
  pool: number,
  told: (one: Previewed) => void,
): Promise<Previewed[]> {
  return pooled(stacks, pool, async (stack) => {
    const { status, stdout, stderr } = await runPulumi(folder, ["preview", "--json", "--stack", stack]);
    const steps = ((tryJson(stdout) ?? {}) as { readonly steps?: readonly Step[] }).steps;
    const sound = after.get(stack)?.sound;
    const one =
      status === 0 && steps !== undefined && sound !== undefined
        ? { stack, steps: counted(steps), different: differing(sound, steps), problem: undefined }
        : { stack, steps: {}, different: [], problem: errorsOfPreview(stdout, stderr) };
    told(one);
    return one;
  });
}

function counted(steps: readonly Step[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { op } of steps.filter((step) => step.op !== "same")) counts[op] = (counts[op] ?? 0) + 1;
  return counts;
}

function differing({ hosts }: Sound, steps: readonly Step[]): string[] {
  const shown = new Map(
    steps
      .filter(({ newState }) => newState?.type === "lqpt:index:ProxyHost")
      .map(({ urn, newState }) => [urn.split("::").at(-1), newState?.inputs?.["document"]]),
  );
  return hosts
    .filter(({ host }) => !isUntouched(host))
    .filter(({ host, document }) => shown.get(host.name) !== document.text)
    .map(({ host }) => host.name);
}

function errorsOfPreview(stdout: string, stderr: string): string {
  const { diagnostics = [] } = (tryJson(stdout) ?? {}) as {
    readonly diagnostics?: readonly { readonly severity: string; readonly message: string }[];
  };
  const errors = diagnostics.filter(({ severity }) => severity === "error").map(({ message }) => message);
  const text = [...errors, stderr].join("\n").trim() || "pulumi preview did not end well";
  return toPrintable(text.split("\n").slice(-6).join("; "));
}

/**
 * A folder with the program in use and the stacks' files of a revision, which is not checked out: none of its code is run
 * where secrets are. Private, and gone after `use`.
 *
 * @param fleet the revision, rendered
 */
export async function withFilesOf<T>(
  folder: ProjectFolder,
  revision: ProjectFolder,
  fleet: Fleet,
  use: (path: string) => Promise<T>,
): Promise<T> {
  const path = mkdtempSync(join(tmpdir(), "lqpt-plan-"));
  try {
    for (const name of readdirSync(folder.path)) {
      if (!OTHERS.test(name)) cpSync(join(folder.path, name), join(path, name), { recursive: true });
    }
    symlinkSync(join(folder.path, "node_modules"), join(path, "node_modules"));
    for (const file of dataOf(fleet)) {
      const content = revision.content(file);
      if (content === undefined) continue;
      mkdirSync(dirname(join(path, file)), { recursive: true });
      writeFileSync(join(path, file), content);
    }
    return await use(path);
  } finally {
    rmSync(path, { recursive: true, force: true });
  }
}

/** Of a project's folder what is of no program, or is linked. */
const OTHERS = /^(\.git|node_modules|records|Pulumi\..+\.yaml)$/;

/** What a revision's stacks are read from. */
function dataOf(fleet: Fleet): string[] {
  return [...fleet.values()].flatMap(({ stack, sound }) => [
    stackFile(stack),
    ...(sound?.hosts ?? []).map(({ host }) => recordFile(stack, host.name)),
    ...(sound === undefined ? [] : broughtPaths(sound.config)),
  ]);
}
