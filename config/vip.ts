import {
  contains,
  formatNetwork,
  isAddress,
  isEdge,
  type Network,
  parseNetwork,
  parsePlace,
} from "./addresses";
import { parsePorts, portsMeet } from "./ports";
import { type Place, read } from "./read";
import type { StackValues } from "./schema";
import type { HostConfig, VipConfig } from "./types";
import { ownAddressSchema } from "./vipSchema";

/** VRRP, as `lqpt:firewall.keepOpen` would name it. */
const VRRP = { first: 112, last: 112, protocol: "ip" } as const;

/** The values of `lqpt:vip`, as the schema lets them pass. */
type Values = NonNullable<StackValues["vip"]>;
/** The shared address and its network. */
interface Shared {
  readonly address: Network;
  readonly network: Network;
}

/**
 * Reads `lqpt:vip` and checks it against the hosts, the listener and the firewall.
 *
 * @returns undefined where there is none, or a mistake, which is told
 */
export function readVip(
  values: StackValues,
  hosts: readonly HostConfig[],
  stack: Place,
): VipConfig | undefined {
  const { vip } = values;
  if (vip === undefined) return undefined;
  const place = stack.at("vip");
  const { address, network } = parsePlace(vip.address);
  if (network === undefined) return undefined;
  checkListener(values, stack);
  checkVrrp(values, stack);
  checkNames(vip, hosts, place);
  if (hosts.length !== 2) {
    place.wrong(
      hosts.map(({ name }) => name),
      {
        problem: `an address is shared by two hosts, and lqpt:hosts has ${hosts.length}`,
        allowed: "two hosts",
        next:
          hosts.length < 2
            ? "write the second one, or take lqpt:vip out"
            : "put the others into a stack of their own, or take lqpt:vip out",
      },
    );
    return undefined;
  }
  const taken = hosts.find((host) => host.address === formatNetwork(address));
  if (taken !== undefined) {
    place.at("address").wrong(vip.address, {
      problem: `it is the address of ${taken.name}, which keeps its own: keepalived moves the shared one from host to host`,
      allowed: "an address in the same network that no machine has",
      next: "ask the network's people for a third address",
    });
    return undefined;
  }
  const own = ownAddresses(vip, hosts, { address, network }, place);
  const routerId = routerOf(vip, address, place);
  if (own === undefined || routerId === undefined) return undefined;
  checkRemovals(values, own, stack);
  return {
    ...{ address: formatNetwork(address), prefix: network.prefix, interface: vip.interface, routerId, own },
  };
}

/**
 * nginx listens on the shared address before the host has it, which only 0.0.0.0 does without more; and the two hosts ask
 * each other without a word of PROXY.
 */
function checkListener({ listen }: StackValues, stack: Place): void {
  if (listen?.proxyProtocol === true) {
    stack.at("listen", "proxyProtocol").wrong(true, {
      problem: "with lqpt:vip the two hosts ask each other on the port, and do not speak it",
      allowed: "false, or leave the key out",
      next: "a load balancer that speaks it needs no shared address: take one of the two out",
    });
  }
  if (listen === undefined || listen.bind === "0.0.0.0") return;
  stack.at("listen", "bind").wrong(listen.bind, {
    problem: "with lqpt:vip nginx must answer at the host's own address and at the shared one",
    allowed: "0.0.0.0, or leave the key out",
  });
}

/** Who may send VRRP can take the address. */
function checkVrrp({ firewall, vip }: StackValues, stack: Place): void {
  firewall?.keepOpen.forEach((text, index) => {
    const ports = parsePorts(text);
    if (ports === undefined || !portsMeet(ports, VRRP)) return;
    stack.at("firewall", "keepOpen", index).wrong(text, {
      problem: "VRRP would be let in from everyone, and whoever sends it could take the shared address",
      allowed: "ports of the machine's other services",
      next: "take it out: lqpt:vip lets it in from the other host",
    });
  });
  if (firewall?.mode !== "external") return;
  stack
    .at("vip", "address")
    .warn(
      `${vip?.address ?? ""}: with lqpt:firewall.mode external nothing on the hosts keeps VRRP (IP protocol 112) of others away; ` +
        "whoever filters in front of them must let it pass between the two and from nobody else",
    );
}

