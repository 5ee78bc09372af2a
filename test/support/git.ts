import { execFileSync } from "node:child_process";

/** What a git command in that folder prints. Errors: where it fails. */
export function git(folder: string, ...words: readonly string[]): string {
  return execFileSync("git", words, { cwd: folder, encoding: "utf8" }).trim();
}

/** Commits all that there is, and which commit that is. */
export function commitAll(folder: string, message: string): string {
  git(folder, "add", "--all");
  const who = ["-c", "user.name=ops", "-c", "user.email=ops@example.com"];
  git(folder, ...who, "commit", "--quiet", "--message", message);
  return git(folder, "rev-parse", "HEAD");
}
