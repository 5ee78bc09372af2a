import type { ConfigIssue } from "../config/errors";
import { copiedKey } from "../config/hostKey";
import type { HostConfig, StackConfig } from "../config/types";
import { vipClashes } from "./vipClashes";

/** A stack that has no mistake of its own. */
export interface LintedStack {
  readonly file: string;
  readonly config: StackConfig;
}

/** What no stack's file shows alone: an owner's mark, a machine or a shared address that two of them claim. Told in the later file. */
export function clashes(stacks: readonly LintedStack[]): ConfigIssue[] {
  return [...clashingMarks(stacks), ...clashingMachines(stacks), ...vipClashes(stacks)];
}

function clashingMarks(stacks: readonly LintedStack[]): ConfigIssue[] {
  const withHosts = stacks.filter(({ config }) => config.hosts.length > 0);
  return repeated(withHosts, ({ config }) => [config.id]).map(([{ file, config }, first]) => ({
    file,
    path: "lqpt:id",
    found: JSON.stringify(config.id),
    problem: `${first.file} has the same mark, so either stack would take the other's hosts for its own`,
    allowed: "a mark that no other stack has",
    next: "give the newer of the two another one, before its first `pulumi up`",
  }));
}

interface Machine {
  readonly file: string;
  readonly host: HostConfig;
}

function clashingMachines(stacks: readonly LintedStack[]): ConfigIssue[] {
  const machines = stacks.flatMap(({ file, config }) => config.hosts.map((host) => ({ file, host })));
  return repeated(machines, ({ host }) => [
    placeOf(host),
    // Of a host that nobody dials none is pinned.
    ...(host.hostKey === "" ? [] : [host.hostKey]),
  ])
    .filter(([{ file }, first]) => file !== first.file)
    .map(([{ file, host }, first]) => clashOf(file, host, first));
}

function clashOf(file: string, host: HostConfig, first: Machine): ConfigIssue {
  const known = `${first.host.name} of ${first.file}`;
  if (placeOf(host) === placeOf(first.host)) {
    return {
      file,
      path: `lqpt:hosts.${host.name}.address`,
      found: JSON.stringify(host.address),
      problem: `${known} is reached in the same way, so both would own one machine`,
      allowed: "each machine in one stack",
      next: "where one machine serves both environments, use one stack with lqpt:environments: [sandbox, prod]",
    };
  }
  return {
    file,
    path: `lqpt:hosts.${host.name}.hostKey`,
    found: JSON.stringify(host.hostKey),
    ...copiedKey(known),
  };
}

/** Customers' networks may use the same addresses: then the way there differs. */
function placeOf({ address, port, bastion }: HostConfig): string {
  const via = bastion === undefined ? "" : `${bastion.address.toLowerCase()}:${bastion.port}>`;
  return `${via}${address.toLowerCase()}:${port}`;
}

/** Each that has a key which one before it has, with the first of those. */
function repeated<T>(all: readonly T[], keysOf: (one: T) => readonly string[]): (readonly [T, T])[] {
  const firsts = new Map<string, T>();
  return all.flatMap((one) => {
    const keys = keysOf(one);
    const first = keys.map((key) => firsts.get(key)).find((known) => known !== undefined);
    keys.filter((key) => !firsts.has(key)).forEach((key) => firsts.set(key, one));
    return first === undefined ? [] : [[one, first] as const];
  });
}
