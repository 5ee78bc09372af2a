import { toolchain } from "../../tools/toolchain";
import { type Host, Lab } from "../support/lab";
import { labUnavailable, prepareLab } from "../support/prepare";
import { sampleSecrets, sampleValues } from "../support/samples";
import { Stack } from "../support/stack";
import { Ansible, bringAnsible } from "./support/ip-change/ansible";
import { BareCalls } from "./support/ip-change/bareCalls";
import { listOf, ownOf } from "./support/ip-change/lists";
import { verify } from "./support/ip-change/verify";
import type { Outcome } from "./support/outcome";
import { Stopwatch, median } from "./support/stopwatch";

export const about =
  "one IP of eight changed by `pulumi up`, by Ansible and by bare calls, and one of 256, on hosts 20 ms away";

const FEW = 8;
/** The most that a stack may have. */
const MANY = 256;
const ROUNDS = 5;
/** A customer's machines are not where those who change them are. */
const ROUND_TRIP_MS = 20;
const SHOWN = {
  ours: "ours",
  ansible: "Ansible",
  tuned: "Ansible tuned",
  bare: "unchanged `up` and bare calls",
  many: `ours with ${MANY}`,
} as const;
type Name = keyof typeof SHOWN;

/** A way to change one source of a host's. */
interface Side {
  /** Changes the list of one round into that of the next. Seconds; errors: whatever keeps the host from holding it. */
  change(round: number): Promise<number>;
}

export async function run(): Promise<Outcome> {
  const reason = labUnavailable();
  if (reason !== undefined) {
    throw new Error(`this machine cannot have VM-like hosts: ${reason}`);
  }
  await bringAnsible();
  await toolchain();
  await prepareLab(console.error, ["bookworm"]);
  const lab = await Lab.start();
  const stacks: Stack[] = [];
  try {
    const watch = new Stopwatch(lab.operator);
    const [host, fullHost, peer, tunedPeer] = await Promise.all([
      lab.host("proxy-1", { kind: "bookworm" }),
      lab.host("proxy-2", { kind: "bookworm" }),
      lab.host("proxy-3", { kind: "bookworm", firewalld: "running" }),
      lab.host("proxy-4", { kind: "bookworm", firewalld: "running" }),
    ]);
    const away = async (one: Host): Promise<string> => lab.relayTo(one, ROUND_TRIP_MS);
    const [way, fullWay] = [await away(host), await away(fullHost)];
    const stack = await bringUp(lab, watch, host, way, FEW, stacks);
    const fullStack = await bringUp(lab, watch, fullHost, fullWay, MANY, stacks);
    return await compare({
      // First, since it leaves the host as it was and so finds it as the stack has it.
      bare: bare(watch, stack, host, new BareCalls(lab, watch, host, way)),
      ours: ours(watch, stack, host, FEW),
      many: ours(watch, fullStack, fullHost, MANY),
      ansible: await ansible(
        watch,
        new Ansible(lab, watch, [{ host: peer, address: await away(peer) }], "defaults"),
        peer,
      ),
      tuned: await ansible(
        watch,
        new Ansible(lab, watch, [{ host: tunedPeer, address: await away(tunedPeer) }], "tuned"),
        tunedPeer,
      ),
    });
  } finally {
    stacks.forEach((stack) => stack.dispose());
    await lab.stop();
  }
}

/** A stack in force, with the first round's list. */
async function bringUp(
  lab: Lab,
  watch: Stopwatch,
  host: Host,
  address: string,
  size: number,
  stacks: Stack[],
): Promise<Stack> {
  const values = sampleValues(host);
  const hosts = Object.fromEntries(
    Object.entries(values.hosts).map(([name, entry]) => [name, { ...entry, address }]),
  );
  const stack = await Stack.create({
    runner: watch,
    toolchain: await toolchain(),
    values: { ...values, hosts, allow: ownOf(size, 0) },
    secrets: sampleSecrets(lab.operatorKey, host),
  });
  stacks.push(stack);
  await up(stack, `create ${host.name}-state`);
  await verify(host, listOf(size, 0));
  return stack;
}

function ours(watch: Stopwatch, stack: Stack, host: Host, size: number): Side {
  return {
    change: async (round) => {
      stack.change({ allow: ownOf(size, round + 1) });
      await up(stack, `update ${host.name}-state`);
      const { wall } = watch.lap;
      await verify(host, listOf(size, round + 1));
      return wall;
    },
  };
}

/** The least that it could take: Pulumi with nothing to do, and one ssh that does the change and no more. */
function bare(watch: Stopwatch, stack: Stack, host: Host, calls: BareCalls): Side {
  return {
    change: async (round) => {
      const [before, after] = [listOf(FEW, round), listOf(FEW, round + 1)];
      await up(stack, undefined);
      const { wall } = watch.lap;
      await calls.change(before, after);
      const more = watch.lap.wall;
      await verify(host, after);
      await calls.change(after, before);
      await verify(host, before);
      return wall + more;
    },
  };
}

async function ansible(watch: Stopwatch, peer: Ansible, host: Host): Promise<Side> {
  const apply = async (round: number): Promise<void> => {
    peer.write(listOf(FEW, round));
    await peer.apply();
  };
  await host.mustExec("apt-get -q update && apt-get -q -y install --no-install-recommends nginx");
  await apply(0);
  await verify(host, listOf(FEW, 0));
  return {
    change: async (round) => {
      await apply(round + 1);
      const { wall } = watch.lap;
      await verify(host, listOf(FEW, round + 1));
      return wall;
    },
  };
}

/** @param step that it must take, besides others; `undefined`: it must take none */
async function up(stack: Stack, step: string | undefined): Promise<void> {
  const { exitCode, all, steps } = await stack.up();
  if (exitCode !== 0 || (step === undefined ? steps.length > 0 : !steps.includes(step))) {
    throw new Error(
      `pulumi up ended with ${exitCode}, its steps: ${steps.join(", ")}; expected 0 and ${step ?? "no step"}:\n${all}`,
    );
  }
}

/** One after the other by turns, so that what else the machine does falls on all alike. */
async function compare(sides: Readonly<Record<Name, Side>>): Promise<Outcome> {
  const names = Object.keys(sides) as Name[];
  const seconds: Record<Name, number[]> = { ours: [], ansible: [], tuned: [], bare: [], many: [] };
  // The first round warms the caches and does not count.
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const name of names) {
      const taken = await sides[name].change(round);
      console.error(`round ${round} of ${ROUNDS}: ${SHOWN[name]} ${taken.toFixed(2)} s`);
      if (round > 0) seconds[name].push(taken);
    }
  }
  const middle = (name: Name): number => median(seconds[name]);
  const ratio = (to: Name): number => middle("ours") / middle(to);
  return {
    figures: names.map((name) => `${SHOWN[name]} ${middle(name).toFixed(2)} s`),
    ratios: [
      { name: "ours to Ansible", value: ratio("ansible"), goal: 0.2 },
      { name: "to Ansible tuned", value: ratio("tuned"), goal: 0.2 },
      { name: "to bare calls", value: ratio("bare"), goal: 1.5 },
      { name: `${MANY} sources to ${FEW}`, value: middle("many") / middle("ours"), goal: 2 },
    ],
  };
}
