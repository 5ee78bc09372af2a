import { spawnSync, type SpawnSyncReturns } from "node:child_process";
import { existsSync, realpathSync } from "node:fs";
import { ProjectFolder } from "../config/projectFolder";
import type { ProjectFiles } from "../config/projectFiles";

/** A commit, and the name by which somebody asked for it. */
export interface Revision {
  /** `origin/main`, as it was given. */
  readonly name: string;
  /** 40 hexadecimal digits. */
  readonly commit: string;
}

/** More than all stacks' files of a fleet together, and less than what would fill the memory. */
const MOST_BYTES = 512 * 1024 * 1024;

/** A file that git knows. Others (a link, a folder of another repository) count as not there: they would lead elsewhere. */
interface Blob {
  readonly id: string;
  readonly bytes: number;
}

/**
 * Which commit a name means.
 *
 * @param folder the project's, in a git repository
 * @throws Error where the folder is in none, or nothing has this name.
 */
export function revision(folder: string, name: string): Revision {
  if (git(folder, ["rev-parse", "--git-dir"]).status !== 0) {
    throw new Error(
      `${folder} is in no git repository, and what changed is found by git. See git status there`,
    );
  }
  const words = ["rev-parse", "--quiet", "--verify", "--end-of-options", `${name}^{commit}`];
  const { status, stdout } = git(folder, words);
  if (status === 0) return { name, commit: stdout.toString("utf8").trim() };
  throw new Error(
    `there is no revision ${JSON.stringify(name)} here; expected a branch, a tag or a commit. In CI fetch it first: git fetch --depth 1 origin <branch>`,
  );
}

/**
 * Where the history that is checked out, or `other`, left that of `one`: what came since is what its author changed, and
 * not what others changed meanwhile.
 *
 * @throws Error where they have nothing in common, or git was not given it.
 */
export function branchPoint(folder: string, one: Revision, other: Revision): Revision {
  const { status, stdout } = git(folder, ["merge-base", one.commit, other.commit]);
  if (status === 0) return { name: one.name, commit: stdout.toString("utf8").trim() };
  throw new Error(
    `${one.name} and ${other.name} have no commit in common here. A shallow clone does not have it: git fetch --unshallow`,
  );
}

/** Whether all of a commit is in a revision; undefined where git has no such commit here. */
export function isPastOf(folder: string, commit: string, { commit: newer }: Revision): boolean | undefined {
  const { status } = git(folder, ["merge-base", "--is-ancestor", commit, newer]);
  return status === 0 ? true : status === 1 ? false : undefined;
}

/** Files below the project's folder that differ from the commit checked out: changed, new, deleted. */
export function uncommitted(folder: string): string[] {
  const { stdout } = must(folder, ["status", "--porcelain=v1", "-z", "--no-renames", "-uall", "--", "."]);
  const prefix = must(folder, ["rev-parse", "--show-prefix"]).stdout.toString("utf8").trim();
  return stdout
    .toString("utf8")
    .split("\0")
    .filter((entry) => entry !== "")
    .map((entry) => entry.slice(3 + prefix.length));
}

/** The project's folder as a revision has it. Nothing is checked out: whoever wrote the revision decides nothing here. */
export function folderAt(folder: string, { commit }: Revision): ProjectFolder {
  return new ProjectFolder(folder, new FilesOfRevision(folder, commit));
}

/** The files below the project's folder in which two revisions differ, or a revision and the folder as it is. */
export function changedFiles(folder: string, from: Revision, to: Revision | undefined): string[] {
  const words = ["diff", "--name-only", "--relative", "--no-renames", "-z", from.commit];
  const { stdout } = must(folder, [...words, ...(to === undefined ? [] : [to.commit]), "--", "."]);
  const changed = stdout
    .toString("utf8")
    .split("\0")
    .filter((file) => file !== "");
  // What git was not yet told of is changed too.
  return to === undefined ? [...new Set([...changed, ...uncommitted(folder)])].sort() : changed.sort();
}

/** The files below the project's folder that commits between two revisions have changed, whatever came of it. */
export function filesBetween(folder: string, from: Revision, to: Revision): string[] {
  const words = [
    "log",
    "--first-parent",
    "-m",
    "--format=",
    "--name-only",
    "--relative",
    "--no-renames",
    "-z",
  ];
  const { stdout } = must(folder, [...words, `${from.commit}..${to.commit}`, "--", "."]);
  const files = stdout
    .toString("utf8")
    .split(/[\0\n]/)
    .filter((file) => file !== "");
  return [...new Set(files)].sort();
}

class FilesOfRevision implements ProjectFiles {
  private readonly blobs: ReadonlyMap<string, Blob>;
  private readonly contents = new Map<string, Buffer>();

  constructor(
    private readonly folder: string,
    commit: string,
  ) {
    this.blobs = blobsOf(folder, commit);
    // All at once: a process for each of a thousand files takes longer than everything else.
    const small = [...this.blobs].filter(([path]) => /^Pulumi\.[^/]+$|^records\//.test(path));
    const all = readBlobs(
      folder,
      small.map(([, blob]) => blob),
    );
    small.forEach(([path], index) => this.contents.set(path, all[index] ?? Buffer.alloc(0)));
  }

  names(): string[] {
    return [...this.blobs.keys()].filter((path) => !path.includes("/"));
  }

  read(path: string): Buffer | undefined {
    const known = this.contents.get(path);
    const blob = this.blobs.get(path);
    if (known !== undefined || blob === undefined) return known;
    const content = must(this.folder, ["cat-file", "blob", blob.id]).stdout;
    this.contents.set(path, content);
    return content;
  }
}

function blobsOf(folder: string, commit: string): ReadonlyMap<string, Blob> {
  const { stdout } = must(folder, ["ls-tree", "-r", "-l", "-z", commit]);
  return new Map(
    stdout
      .toString("utf8")
      .split("\0")
      .flatMap((line) => {
        const found = /^100(?:644|755) blob ([0-9a-f]+) +(\d+)\t([^]+)$/.exec(line);
        return found === null
          ? []
          : [[found[3] ?? "", { id: found[1] ?? "", bytes: Number(found[2]) }] as const];
      }),
  );
}

/** The contents in the order asked for: each comes with a line before it and a line's end behind it. */
function readBlobs(folder: string, blobs: readonly Blob[]): Buffer[] {
  if (blobs.length === 0) return [];
  const { stdout } = must(folder, ["cat-file", "--batch"], blobs.map(({ id }) => `${id}\n`).join(""));
  let at = 0;
  return blobs.map(({ bytes }) => {
    const start = stdout.indexOf("\n", at) + 1;
    at = start + bytes + 1;
    return stdout.subarray(start, start + bytes);
  });
}

function must(folder: string, words: readonly string[], input?: string): { readonly stdout: Buffer } {
  const ran = git(folder, words, input);
  if (ran.status === 0) return ran;
  throw new Error(
    `git ${words[0] ?? ""} ended with ${String(ran.status)}: ${ran.stderr.toString("utf8").trim()}`,
  );
}

function git(folder: string, words: readonly string[], input = ""): SpawnSyncReturns<Buffer> {
  const ran = spawnSync("git", ["--no-pager", ...words], { cwd: folder, input, maxBuffer: MOST_BYTES });
  if (ran.error === undefined) return ran;
  const { code } = ran.error as NodeJS.ErrnoException;
  throw new Error(
    code === "ENOENT" && existsSync(realpathSync(folder))
      ? "git is not installed, and what changed is found by it. Install it, then run this again"
      : `git could not be run in ${folder}: ${ran.error.message}`,
  );
}
