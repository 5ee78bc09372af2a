import { type Context, NOTHING, type Row, connection, makeProject, without } from "../context";
import type { Program, Run } from "../project";

/** Commands that fail, what that leaves in the state, and how the next runs go on. */
export interface Failures {
  readonly first: Run;
  readonly leftBehind: readonly string[];
  readonly second: Run;
  /** The old inputs of the Command whose update failed. */
  readonly kept: Readonly<Record<string, unknown>> | undefined;
  readonly previewed: Run;
  readonly mended: Run;
}

const SECRET = "word-of-stdin-8e2b";
const FAILING = "echo half done; echo because >&2; exit 3";

function program(context: Context, update: string, create: string): Program {
  const both = connection(context, "both");
  return {
    fails: { args: { connection: both, create, stdin: SECRET, logging: "none" }, secret: ["stdin"] },
    after: { args: { connection: both, create: "true" }, dependsOn: "fails" },
    update: { args: { connection: both, create: update }, show: ["stdout"] },
    refused: {
      args: { connection: connection(context, "plain"), create: "true", environment: { CONF_A: "x" } },
    },
    accepted: {
      args: { connection: both, create: "echo $CONF_A", environment: { CONF_A: "said by environment" } },
    },
    // More than sshd takes while nobody reads it, so that the rest still waits when the command ends. A shorter one
    // fails as well now and then, when the command is faster than its stdin.
    unread: { args: { connection: both, create: "sleep 2; echo unread", stdin: "x".repeat(3 << 20) } },
    killed: { args: { connection: both, create: "kill -9 $$" } },
  };
}

/** What cannot succeed, and has shown that in the first run. */
const LEFT_OUT = ["refused", "killed", "unread"] as const;

/** Some eight seconds. */
export async function fail(context: Context): Promise<Failures> {
  const project = await makeProject(context);
  try {
    const onward = "--continue-on-error";
    const first = await project.up(program(context, "echo good", FAILING), onward);
    const names = Object.keys(program(context, "", ""));
    const found = await Promise.all(names.map((name) => project.outputs(name)));
    const second = await project.up(
      without(program(context, "echo bad; exit 4", FAILING), ...LEFT_OUT),
      onward,
    );
    const kept = await project.outputs("update");
    const mended = without(program(context, "echo better", NOTHING), ...LEFT_OUT);
    const previewed = await project.preview(mended);
    return {
      first,
      leftBehind: names.filter((_, index) => found[index] !== undefined),
      second,
      kept,
      previewed,
      mended: await project.up(mended),
    };
  } finally {
    project.dispose();
  }
}

export const FAILURES: readonly Row<Failures>[] = [
  [
    "an `up` in which a command fails ends with an exit code of its own",
    ({ first }) => expect(first.exitCode).not.toBe(0),
  ],
  [
    "the error has the exit code, the whole command text and both streams, whatever logging says",
    ({ first }) => {
      const [head, ...lines] = first.said("fails", "error").trim().split(":\n");
      expect(head).toContain(`Process exited with status 3: running ${JSON.stringify(FAILING)}`);
      // The two streams arrive side by side, so that either line can be first.
      expect(lines.join().split("\n").sort()).toEqual(["because", "half done"]);
    },
  ],
  ["the error does not have stdin", ({ first }) => expect(first.all).not.toContain(SECRET)],
  [
    "a command that ends without reading all of its stdin fails, whatever its exit code",
    ({ first }) => expect(first.said("unread", "error")).toContain('EOF: running "sleep 2; echo unread"'),
  ],
  [
    "a command that a signal ended says which",
    ({ first }) =>
      expect(first.said("killed", "error")).toMatch(
        /Process exited with status 137 from signal KILL: running "kill -9 \$\$"/,
      ),
  ],
  [
    "a failed create leaves nothing in the state",
    ({ leftBehind }) => expect(leftBehind).toEqual(["update", "accepted"]),
  ],
  [
    "what depends on a failed Command does not run",
    ({ first }) => expect(first.steps["after"]).toBeUndefined(),
  ],
  [
    "a variable that sshd does not accept fails the Command",
    ({ first }) =>
      expect(first.said("refused", "error")).toContain(
        `could not set environment variable "CONF_A": ssh: setenv failed`,
      ),
  ],
  [
    "one that it accepts is there",
    ({ first }) => expect(first.said("accepted", "info")).toContain("said by environment"),
  ],
  [
    "a failed create is tried again by the next `up`",
    ({ second }) => expect(second.steps["fails"]).toEqual(["create"]),
  ],
  [
    "a failed update keeps the old inputs and outputs",
    ({ second, kept }) => {
      expect(second.said("update", "error")).toContain("Process exited with status 4");
      expect(kept).toMatchObject({ create: "echo good", stdout: "good" });
    },
  ],
  [
    "so the next preview still shows what is to be done",
    ({ previewed }) => {
      expect(previewed.steps).toMatchObject({ fails: ["create"], after: ["create"], update: ["update"] });
      expect(previewed.all).toMatch(/update\s+update \[diff: ~create\]/);
    },
  ],
  [
    "and the next `up` does it",
    ({ mended }) =>
      expect(mended).toMatchObject({ exitCode: 0, steps: { fails: ["create"], update: ["update"] } }),
  ],
];
