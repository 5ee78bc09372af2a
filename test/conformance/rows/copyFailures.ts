import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Context, type Row, connection, makeProject, passwordConnection } from "../context";
import type { Program, Project, Run } from "../project";
import { type Copied, USER, whatIsCopied } from "../sshd";
import { remote } from "./copiesRuns";

/** Copies that fail, what that leaves in the state and on the host, and how the next runs go on. */
export interface CopyFailures {
  readonly first: Run;
  readonly leftBehind: readonly string[];
  readonly missing: Run;
  readonly second: Run;
  readonly mended: Run;
  /** What is in USER's home after each. */
  readonly copied: Readonly<Record<"first" | "second" | "mended", Readonly<Record<string, Copied>>>>;
}

/** Some six seconds. */
export async function failToCopy(context: Context): Promise<CopyFailures> {
  const project = await makeProject(context);
  const folder = mkdtempSync(join(context.folder, "copies-"));
  try {
    return await run(context, project, folder);
  } finally {
    project.dispose();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function run(context: Context, project: Project, folder: string): Promise<CopyFailures> {
  const file = join(folder, "file");
  const right = { connection: connection(context, "plain") };
  const wrong = { connection: connection(context, "plain", { hostKey: context.keys.hostOther }) };
  const good = remote(context, file, "fails/update", right);
  const onward = "--continue-on-error";

  writeFileSync(file, "before");
  const program: Program = {
    mismatch: remote(context, file, "fails/mismatch", wrong),
    denied: remote(context, file, "/etc/lqpt-conformance-denied", right),
    nosftp: remote(context, file, "fails/nosftp", { connection: passwordConnection(context, "questions") }),
    update: good,
  };
  const first = await project.up(program, onward);
  const names = Object.keys(program);
  const found = await Promise.all(names.map((name) => project.outputs(name)));
  const afterFirst = await whatIsCopied(context.host, USER);
  const missing = await project.preview({
    update: good,
    missing: remote(context, join(folder, "no"), "no", right),
  });

  writeFileSync(file, "afterwards");
  const second = await project.up({ update: remote(context, file, "fails/update", wrong) }, onward);
  const afterSecond = await whatIsCopied(context.host, USER);
  const mended = await project.up({ update: good });
  return {
    first,
    leftBehind: names.filter((_, index) => found[index] !== undefined),
    missing,
    second,
    mended,
    copied: { first: afterFirst, second: afterSecond, mended: await whatIsCopied(context.host, USER) },
  };
}

export const COPY_FAILURES: readonly Row<CopyFailures>[] = [
  [
    "a wrong host key fails the copy before anything is on the host",
    ({ first, copied }) => {
      expect(first.exitCode).not.toBe(0);
      expect(first.said("mismatch", "error")).toMatch(
        /after 0 failed attempts: ssh: handshake failed: ssh: host key mismatch/,
      );
      expect(Object.keys(copied.first)).not.toContain("fails/mismatch");
    },
  ],
  [
    "a path that the user may not write to is named, with the reason",
    ({ first }) =>
      expect(first.said("denied", "error")).toMatch(/\/etc\/lqpt-conformance-denied.*permission denied/i),
  ],
  [
    "an sshd without SFTP fails the copy",
    ({ first }) => expect(first.said("nosftp", "error")).toMatch(/ssh: subsystem request failed/),
  ],
  ["a failed copy leaves nothing in the state", ({ leftBehind }) => expect(leftBehind).toEqual(["update"])],
  [
    "a preview says which local file is missing",
    ({ missing }) => {
      expect(missing.exitCode).not.toBe(0);
      expect(missing.all).toMatch(/\/no\b.*no such file/);
    },
  ],
  [
    "a failed update leaves the old file on the host, and the next `up` copies the new one",
    ({ second, mended, copied }) => {
      expect(second.said("update", "error")).toContain("host key mismatch");
      expect(copied.second["fails/update"]).toEqual(copied.first["fails/update"]);
      expect(mended).toMatchObject({ exitCode: 0, steps: { update: ["update"] } });
      expect(copied.mended["fails/update"]?.hash).not.toBe(copied.first["fails/update"]?.hash);
    },
  ],
  [
    "the bytes and the key are in none of it",
    ({ first, second }) => {
      for (const secret of ["afterwards", "OPENSSH PRIVATE KEY"]) {
        expect(first.all + second.all).not.toContain(secret);
      }
    },
  ],
];
