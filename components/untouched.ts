import * as pulumi from "@pulumi/pulumi";
import { remote } from "@pulumi/command";

const COMMAND = "command:remote:Command";
const COPY = "command:remote:CopyToRemote";

/** The names of the Commands that the state holds, each with its type. */
export type CommandsInState = ReadonlyMap<string, typeof COMMAND | typeof COPY>;

/**
 * What an earlier `up` made on hosts. Asked for only where a host is not to be touched: nothing else depends on the state.
 *
 * @throws Error where the engine does not answer.
 */
export async function commandsInState(): Promise<CommandsInState> {
  const stackName = pulumi.getStack();
  const { outputs } = (await pulumi.runtime.invoke("pulumi:pulumi:readStackResourceOutputs", {
    stackName,
  })) as {
    readonly outputs: Readonly<Record<string, { readonly type: string }>>;
  };
  return new Map(
    Object.entries(outputs).flatMap(([urn, { type }]) =>
      type === COMMAND || type === COPY ? [[urn.split("::").at(-1) ?? "", type] as const] : [],
    ),
  );
}

/** Whatever is written here stays what the state has: nothing of it is looked at, and nothing runs. */
const connection = { host: "nobody.invalid" };

/**
 * Keeps in the state what an earlier `up` made on a host that is not to be touched: it is neither run again nor taken
 * away, also when the host or the whole stack is given up later. A host that no `up` reached has nothing to keep.
 *
 * @param name the host's
 */
export function leaveUntouched(
  name: string,
  known: CommandsInState,
  opts: pulumi.ComponentResourceOptions,
): void {
  const untouched = { ...opts, retainOnDelete: true };
  for (const [resource, type] of known) {
    if (!new RegExp(`^${name}-(?:tool|nginx|keys|state|piece-.*)$`).test(resource)) continue;
    if (type === COMMAND) {
      const ignoreChanges = ["connection", "create", "delete", "stdin", "logging", "addPreviousOutputInEnv"];
      new remote.Command(resource, { connection }, { ...untouched, ignoreChanges });
    } else {
      const source = new pulumi.asset.StringAsset("");
      const ignoreChanges = ["connection", "source", "remotePath", "triggers"];
      new remote.CopyToRemote(
        resource,
        { connection, source, remotePath: "/nowhere" },
        { ...untouched, ignoreChanges },
      );
    }
  }
}
