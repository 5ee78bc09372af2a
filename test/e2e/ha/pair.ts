import type { Client, Watch } from "../../support/client";
import type { Host, HostKind } from "../../support/lab";
import { PORT, leqiUrl, sampleValues } from "../../support/samples";
import { until } from "../../support/until";
import { makeWorld, must, type World } from "../world";

/** The address that the pair shares; each one's own beside the one that it is dialled at; the third machine's there. */
export const VIP = "10.77.0.100";
export const OWN = ["10.77.0.11", "10.77.0.12"] as const;
export const THIRD = "10.77.0.13";
/** A header by which Leqi tells calls apart. */
export const NUMBER = "x-lqpt-try";

export interface Pair extends World {
  readonly hosts: readonly [Host, Host];
  /** Another machine on the same wire, with all that a host has. */
  readonly third: Host;
}

/** Two hosts that share an address, set up by one `pulumi up`, and a third machine. */
export async function makePair(kind: HostKind): Promise<Pair> {
  const world = await makeWorld({ kind, firewalld: "running" });
  try {
    const [second, third] = await Promise.all([
      world.lab.host("proxy-2", { kind, firewalld: "running" }),
      world.lab.host("third", { kind }),
    ]);
    const hosts = [world.host, second] as const;
    await Promise.all([
      giveAddress(third, THIRD),
      ...hosts.map((host, at) => giveAddress(host, OWN[at] ?? "")),
    ]);
    await world.stack.setSecrets({ "proxy-2.privateKey": world.lab.operatorKey });
    world.stack.change({ hosts: sampleValues(...hosts).hosts, vip: shared() });
    await must(world.stack.up());
    const pair = { ...world, hosts, third };
    await bothStand(pair);
    return pair;
  } catch (error) {
    await world.stop();
    throw error;
  }
}

/** lqpt:vip of the pair, with changes. */
export function shared(changes: object = {}): object {
  const hosts = { "proxy-1": OWN[0], "proxy-2": OWN[1] };
  return { address: `${VIP}/24`, interface: "eth0", hosts, ...changes };
}

/** An address of the shared network, for good. */
async function giveAddress(host: Host, address: string): Promise<void> {
  await host.write(
    "/etc/systemd/system/own-address.service",
    `[Unit]
DefaultDependencies=no
Before=network.target network-online.target sysinit.target
[Service]
Type=oneshot
ExecStart=/bin/ip address add ${address}/24 dev eth0
[Install]
WantedBy=sysinit.target
`,
  );
  await host.mustExec("systemctl enable -q --now own-address.service");
}

/** Those that have the address, by what they say themselves; one that is off has not. */
export async function holders(pair: Pair): Promise<Host[]> {
  const held = await Promise.all(
    pair.hosts.map(async (host) => {
      const look = host.exec(`ip -4 -o address show dev eth0 | grep -q 'inet ${VIP}/'`);
      return (await look.catch(() => ({ exitCode: 1 }))).exitCode === 0 ? [host] : [];
    }),
  );
  return held.flat();
}

/** The one that has the address, and the other; waits until just one has it. */
export async function roles(pair: Pair): Promise<{ readonly master: Host; readonly standby: Host }> {
  let master: Host | undefined;
  await until("just one host has the address", async () => {
    const held = await holders(pair);
    [master] = held;
    return held.length === 1;
  });
  const [first, second] = pair.hosts;
  return master === first ? { master: first, standby: second } : { master: second, standby: first };
}

const STANDS = `test -e /run/lqpt/joined && systemctl is-active -q keepalived &&
  journalctl -u keepalived -o cat | grep -o 'Entering [A-Z]* STATE' | tail -n 1 | grep -Eq 'BACKUP|MASTER'`;

/** Waits until each of the two would take over from the other. */
export async function bothStand(pair: Pair): Promise<void> {
  for (const host of pair.hosts) {
    await until(`${host.name} stands by`, async () => (await host.exec(STANDS)).exitCode === 0);
  }
}

export const CALLS_PER_SECOND = 50;
/** A back end's calls to the shared address, each with a number; each waits for its answer as one would. */
export async function calls(client: Client): Promise<Watch> {
  return client.watch({
    url: leqiUrl(VIP, PORT),
    perSecond: CALLS_PER_SECOND,
    timeoutMs: 20_000,
    numbered: NUMBER,
  });
}

/** The last that nginx wrote to its error log on each of the two that runs: why it answered with 502, say. */
export async function errorsOf(pair: Pair): Promise<string> {
  const logs = pair.hosts.map(async (host) => {
    const log = host.exec("tail -n 5 /var/log/nginx/error.log").catch(() => ({ stdout: "off\n" }));
    return `${host.name}: ${(await log).stdout}`;
  });
  return (await Promise.all(logs)).join("");
}

/** Calls that reached Leqi more than once, by their number. */
export async function deliveredTwice(pair: Pair): Promise<string[]> {
  const seen = new Set<string>();
  return (await pair.lab.leqi.requests()).flatMap(({ headers }) => {
    const number = headers[NUMBER];
    if (typeof number !== "string") return [];
    if (seen.has(number)) return [number];
    seen.add(number);
    return [];
  });
}
