import { setTimeout as sleep } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import { remote } from "@pulumi/command";
import { commandNameOf } from "../documents/commandNames";

const COMMAND = "command:remote:Command";
const COPY = "command:remote:CopyToRemote";

/** The names of the Commands that the state holds, each with its type. */
export type CommandsInState = ReadonlyMap<string, typeof COMMAND | typeof COPY>;

/**
 * What an earlier `up` made on hosts. Asked for only where a host is not to be touched: nothing else depends on the state.
 *
 * @throws Error where the engine does not answer, or for another stack.
 */
export async function commandsInState(): Promise<CommandsInState> {
  const [stack, project] = [pulumi.getStack(), pulumi.getProject()];
  const stackName = `${pulumi.getOrganization()}/${project}/${stack}`;
  const { outputs } = await patiently(
    async () =>
      (await pulumi.runtime.invoke("pulumi:pulumi:readStackResourceOutputs", { stackName })) as StateRead,
  );
  const stranger = Object.keys(outputs).find((urn) => !urn.startsWith(`urn:pulumi:${stack}::${project}::`));
  if (stranger !== undefined)
    throw new Error(`asked for ${project}/${stack}, the engine told of ${stranger}`);
  return new Map(
    Object.entries(outputs).flatMap(([urn, { type }]) =>
      type === COMMAND || type === COPY ? [[urn.split("::").at(-1) ?? "", type] as const] : [],
    ),
  );
}

interface StateRead {
  readonly outputs: Readonly<Record<string, { readonly type: string }>>;
}

/**
 * Asks again where an answer fails. In a backend of files the engine writes beside a state its checksum, and not at one
 * stroke: who reads at that moment finds the half of it ("failed to load checkpoint: EOF"), and the whole a moment later.
 *
 * @param pausesMs how long to wait before each further attempt
 * @throws whatever the last attempt threw
 */
export async function patiently<T>(
  ask: () => Promise<T>,
  pausesMs: readonly number[] = [50, 200, 800, 2000],
): Promise<T> {
  for (const pause of pausesMs) {
    try {
      return await ask();
    } catch {
      await sleep(pause);
    }
  }
  return ask();
}

/** Whatever is written here stays what the state has: nothing of it is looked at, and nothing runs. */
const connection = { host: "nobody.invalid" };

/**
 * Keeps in the state what an earlier `up` made on a host that is not to be touched: it is neither run again nor taken
 * away, also when the host or the whole stack is given up later. A host that no `up` reached has nothing to keep.
 *
 * It is kept under other names. So whenever the host is dialled again, its Commands are new ones and run, also where
 * their inputs are those of the last time: in between the machine may have been changed, or be another one.
 *
 * @param name the host's
 */
export function leaveUntouched(
  name: string,
  known: CommandsInState,
  opts: pulumi.ComponentResourceOptions,
): void {
  for (const { resource, type, was } of leftBehind(name, known)) {
    const untouched = {
      ...{ ...opts, retainOnDelete: true },
      ...(was === undefined ? {} : { aliases: [{ name: was }] }),
    };
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

/** One Command of a host that is left alone. */
interface Left {
  readonly resource: string;
  readonly type: typeof COMMAND | typeof COPY;
  /** The name that it had while the host was dialled; undefined where it was left alone before already. */
  readonly was?: string;
}

/** @returns what of a host is in the state, each with the name under which it is kept. */
export function leftBehind(name: string, known: CommandsInState): Left[] {
  return [...known].flatMap(([resource, type]) => {
    const own = commandNameOf(name, resource);
    if (own === undefined) return [];
    if (own.isLeft) return [{ resource, type }];
    let kept = `${resource}.left`;
    while (known.has(kept)) kept += ".left";
    return [{ resource: kept, type, was: resource }];
  });
}
