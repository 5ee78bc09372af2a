import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { toolchain } from "../../tools/toolchain";
import { type FleetWorld, makeFleet } from "../support/customers";
import type { Host } from "../support/lab";
import { labUnavailable, prepareLab } from "../support/prepare";
import { Ansible, bringAnsible } from "./support/ip-change/ansible";
import { listOf } from "./support/ip-change/lists";
import { verify } from "./support/ip-change/verify";
import type { Outcome } from "./support/outcome";
import { median } from "./support/stopwatch";

export const about =
  "one IP of eight changed on 16 hosts 20 ms away, by `lqpt rollout` and by Ansible with 16 forks";

const HOSTS = 16;
const FEW = 8;
const ROUNDS = 3;
const ROUND_TRIP_MS = 20;

/** A way to bring the next list to all hosts. Errors: whatever keeps one of them from holding it. */
interface Side {
  /** What is done before it counts. */
  prepare(): Promise<void>;
  change(): Promise<void>;
  verify(): Promise<void>;
}

export async function run(): Promise<Outcome> {
  const reason = labUnavailable();
  if (reason !== undefined) throw new Error(`this machine cannot have VM-like hosts: ${reason}`);
  await bringAnsible();
  await toolchain();
  await prepareLab(console.error, ["bookworm"]);
  const world = await makeFleet(HOSTS, { roundTripMs: ROUND_TRIP_MS, values: { allow: {} } });
  try {
    const peers = await Promise.all(
      Array.from({ length: HOSTS }, (_, index) =>
        world.lab.host(`p${String(index + 1)}`, { kind: "bookworm", firewalld: "running" }),
      ),
    );
    await Promise.all(
      peers.map((host) =>
        host.mustExec("apt-get -q update && apt-get -q -y install --no-install-recommends nginx"),
      ),
    );
    const reached = await Promise.all(
      peers.map(async (host) => ({ host, address: await world.lab.relayTo(host, ROUND_TRIP_MS) })),
    );
    const lists = new Lists();
    const by = (configuration: "defaults" | "tuned"): Side =>
      ansible(new Ansible(world.lab, world.lab.operator, reached, configuration), peers, lists);
    const sides = { ours: ours(world), ansible: by("defaults"), tuned: by("tuned") };
    await sides.ansible.prepare();
    await sides.ansible.change();
    return await compare(sides);
  } finally {
    await world.stop();
  }
}

/** One list after another; from each to the next one source is replaced. */
class Lists {
  private round = -1;

  next(): string[] {
    this.round += 1;
    return this.current();
  }

  current(): string[] {
    return listOf(FEW, this.round);
  }
}

/** The list is everybody's, so it stands in the environment's file. */
function ours({ fleet, customers }: FleetWorld): Side {
  const lists = new Lists();
  const plan = join(fleet.folder, "state", "plan.json");
  return {
    prepare: async () => {
      const allow = Object.fromEntries(lists.next().map((source) => [source, "a back end"]));
      fleet.change("prod", { allow });
      fleet.commit("another list");
      const { exitCode, all } = await fleet.lqpt(
        "plan",
        "--changed-since",
        "HEAD~1",
        "--to",
        "HEAD",
        "--json",
      );
      if (exitCode !== 0) throw new Error(`lqpt plan ended with ${String(exitCode)}, expected 0:\n${all}`);
      writeFileSync(plan, all);
    },
    change: async () => {
      const { exitCode, all } = await fleet.lqpt("rollout", plan, "--group", String(HOSTS));
      if (exitCode !== 0) throw new Error(`lqpt rollout ended with ${String(exitCode)}, expected 0:\n${all}`);
    },
    verify: () =>
      verifyAll(
        customers.map(({ host }) => host),
        lists.current(),
      ),
  };
}

/** @param lists of the hosts, whoever changes them */
function ansible(peer: Ansible, hosts: readonly Host[], lists: Lists): Side {
  return {
    prepare: () => {
      peer.write(lists.next());
      return Promise.resolve();
    },
    change: () => peer.apply(),
    verify: () => verifyAll(hosts, lists.current()),
  };
}

async function verifyAll(hosts: readonly Host[], sources: readonly string[]): Promise<void> {
  for (const host of hosts) await verify(host, sources);
}

const SHOWN = { ours: "ours", ansible: "Ansible", tuned: "Ansible with pipelining" } as const;

/** One after the other by turns, so that what else the machine does falls on all alike. */
async function compare(sides: Readonly<Record<keyof typeof SHOWN, Side>>): Promise<Outcome> {
  const names = Object.keys(SHOWN) as (keyof typeof SHOWN)[];
  const seconds: Record<keyof typeof SHOWN, number[]> = { ours: [], ansible: [], tuned: [] };
  // The first round warms the caches and does not count.
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const name of names) {
      await sides[name].prepare();
      const begun = performance.now();
      await sides[name].change();
      const taken = (performance.now() - begun) / 1000;
      await sides[name].verify();
      console.error(`round ${round} of ${ROUNDS}: ${SHOWN[name]} ${taken.toFixed(1)} s`);
      if (round > 0) seconds[name].push(taken);
    }
  }
  const middle = (name: keyof typeof SHOWN): number => median(seconds[name]);
  return {
    figures: names.map((name) => `${SHOWN[name]} ${middle(name).toFixed(1)} s`),
    ratios: [
      { name: "ours to Ansible", value: middle("ours") / middle("ansible"), goal: 1 / 3 },
      { name: "to Ansible with pipelining", value: middle("ours") / middle("tuned"), goal: 1 / 2 },
    ],
  };
}
