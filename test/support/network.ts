import { mustRun } from "./programs";

/** Where a member of the lab is: a network namespace with one interface, eth0, on the lab's bridge. */
export interface Place {
  readonly namespace: string;
  readonly address: string;
  readonly address6: string;
}

// A kernel tells a caller once a second that a firewall turned him away, and lets the other tries time out. Here each
// try is told, so that what a stranger sees does not depend on when he looks.
const UNLIMITED_ICMP = "echo 0 | tee /proc/sys/net/ipv4/icmp_ratelimit >/proc/sys/net/ipv6/icmp/ratelimit";

/**
 * The lab's own Ethernet: a bridge in a namespace of its own, and a namespace for each member. Nothing connects it to
 * the machine or to any other network, so members may carry any address there is, and two labs the same ones.
 *
 * Members take every address to be on their own link, as a VM takes every address to be behind its gateway. The one
 * exception is the operator, who has routes to members only: programs there that look for the internet fail at once
 * instead of after seconds.
 */
export class Network {
  private readonly places = new Map<string, Place>();
  /** Numbers are never given again, so a machine that comes back has the IPv6 address that it had. */
  private readonly numbers = new Map<string, number>();

  constructor(private readonly run: string) {}

  namespace(name: string): string {
    return `lqpt-${this.run}-${name}`;
  }

  async create(): Promise<void> {
    await shell(
      `ip netns add "$1"
       ip -n "$1" link set lo up
       ip -n "$1" link add bridge type bridge mcast_snooping 0
       ip -n "$1" link set bridge up`,
      this.bridge,
    );
  }

  /** A member with this address, new or one that left. Errors: the name or the address is another member's. */
  async join(name: string, address: string): Promise<Place> {
    this.refuseTaken(address);
    if (this.places.has(name)) {
      throw new Error(`the lab has ${name} already; give the new member another name`);
    }
    const number = this.numbers.get(name) ?? this.numbers.size + 1;
    this.numbers.set(name, number);
    const place = { namespace: this.namespace(name), address, address6: `fd00:6c71::${number.toString(16)}` };
    this.places.set(name, place);
    await shell(
      `ip netns add "$1"
       ip -n "$1" link set lo up
       ip link add eth0 netns "$1" type veth peer name "$2" netns "$3"
       ip -n "$3" link set "$2" master bridge up
       ip -n "$1" link set eth0 up
       ip -n "$1" address add "$4/32" dev eth0
       ip -n "$1" address add "$5/64" dev eth0 nodad
       nsenter --net="/run/netns/$1" sh -c "$7"
       if [ "$6" = operator ]; then exit; fi
       ip -n "$1" route add default dev eth0`,
      place.namespace,
      `member${String(number)}`,
      this.bridge,
      address,
      place.address6,
      name,
      UNLIMITED_ICMP,
    );
    await this.announce(place);
    return place;
  }

  /** Takes a member off the wire, with the rules and connections that its kernel held; it may join again. */
  async leave(name: string): Promise<void> {
    const place = this.place(name);
    this.places.delete(name);
    // The kernel takes a namespace away when it has time, and its interface with it; a member that comes back at once
    // would find the name of its wire taken.
    await shell(
      `ip -n "$2" link delete "$3"
       ip netns delete "$1"`,
      place.namespace,
      this.bridge,
      `member${String(this.numbers.get(name))}`,
    );
    await this.announce(place);
  }

  /** Gives a member another address, as when a machine moves. */
  async move(name: string, to: string): Promise<Place> {
    const from = this.place(name);
    this.refuseTaken(to);
    const place = { ...from, address: to };
    this.places.set(name, place);
    // The new one first: with the last address of an interface the kernel takes its routes away.
    await shell(
      `ip -n "$1" address add "$2/32" dev eth0
       ip -n "$1" address delete "$3/32" dev eth0`,
      from.namespace,
      to,
      from.address,
    );
    await this.announce(place);
    return place;
  }

  /** Cuts the wire between two members, or mends it; each reaches all others as before. */
  async part(names: readonly [string, string], apart: boolean): Promise<void> {
    const ports = names.map((name) => `member${String(this.numbers.get(name))}`);
    await shell(
      `for port in "$3" "$4"; do ip -n "$1" link set "$port" type bridge_slave isolated "$2"; done`,
      this.bridge,
      apart ? "on" : "off",
      ...ports,
    );
  }

  private get bridge(): string {
    return this.namespace("bridge");
  }

  private place(name: string): Place {
    const place = this.places.get(name);
    if (place === undefined) {
      throw new Error(
        `${name} is not a member of this lab; its members are ${[...this.places.keys()].join(", ")}`,
      );
    }
    return place;
  }

  private refuseTaken(address: string): void {
    for (const [name, place] of this.places) {
      if (place.address === address) {
        throw new Error(`${address} is the address of the lab's ${name}; give the new member another one`);
      }
    }
  }

  /** Everybody forgets who had these addresses, and the operator learns the way to the first. */
  private async announce({ address, address6 }: Place): Promise<void> {
    const operator = this.places.has("operator") ? this.namespace("operator") : "";
    await shell(
      `address=$1 address6=$2 operator=$3
       shift 3
       for member in "$@"; do
         ip -n "$member" neigh flush to "$address" 2>/dev/null || :
         ip -n "$member" neigh flush to "$address6" 2>/dev/null || :
       done
       if [ -n "$operator" ]; then ip -n "$operator" route replace "$address/32" dev eth0; fi`,
      address,
      address6,
      operator,
      ...[...this.places.values()].map((place) => place.namespace),
    );
  }
}

async function shell(script: string, ...args: string[]): Promise<void> {
  await mustRun("sh", ["-euc", script, "sh", ...args]);
}