/** The peer is let in to the port, to ask whether the host serves: consent to take that away would be another word. */
function checkRemovals({ remove = {} }: StackValues, own: ReadonlyMap<string, string>, stack: Place): void {
  for (const [name, address] of own) {
    if (!Object.hasOwn(remove, address)) continue;
    stack.at("remove", address).wrong(address, {
      problem: `it is ${name}'s own address, by which the other host of the pair lets it in, so it would stay`,
      allowed: "what is not let in by lqpt:allow or lqpt:vip",
      next: "take it out",
    });
  }
}

function checkNames({ hosts: written = {} }: Values, hosts: readonly HostConfig[], place: Place): void {
  const names = hosts.map(({ name }) => name);
  for (const name of Object.keys(written).filter((one) => !names.includes(one))) {
    place.at("hosts", name).wrong(name, {
      problem: "lqpt:hosts has none of this name",
      allowed: names.length === 0 ? "nothing, in a stack without hosts" : names.join(", "),
    });
  }
}

function routerOf({ routerId }: Values, { base }: Network, place: Place): number | undefined {
  const last = base & 255;
  if (routerId !== undefined || last > 0) return routerId ?? last;
  place.at("routerId").wrong(undefined, {
    problem: "the address's last number is 0, so it has no default",
    allowed: "1 to 255: one that no other pair in this network has",
  });
  return undefined;
}

/** Each host's own address by its name; undefined where one of them is wrong, which is told. */
function ownAddresses(
  vip: Values,
  hosts: readonly HostConfig[],
  shared: Shared,
  place: Place,
): ReadonlyMap<string, string> | undefined {
  const own = new Map<string, string>();
  for (const { name, address } of hosts) {
    const here = place.at("hosts", name);
    const written = vip.hosts?.[name];
    const found =
      written === undefined ? byDefault(address, vip, shared, here) : read(ownAddressSchema, written, here);
    const problem = found === undefined ? undefined : problemOf(found, shared, own);
    if (problem !== undefined) here.wrong(found, { problem, ...wanted(vip, shared) });
    else if (found !== undefined) own.set(name, found);
  }
  return own.size === hosts.length ? own : undefined;
}

function byDefault(address: string, vip: Values, { network }: Shared, place: Place): string | undefined {
  const { network: at } = parseNetwork(address);
  if (at !== undefined && contains(network, at)) return address;
  // An address that is itself a mistake is told where it stands.
  if (address === "") return undefined;
  place.wrong(undefined, {
    problem: isAddress(address)
      ? `the host is dialled at ${address}, which is not in ${formatNetwork(network)}`
      : `the host is dialled as ${address}, which says nothing of its address`,
    ...wanted(vip, { network }),
  });
  return undefined;
}

function problemOf(
  text: string,
  { address, network }: Shared,
  others: ReadonlyMap<string, string>,
): string | undefined {
  const { network: own } = parseNetwork(text);
  if (own === undefined || !contains(network, own))
    return `it is not in ${formatNetwork(network)}, the shared address's network`;
  if (own.base === address.base)
    return "it is the shared address itself, and a host keeps its own beside that";
  if (isEdge(network, own))
    return `it is the first or the last address of ${formatNetwork(network)}, which no machine can have`;
  const [twin] = [...others].find(([, other]) => other === text) ?? [];
  return twin === undefined ? undefined : `${twin} has the same, and the two would not find each other`;
}

function wanted(
  vip: Values,
  { network }: Pick<Shared, "network">,
): { readonly allowed: string; readonly next: string } {
  return {
    allowed: `the host's own address in ${formatNetwork(network)}, on its interface ${vip.interface}`,
    next: `on the host: ip -4 address show dev ${vip.interface}`,
  };
}
