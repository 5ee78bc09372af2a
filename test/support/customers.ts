import { toolchain } from "../../tools/toolchain";
import { Fleet } from "./fleet";
import { type Host, Lab } from "./lab";
import { sampleSecrets, sampleValues } from "./samples";
import type { StackValues } from "./stack";

/** A customer: a stack with one machine, both of the same name but for the environment. */
export interface Customer {
  readonly stack: string;
  readonly host: Host;
}

export interface FleetWorld {
  readonly lab: Lab;
  readonly fleet: Fleet;
  readonly customers: readonly Customer[];
  stop(): Promise<void>;
}

interface FleetWorldOptions {
  /** Where the stacks' states are; default: files in the project's folder. */
  readonly backend?: string;
  /** Milliseconds there and back between the operator and the hosts; default: none. */
  readonly roundTripMs?: number;
  /** What each stack's file has beside the sample's. */
  readonly values?: StackValues;
}

/** How many hosts are set up at a time. */
const AT_A_TIME = 6;

/** Customers c1, c2, …, each set up by a `pulumi up` of its own, all committed. */
export async function makeFleet(count: number, options: FleetWorldOptions = {}): Promise<FleetWorld> {
  const { backend, roundTripMs = 0, values } = options;
  const lab = await Lab.start();
  let fleet: Fleet | undefined;
  try {
    const names = Array.from({ length: count }, (_, index) => `c${String(index + 1)}`);
    const hosts = await Promise.all(names.map((name) => lab.host(name)));
    const place = { runner: lab.operator, toolchain: await toolchain() };
    const made = new Fleet({ ...place, ...(backend === undefined ? {} : { backend }) });
    fleet = made;
    const customers = hosts.map((host) => ({ stack: `${host.name}-prod`, host }));
    for (const { stack, host } of customers) {
      const sample = sampleValues(host);
      const [[name, entry] = ["", undefined]] = Object.entries(sample.hosts);
      const address = roundTripMs === 0 ? host.address : await lab.relayTo(host, roundTripMs);
      const own = { id: `${host.name}-7f3a`, hosts: { [name]: { ...entry, address } } };
      await made.add(stack, { ...sample, ...own, ...values }, sampleSecrets(lab.operatorKey, host));
    }
    made.commit("customers");
    for (let at = 0; at < count; at += AT_A_TIME) {
      const ups = await Promise.all(customers.slice(at, at + AT_A_TIME).map(({ stack }) => made.up(stack)));
      const failed = ups.find(({ exitCode }) => exitCode !== 0);
      if (failed !== undefined)
        throw new Error(`pulumi up ended with ${String(failed.exitCode)}:\n${failed.all}`);
    }
    return {
      ...{ lab, fleet: made, customers },
      stop: async () => {
        made.dispose();
        await lab.stop();
      },
    };
  } catch (error) {
    fleet?.dispose();
    await lab.stop();
    throw error;
  }
}
