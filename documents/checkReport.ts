import * as v from "valibot";
import { showFound } from "../config/errors";
import { printable, tryJson } from "./report";

/** One way to Leqi: directly, or through the machine's own nginx. */
export interface CheckedWay {
  /** One word: `connected`, `forbidden`, `dropped`, `tls-unverified` and so on; docs/on-the-host.md explains each. */
  readonly result: string;
  /** What it means and what to do next. */
  readonly says: string;
  /** With `tls-unverified`: the certificates that Leqi sent. */
  readonly chain?: readonly string[] | undefined;
}

/** What `lqptctl check` says: the connectivity test of the vendor's document. */
export interface CheckReport {
  readonly leqi: string;
  /** By environment. */
  readonly environments: Readonly<
    Record<string, { readonly direct: CheckedWay; readonly nginx: CheckedWay }>
  >;
  /** The address that the world sees; null where no reflector is configured. */
  readonly egress: {
    readonly seen: string | null;
    readonly registered: string | null;
    readonly equal: boolean | null;
  } | null;
  /** Calls that are left for this hour. */
  readonly callsLeft: number;
}

const text = v.pipe(printable, v.maxLength(4000));
const way = v.object({ result: text, says: text, chain: v.optional(v.array(text)) });
const report = v.object({
  leqi: text,
  environments: v.record(v.picklist(["sandbox", "prod"]), v.object({ direct: way, nginx: way })),
  egress: v.nullable(
    v.object({ seen: v.nullable(text), registered: v.nullable(text), equal: v.nullable(v.boolean()) }),
  ),
  callsLeft: v.number(),
});

/** @throws Error where the last line is no report of a check. */
export function parseCheck(stdout: string): CheckReport {
  const line = stdout.trimEnd().split("\n").at(-1) ?? "";
  const { success, output } = v.safeParse(report, tryJson(line));
  if (success) return output;
  throw new Error(
    `its answer is no report of \`lqptctl check\`: found ${showFound(line) ?? ""}; expected one JSON object. Does the login shell print something of its own?`,
  );
}

/** What is not as it should be, one sentence each; none where Leqi is reached in every way. */
export function troublesOf({ environments, egress }: CheckReport): string[] {
  const ways = Object.entries(environments).flatMap(([environment, { direct, nginx }]) => [
    ...troubleOf(`${environment}, directly`, direct),
    ...troubleOf(`${environment}, through nginx`, nginx),
  ]);
  if (egress?.equal !== false) return ways;
  return [
    ...ways,
    `the world sees this machine as ${egress.seen ?? "nobody knows"}, and registered is ${egress.registered ?? "nothing"}: Leqi takes calls from the registered address alone`,
  ];
}

function troubleOf(name: string, { result, says, chain = [] }: CheckedWay): string[] {
  return result === "connected"
    ? []
    : [`${name}: ${says}`, ...chain.map((one) => `${name}, its chain: ${one}`)];
}
