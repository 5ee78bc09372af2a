import { showPath } from "./errors";
import type { StackInput } from "./input";
import { readBastion, readHost } from "./logins";
import { Findings, isMapping, Place, readEach } from "./read";
import { stackSchema } from "./schema";
import type { Source, StackConfig, VipConfig } from "./types";

/** One value that counts for a stack, and where it comes from. */
export interface Explained {
  /** As for `pulumi config set --path`. */
  readonly path: string;
  readonly value: unknown;
  /** The file that says so, or `default`. */
  readonly from: string;
}

/** Keys whose entries are told one by one, by what they come to. */
const TOLD_APART = ["allow", "remove", "hosts", "bastions", "secrets", "vip"];

/**
 * Everything that counts for a stack, with where it comes from: its own file, an environment's, or nowhere.
 *
 * @param config what `parseStack` made of `input`
 */
export function explain(input: StackInput, config: StackConfig): Explained[] {
  const nowhere = new Place(input.file, new Findings());
  const own = (path: readonly string[], value: unknown, written: unknown): Explained[] =>
    flatten(path, value, written, input.file);

  const plain = Object.entries(readEach(stackSchema, input.values, nowhere)).filter(
    ([key]) => !TOLD_APART.includes(key),
  );
  const logins = [
    ["hosts", readHost],
    ["bastions", readBastion],
  ] as const;
  return [
    ...plain.flatMap(([key, value]) => own([key], value, input.values[key])),
    // With what follows from the hosts and from the address.
    ...(config.vip === undefined ? [] : own(["vip"], writtenVip(config.vip), input.values["vip"])),
    ...config.sources.map((source) => ({
      path: showPath(["allow", source.cidr]),
      value: sourceText(source),
      from: source.from,
    })),
    ...config.removals.map(({ what, why, from }) => ({ path: showPath(["remove", what]), value: why, from })),
    ...logins.flatMap(([key, readOne]) =>
      entriesOf(input.values[key]).flatMap(([name, written]) =>
        own([key, name], readOne(written, nowhere), written),
      ),
    ),
    ...entriesOf(input.values["secrets"]).flatMap(([owner, secrets]) =>
      entriesOf(secrets).map(([name]) => ({
        path: showPath(["secrets", owner, name]),
        value: "(set)",
        from: input.file,
      })),
    ),
  ];
}

function writtenVip({ address, prefix, own, ...rest }: VipConfig): unknown {
  return { address: `${address}/${prefix}`, ...rest, hosts: Object.fromEntries(own) };
}

function sourceText({ owner, kind, filteredBy }: Source): string {
  const filter = filteredBy === undefined ? "" : `, filtered by ${filteredBy}`;
  return `${owner}${kind === "backend" ? "" : ` (${kind}${filter})`}`;
}

function entriesOf(value: unknown): [string, unknown][] {
  return isMapping(value) ? Object.entries(value) : [];
}

/** Each value inside, in the schema's order; one that is not written is the schema's. */
function flatten(path: readonly string[], value: unknown, written: unknown, file: string): Explained[] {
  if (isMapping(value)) {
    return Object.entries(value).flatMap(([key, inner]) =>
      flatten([...path, key], inner, isMapping(written) ? written[key] : undefined, file),
    );
  }
  if (value === undefined) return [];
  return [{ path: showPath(path), value, from: written === undefined ? "default" : file }];
}
