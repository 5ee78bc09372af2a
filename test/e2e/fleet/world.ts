import { toolchain } from "../../../tools/toolchain";
import { Fleet } from "../../support/fleet";
import { type Host, Lab } from "../../support/lab";
import { sampleSecrets, sampleValues } from "../../support/samples";

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

/** Customers c1, c2, …, each set up by a `pulumi up` of its own, all committed. */
export async function makeFleet(count: number, backend?: string): Promise<FleetWorld> {
  const lab = await Lab.start();
  let fleet: Fleet | undefined;
  try {
    const names = Array.from({ length: count }, (_, index) => `c${String(index + 1)}`);
    const hosts = await Promise.all(names.map((name) => lab.host(name)));
    const made = new Fleet({
      runner: lab.operator,
      toolchain: await toolchain(),
      ...(backend === undefined ? {} : { backend }),
    });
    fleet = made;
    const customers = hosts.map((host) => ({ stack: `${host.name}-prod`, host }));
    for (const { stack, host } of customers) {
      const values = { ...sampleValues(host), id: `${host.name}-7f3a` };
      await made.add(stack, values, sampleSecrets(lab.operatorKey, host));
    }
    made.commit("customers");
    const ups = await Promise.all(customers.map(({ stack }) => made.up(stack)));
    const failed = ups.find(({ exitCode }) => exitCode !== 0);
    if (failed !== undefined)
      throw new Error(`pulumi up ended with ${String(failed.exitCode)}:\n${failed.all}`);
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
