import { createHash } from "node:crypto";
import { contains, parseNetwork } from "../../config/addresses";
import type { HostConfig, Source, StackConfig } from "../../config/types";
import type { Sound } from "./rendered";

/** How a change is marked: something comes, goes, or becomes something else. */
export const SIGNS = ["+", "-", "!"] as const;
export type Sign = (typeof SIGNS)[number];

/**
 * What a change is of. `source`: who may open the port. `owner`: whose a source is, `remove`: consent, `ticket`: none of
 * these is enforced. `setting`: anything else that the file says. `host`: a machine of the stack. `access`: how a machine
 * is reached. `secret`: something encrypted is another now.
 */
export const OF = ["source", "owner", "remove", "ticket", "setting", "host", "access", "secret"] as const;
export type Of = (typeof OF)[number];

/** One difference between two revisions of a stack. */
export interface Change {
  readonly of: Of;
  readonly sign: Sign;
  /** `203.0.113.9`, `lqpt:listen.port`, `proxy-1`. */
  readonly what: string;
  /** What it was, in words of the file; undefined where it was not there. */
  readonly before?: string;
  readonly after?: string;
  /** Of a source that goes: the one that lets it in all the same. Of one that comes: the one that let it in before. */
  readonly within?: string;
}

/** Everything in which a stack differs, whatever order it is written in. None where nothing does. */
export function changesBetween(before: Sound, after: Sound): Change[] {
  return [
    ...sources(before.config, after.config),
    ...entries(
      "remove",
      before.config.removals.map(({ what, why }) => [what, why]),
      after.config.removals.map(({ what, why }) => [what, why]),
    ),
    ...machines(before.config.hosts, after.config.hosts),
    ...settings(before, after),
    ...secrets(before.secrets, after.secrets),
  ];
}

/** A stack that is new: its machines. Its list is no change of anybody's. */
export function changesOfNew({ config }: Sound): Change[] {
  return config.hosts.map((host) => ({ of: "host", sign: "+", what: host.name, after: placeOf(host) }));
}

function sources(before: StackConfig, after: StackConfig): Change[] {
  const [old, now] = [before, after].map(
    (config) => new Map(config.sources.map((source) => [source.cidr, source])),
  ) as [Map<string, Source>, Map<string, Source>];
  const gone = before.sources.filter(({ cidr }) => !now.has(cidr));
  const come = after.sources.filter(({ cidr }) => !old.has(cidr));
  const stayed = after.sources.flatMap((source) => {
    const was = old.get(source.cidr);
    return was === undefined || wordsOf(was) === wordsOf(source) ? [] : [[was, source] as const];
  });
  return [
    ...gone.map((source) => sourceChange("-", source, after.sources)),
    ...come.map((source) => sourceChange("+", source, before.sources)),
    ...stayed.map(([was, source]): Change => ({
      ...{ of: "owner", sign: "!", what: source.cidr, before: wordsOf(was), after: wordsOf(source) },
    })),
  ];
}

function sourceChange(sign: "+" | "-", source: Source, others: readonly Source[]): Change {
  const wider = others.find(({ cidr }) => cidr !== source.cidr && covers(cidr, source.cidr));
  return {
    ...{ of: "source", sign, what: source.cidr },
    [sign === "+" ? "after" : "before"]: wordsOf(source),
    ...(wider === undefined ? {} : { within: wider.cidr }),
  };
}

function covers(outer: string, inner: string): boolean {
  const [one, other] = [outer, inner].map((cidr) => parseNetwork(cidr).network);
  return one !== undefined && other !== undefined && contains(one, other);
}

function wordsOf({ owner, kind, filteredBy }: Source): string {
  const filter = filteredBy === undefined ? "" : `, filtered by ${filteredBy}`;
  return `${kind === "backend" ? "" : `${kind}: `}${owner}${filter}`;
}

function machines(before: readonly HostConfig[], after: readonly HostConfig[]): Change[] {
  const [old, now] = [before, after].map((hosts) => new Map(hosts.map((host) => [host.name, host]))) as [
    Map<string, HostConfig>,
    Map<string, HostConfig>,
  ];
  return [
    ...entries(
      "host",
      before.map((host) => [host.name, placeOf(host)]),
      after.map((host) => [host.name, placeOf(host)]),
    ).filter(({ what }) => !isThere(old.get(what), now.get(what))),
    ...[...now].flatMap(([name, host]) => {
      const was = old.get(name);
      if (was === undefined) return [];
      return [
        ...entries("setting", delivered(was), delivered(host)),
        ...entries("access", loginOf(was, host), loginOf(host, was)),
      ];
    }),
  ];
}

/** Whether a machine is where it was: its sshd alone listens at another port, by the key that it has. */
function isThere(before: HostConfig | undefined, after: HostConfig | undefined): boolean {
  return before?.address === after?.address && before?.hostKey === after?.hostKey;
}

/** Where the machine is: another place is another machine. Behind one address each port may lead to another. */
function placeOf({ address, port }: HostConfig): string {
  return port === 22 ? address : `${address}:${String(port)}`;
}

function delivered({ name, delivery, state, system }: HostConfig): Pair[] {
  const path = `lqpt:hosts.${name}`;
  return [
    [`${path}.delivery`, delivery],
    [`${path}.state`, state],
    ...(system === undefined ? [] : [[`${path}.system`, system] as const]),
  ];
}

function loginOf(host: HostConfig, other: HostConfig): Pair[] {
  const { name, port, user, sudo, auth, hostKey, bastion } = host;
  const path = `lqpt:hosts.${name}`;
  const via =
    bastion &&
    `${bastion.user}@${bastion.address}:${String(bastion.port)} by ${bastion.auth}, ${bastion.hostKey}`;
  return [
    ...(isThere(host, other) ? [[`${path}.port`, String(port)] as const] : []),
    [`${path}.user`, user],
    [`${path}.sudo`, sudo],
    [`${path}.auth`, auth],
    [`${path}.hostKey`, hostKey],
    ...(via === undefined ? [] : [[`${path}.bastion`, via] as const]),
  ];
}

function settings(before: Sound, after: Sound): Change[] {
  const [old, now] = [before, after].map(({ settings: all }) =>
    all.map(({ path, value }) => [path, textOf(value)] as const),
  );
  return entries("setting", old ?? [], now ?? []).map((change) =>
    change.what === "lqpt:change.ticket" ? { ...change, of: "ticket" } : change,
  );
}

/** On one line, whatever it is: a certificate is told by its digest. */
function textOf(value: unknown): string {
  if (typeof value !== "string") return JSON.stringify(value);
  if (!value.includes("\n")) return value;
  return `${String(value.trimEnd().split("\n").length)} lines, sha256:${createHash("sha256").update(value).digest("hex")}`;
}

function secrets(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): Change[] {
  // What it was and is shows nowhere, encrypted or not.
  return entries("secret", [...before], [...after]).map(({ of, sign, what }) => ({ of, sign, what }));
}

type Pair = readonly [string, string];

/** What two lists of named things differ in. */
function entries(of: Of, before: readonly Pair[], after: readonly Pair[]): Change[] {
  const [old, now] = [new Map(before), new Map(after)];
  return [
    ...before.flatMap(([what, was]): Change[] =>
      now.has(what) ? [] : [{ of, sign: "-", what, before: was }],
    ),
    ...after.flatMap(([what, is]): Change[] => {
      const was = old.get(what);
      if (was === undefined) return [{ of, sign: "+", what, after: is }];
      return was === is ? [] : [{ of, sign: "!", what, before: was, after: is }];
    }),
  ];
}
