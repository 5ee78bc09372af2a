import { type Context, NOTHING, connection, makeProject, note, without } from "../context";
import type { Program, Run } from "../project";
import { whatRan } from "../sshd";

/** What one stack went through: made, left alone, previewed with changes, changed, refreshed, destroyed. */
export interface Lifecycle {
  readonly made: Run;
  readonly unchanged: Run;
  readonly previewed: Run;
  readonly changed: Run;
  readonly refreshed: Run;
  readonly destroyed: Run;
  /** The lines that each run added to the host's log. */
  readonly ran: Readonly<
    Record<"made" | "unchanged" | "previewed" | "changed" | "refreshed" | "destroyed", string[]>
  >;
  readonly outputs: Readonly<Record<string, unknown>> | undefined;
  readonly state: string;
  readonly secrets: readonly string[];
}

/** Part of a stdin that is a secret. */
export const HUSH = "hush-4c1e";

function before(context: Context): Program {
  const both = connection(context, "both");
  const plain = connection(context, "plain");
  return {
    life: {
      args: {
        connection: both,
        create: `${note("life create")}; printf 'first\\n\\n'; printf 'aside\\n' >&2`,
        update: `echo "life update after $PULUMI_COMMAND_STDOUT/$PULUMI_COMMAND_STDERR"; ${note("life update")}`,
        delete: note("life delete"),
        stdin: "document 7\nallow 49.4.80.61\nend\n",
      },
      show: ["stdout"],
    },
    again: { args: { connection: both, create: note("again 1"), delete: note("again gone") } },
    still: { args: { connection: both, create: note("still"), stdin: "same" }, show: ["stdout"] },
    swap: {
      args: {
        connection: both,
        create: note("swap new"),
        delete: note("swap old 1"),
        triggers: [1],
        stdin: "one",
      },
    },
    order: {
      args: {
        connection: both,
        create: note("order new"),
        delete: note("order old 1"),
        triggers: [1],
        stdin: "one",
      },
      deleteBeforeReplace: true,
    },
    hidden: { args: { connection: both, create: note("hidden"), stdin: `${HUSH} 1` }, secret: ["stdin"] },
    quiet: { args: { connection: both, create: "echo quiet-word", logging: "none" } },
    loud: { args: { connection: both, create: "echo loud-word" } },
    warns: { args: { connection: plain, create: `${NOTHING}; echo before`, stdin: "1" } },
    calm: {
      args: {
        connection: plain,
        create: `${NOTHING}; echo before`,
        stdin: "1",
        addPreviousOutputInEnv: false,
      },
    },
    moved: { args: { connection: both, create: note("moved") } },
    gone: { args: { connection: both, create: NOTHING, delete: note("gone deleted"), stdin: "kept" } },
    idle: { args: { connection: both, delete: note("idle deleted") } },
    agent: {
      args: { connection: connection(context, "plain", { privateKey: undefined }), create: "echo by agent" },
    },
  };
}

function after(context: Context): Program {
  const program = before(context);
  const change = (name: string, args: Record<string, unknown>): Program => {
    const spec = program[name];
    return spec === undefined ? {} : { [name]: { ...spec, args: { ...spec.args, ...args } } };
  };
  return {
    ...without(program, "gone"),
    ...change("life", { stdin: "document 7\nallow 49.4.80.62\nend\n" }),
    ...change("again", { create: note("again 2") }),
    ...change("swap", { triggers: [2], delete: note("swap old 2"), stdin: "two" }),
    ...change("order", { triggers: [2], delete: note("order old 2"), stdin: "two" }),
    ...change("hidden", { stdin: `${HUSH} 2` }),
    ...change("warns", { stdin: "2" }),
    ...change("calm", { stdin: "2" }),
    ...change("moved", { connection: connection(context, "both", { dialErrorLimit: 1 }) }),
  };
}

/** Runs the stack through its life; some ten seconds. */
export async function liveThrough(context: Context): Promise<Lifecycle> {
  const project = await makeProject(context, { SSH_AUTH_SOCK: context.agent });
  try {
    let seen = 0;
    const sinceThen = async (): Promise<string[]> => {
      const lines = await whatRan(context.host);
      const fresh = lines.slice(seen);
      seen = lines.length;
      return fresh.map((line) => line.trim());
    };
    const made = await project.up(before(context));
    const ranMade = await sinceThen();
    const unchanged = await project.up(before(context));
    const ranUnchanged = await sinceThen();
    const previewed = await project.preview(after(context), "--diff");
    const ranPreviewed = await sinceThen();
    const firstOutputs = await project.outputs("life");
    const changed = await project.up(after(context));
    const ranChanged = await sinceThen();
    const refreshed = await project.refresh(after(context));
    const ranRefreshed = await sinceThen();
    const state = project.stateText();
    const destroyed = await project.destroy(after(context));
    return {
      made,
      unchanged,
      previewed,
      changed,
      refreshed,
      destroyed,
      ran: {
        made: ranMade,
        unchanged: ranUnchanged,
        previewed: ranPreviewed,
        changed: ranChanged,
        refreshed: ranRefreshed,
        destroyed: await sinceThen(),
      },
      outputs: firstOutputs,
      state,
      secrets: [HUSH, ...context.keys.user.split("\n").slice(1, 3)],
    };
  } finally {
    project.dispose();
  }
}
