import type { FoundMachine, Seen } from "../documents/doctorReport";

/** An address as it was found on one machine or more. */
export interface Found extends Seen {
  /** The hosts, in the stack's order. */
  readonly on: readonly string[];
  /** Let in now on one of them. */
  readonly runtime: boolean;
  /** How many logs could be read there. */
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
      const one = { ...seen, on: [host], runtime, logs: machine.proxy.logs };
      const before = all.get(seen.source);
      all.set(seen.source, before === undefined ? one : together(before, one));
    }
  }
  return [...all.values()];
}

function together(a: Found, b: Found): Found {
  return {
    source: a.source,
    on: [...a.on, ...b.on],
    runtime: a.runtime || b.runtime,
    logs: a.logs + b.logs,
    firstSeen: [a.firstSeen, b.firstSeen].filter((day) => day !== null).sort()[0] ?? null,
    lastSeen:
      [a.lastSeen, b.lastSeen]
        .filter((day) => day !== null)
        .sort()
        .at(-1) ?? null,
    requests: a.requests + b.requests,
  };
}
