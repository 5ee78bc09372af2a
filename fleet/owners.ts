import { isPrivate } from "../config/ranges";
import type { Source } from "../config/types";
import type { LintedStack } from "./clashes";
import { NOT_KNOWN } from "./takeOver";

/**
 * What is not right about whose an address is, by file: nobody wrote it down since an import, or two files say otherwise
 * of one public address, of which one has gone stale. A private address is another machine in each customer's network.
 */
export function ownerWarnings(stacks: readonly LintedStack[]): ReadonlyMap<string, readonly string[]> {
  const said = new Map<string, Map<string, string>>();
  for (const { cidr, owner, from } of stacks.flatMap(({ config }) => config.sources)) {
    if (isPrivate(cidr)) continue;
    const owners = said.get(cidr) ?? new Map<string, string>();
    owners.set(from, owners.get(from) ?? owner);
    said.set(cidr, owners);
  }
  return new Map(
    stacks.map(({ file, config }) => [
      file,
      config.sources
        .filter(({ from }) => from === file)
        .flatMap((source) => [...unknown(source), ...otherwise(source, said.get(source.cidr))]),
    ]),
  );
}

function unknown({ cidr, owner, from }: Source): string[] {
  return owner.startsWith(NOT_KNOWN)
    ? [
        `${from}: whose ${cidr} is, nobody wrote down since the import: ask, write it, or move it to lqpt:remove`,
      ]
    : [];
}

function otherwise({ cidr, owner, from }: Source, said: ReadonlyMap<string, string> | undefined): string[] {
  const [other] = [...(said ?? [])].filter(([file, theirs]) => file !== from && theirs !== owner);
  return other === undefined
    ? []
    : [`${from}: ${cidr} is ${owner} here and ${other[1]} in ${other[0]}: one of them has gone stale`];
}
