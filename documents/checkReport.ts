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

/**
 * What is not as it should be:
 *
 * - `silent`: the host does not answer, or not with a report
 * - `way`: Leqi is not reached in this way, with what it means
 * - `untried`: whether it is reached in this way is not known: the host may not call again within this hour
 * - `chain`: one of the certificates that Leqi sent in this way
 * - `egress`: the world sees the machine by another address than is registered
 */
export type Trouble =
  | { readonly kind: "silent"; readonly detail: string }
  | {
      readonly kind: "way" | "untried" | "chain";
      readonly environment: string;
      readonly way: "direct" | "nginx";
      readonly detail: string;
    }
  | { readonly kind: "egress"; readonly seen: string | null; readonly registered: string | null };

/** None where Leqi is reached in every way. */
export function troublesOf({ environments, egress }: CheckReport): Trouble[] {
  const ways = Object.entries(environments).flatMap(([environment, { direct, nginx }]) => [
    ...troubleOf(environment, "direct", direct),
    ...troubleOf(environment, "nginx", nginx),
  ]);
  if (egress?.equal !== false) return ways;
  return [...ways, { kind: "egress", seen: egress.seen, registered: egress.registered }];
}

function troubleOf(
  environment: string,
  way: "direct" | "nginx",
  { result, says, chain = [] }: CheckedWay,
): Trouble[] {
  if (result === "connected") return [];
  return [
    { kind: result === "not-tried" ? "untried" : "way", environment, way, detail: says },
    ...chain.map((detail) => ({ kind: "chain", environment, way, detail }) as const),
  ];
}
