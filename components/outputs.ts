import type { Source } from "../config/types";
import type { HostReport } from "../documents/report";

/**
 * The whitelist in force on every host of the stack, each source with its owner. Only what all hosts reported counts:
 * a source that one of them lacks is not one that an operator may rely on.
 *
 * @param reports undefined for a host that nothing is known of
 */
export function whitelistInForce(
  reports: readonly (HostReport | undefined)[],
  sources: readonly Source[],
): Readonly<Record<string, string>> {
  const [first, ...others] = reports;
  const inForce = (first?.whitelist ?? []).filter((cidr) =>
    others.every((report) => report?.whitelist.includes(cidr)),
  );
  return withOwners(sourcesInForce(inForce, sources));
}

/** What is in force, each with what the config says of it: also what the config does not name any more. */
export function sourcesInForce(whitelist: readonly string[], sources: readonly Source[]): Source[] {
  return whitelist.map(
    (cidr) =>
      sources.find((source) => source.cidr === cidr) ?? {
        ...{ cidr, owner: "named by nobody", kind: "backend" },
        ...{ filteredBy: undefined, from: "the host" },
      },
  );
}

/** A list as a person reads it in a stack's outputs: by address, with its owner. */
export function withOwners(
  sources: readonly Pick<Source, "cidr" | "owner">[],
): Readonly<Record<string, string>> {
  return Object.fromEntries(sources.map(({ cidr, owner }) => [cidr, owner]));
}
