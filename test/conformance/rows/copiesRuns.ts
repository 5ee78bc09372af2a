import { createHash, randomBytes } from "node:crypto";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Context, connection, makeProject, without } from "../context";
import type { Program, Project, ResourceSpec, Run } from "../project";
import { COPIER, COPIER_HOME, keyLogins, makeFolder, tamper, whatIsCopied } from "../sshd";

/** What is on the host after a run, by path: whose bytes it has, and its mode. */
export type Files = Readonly<Record<string, { readonly bytes: string; readonly mode: string }>>;

const PHASES = ["made", "unchanged", "previewed", "changed", "refreshed", "destroyed"] as const;
type Phase = (typeof PHASES)[number];
type PerPhase<What> = Readonly<Record<Phase, What>>;

/**
 * What one stack of copies went through. Between `made` and `unchanged` every file on the host was tampered with, so
 * that what has the bytes `tampered` after a run was not copied by it; after `changed` the local files were deleted.
 */
export interface Copies {
  readonly runs: PerPhase<Run>;
  readonly files: PerPhase<Files>;
  /** How many logins of the copies' user there were in each run; the bastion's are another user's. */
  readonly logins: PerPhase<number>;
  /** What a Command saw of the copies' connections while the plugin still ran: `closed` or `open`. */
  readonly connections: unknown;
  /** Outputs of `renamed` after `changed`. */
  readonly renamed: Readonly<Record<string, unknown>> | undefined;
  readonly local: LocalFiles;
  readonly state: string;
  readonly secrets: readonly string[];
}

const TAMPERED = "tampered with";
/** Begins the text of one of the files. */
export const MARK = "mark-of-the-bytes-5b1d";

/** The files that are copied, in a folder of their own. */
interface LocalFiles {
  readonly first: string;
  readonly second: string;
  /** Has `first`'s bytes, under a name that only the changed program knows. */
  readonly other: string;
  readonly small: string;
}

/** A copy by COPIER, or by the user of its own connection. */
export function remote(
  context: Context,
  file: string,
  remotePath: string,
  own: Readonly<Record<string, unknown>> = {},
): ResourceSpec {
  return {
    kind: "CopyToRemote",
    file,
    args: { connection: connection(context, "plain", { user: COPIER }), remotePath, ...own },
  };
}

function before(context: Context, { first, small }: LocalFiles): Program {
  const bastion = connection(context, "both");
  return {
    life: { ...remote(context, first, "made/by the/copy/life.bin"), show: ["remotePath"] },
    small: remote(context, small, "small"),
    folder: remote(context, first, "there"),
    renamed: remote(context, first, "renamed"),
    way: remote(context, first, "way"),
    place: remote(context, first, `${COPIER_HOME}/place-1`),
    swap: remote(context, first, "swap", { triggers: [1] }),
    still: { ...remote(context, first, "still"), show: ["remotePath"] },
    behind: remote(context, first, "behind", {
      connection: connection(context, "plain", { user: COPIER, proxy: bastion }),
    }),
    gone: remote(context, first, "gone"),
    watch: {
      args: {
        connection: bastion,
        // Others may still be copying: an open connection is one that stays.
        create:
          `for try in $(seq 50); do [ "$(find /proc -maxdepth 1 -user ${COPIER} 2>/dev/null)" = "" ] && ` +
          "echo closed && exit; sleep 0.2; done; echo open",
      },
      dependsOn: "life",
    },
  };
}

function after(context: Context, local: LocalFiles): Program {
  const { second, other, small } = local;
  return {
    ...without(before(context, local), "gone"),
    life: { ...remote(context, second, "made/by the/copy/life.bin"), show: ["remotePath"] },
    small: remote(context, small, "small"),
    folder: remote(context, second, "there"),
    renamed: remote(context, other, "renamed"),
    way: remote(context, local.first, "way", {
      connection: connection(context, "plain", { user: COPIER, dialErrorLimit: 1 }),
    }),
    place: remote(context, local.first, `${COPIER_HOME}/place-2`),
    swap: remote(context, local.first, "swap", { triggers: [2] }),
  };
}

/** Runs the stack through its life; some fifteen seconds. */
export async function copyThrough(context: Context): Promise<Copies> {
  const project = await makeProject(context);
  const folder = mkdtempSync(join(context.folder, "copies-"));
  try {
    await makeFolder(context.host, "there");
    return await run(context, project, folder);
  } finally {
    project.dispose();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function run(context: Context, project: Project, folder: string): Promise<Copies> {
  const at = (name: string): string => join(folder, name);
  const local = {
    first: at("source.bin"),
    second: at("second.bin"),
    other: at("other.bin"),
    small: at("small"),
  };
  const known = new Map([[sha256(TAMPERED), "tampered"]]);
  const write = (file: string, bytes: Buffer | string, name: string): void => {
    writeFileSync(file, bytes);
    chmodSync(file, 0o755);
    known.set(sha256(bytes), name);
  };
  // More than goes into one block, and no multiple of it.
  const large = randomBytes((1 << 20) + 1);
  write(local.first, large, "first");
  write(local.other, large, "first");
  write(local.second, randomBytes(70_001), "second");
  write(local.small, `${MARK} 1\r\n\0\n`, "small 1");

  const runs: Partial<Record<Phase, Run>> = {};
  const files: Partial<Record<Phase, Files>> = {};
  const logins: Partial<Record<Phase, number>> = {};
  let seen = await keyLogins(context.host, COPIER);
  const phase = async (name: Phase, going: Promise<Run>): Promise<void> => {
    runs[name] = await going;
    const [found, count] = await Promise.all([
      whatIsCopied(context.host, COPIER),
      keyLogins(context.host, COPIER),
    ]);
    files[name] = Object.fromEntries(
      Object.entries(found).map(([path, { hash, mode }]) => [path, { bytes: known.get(hash) ?? hash, mode }]),
    );
    logins[name] = count - seen;
    seen = count;
  };

  await phase("made", project.up(before(context, local)));
  const watched = await project.outputs("watch");
  await tamper(context.host, TAMPERED);
  await phase("unchanged", project.up(before(context, local)));
  write(local.small, `${MARK} 2\r\n\0\n`, "small 2");
  await phase("previewed", project.preview(after(context, local), "--diff"));
  await phase("changed", project.up(after(context, local)));
  const renamed = await project.outputs("renamed");
  rmSync(folder, { recursive: true });
  await phase("refreshed", project.refresh(after(context, local)));
  const state = project.stateText();
  await phase("destroyed", project.destroy(after(context, local)));
  return {
    runs: whole(runs),
    files: whole(files),
    logins: whole(logins),
    connections: watched?.["stdout"],
    renamed,
    local,
    state,
    secrets: [MARK, ...context.keys.user.split("\n").slice(1, 3)],
  };
}

function whole<What>(found: Partial<Record<Phase, What>>): PerPhase<What> {
  const missing = PHASES.filter((phase) => found[phase] === undefined);
  if (missing.length > 0) {
    throw new Error(`the copies did not go through ${missing.join(", ")}`);
  }
  return found as PerPhase<What>;
}

function sha256(bytes: Buffer | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}
