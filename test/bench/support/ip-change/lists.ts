import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

/** What each public-cloud prod stack inherits. */
const INHERITED = Object.keys(
  (
    parse(readFileSync(join(__dirname, "../../../../Pulumi.prod.yaml"), "utf8")) as {
      config: { "lqpt:allow": Record<string, unknown> };
    }
  ).config["lqpt:allow"],
);

/** Addresses for documentation. No two are neighbours, and none is of the lab's own, which begin each network. */
const POOL = ["192.0.2", "198.51.100", "203.0.113"].flatMap((network) =>
  Array.from({ length: 117 }, (_, index) => `${network}.${20 + 2 * index}`),
);

/** Of a round's list of that size, what a stack's own `allow` holds. From round to round one source is replaced. */
export function ownOf(size: number, round: number): Record<string, string> {
  return Object.fromEntries(ownSources(size, round).map((source) => [source, "a back end"]));
}

/** A round's whole list: inherited, and own. */
export function listOf(size: number, round: number): string[] {
  return [...INHERITED, ...ownSources(size, round)];
}

function ownSources(size: number, round: number): string[] {
  return [...POOL.slice(0, size - INHERITED.length - 1), POOL.at(-1 - round) ?? ""];
}
