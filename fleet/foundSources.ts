import type { FoundMachine, Seen } from "../documents/doctorReport";

/** An address as it was found on one machine or more. */
export interface Found extends Seen {
  /** The hosts, in the stack's order. */
  readonly on: readonly string[];
  /** Let in now on one of them. */
  readonly runtime: boolean;
  /** How many logs tell its calls; 0 where one that may tell more could not be read on any of the hosts. */
  readonly logs: number;
}

/**
 * Each address once, with all that the machines say of it.
 *
 * @param listed those that are meant of one machine; of one without `runtime` it does not matter
 */
export function bySource(
  machines: ReadonlyMap<string, FoundMachine>,
  listed: (machine: FoundMachine) => readonly (Seen & { readonly runtime?: boolean })[],
): Found[] {
  const all = new Map<string, Found>();
  for (const [host, machine] of machines) {
    for (const { runtime = true, ...seen } of listed(machine)) {
      const one = { ...seen, on: [host], runtime, logs: whole(machine) };
      const before = all.get(seen.source);
      all.set(seen.source, before === undefined ? one : together(before, one));
    }
  }
  return [...all.values()];
}

/** How many logs tell of all calls. */
function whole({ proxy }: FoundMachine): number {
  return proxy.unreadLogs.length === 0 ? proxy.logs : 0;
}

function together(a: Found, b: Found): Found {
  return {
    source: a.source,
    on: [...a.on, ...b.on],
    runtime: a.runtime || b.runtime,
    logs: a.logs === 0 || b.logs === 0 ? 0 : a.logs + b.logs,
    firstSeen: [a.firstSeen, b.firstSeen].filter((day) => day !== null).sort()[0] ?? null,
    lastSeen:
      [a.lastSeen, b.lastSeen]
        .filter((day) => day !== null)
        .sort()
        .at(-1) ?? null,
    requests: a.requests + b.requests,
  };
}
