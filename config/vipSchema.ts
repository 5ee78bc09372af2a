import * as v from "valibot";
import { isEdge, overlap, parsePlace } from "./addresses";
import * as field from "./fields";
import { describeRange, NEVER } from "./ranges";
import type { Misspelling } from "./spelling";

// What the kernel takes, less what a configuration or a command line would read as something else.
const INTERFACE = /^(?!lo$)[A-Za-z0-9_][A-Za-z0-9_.-]{0,14}$/;
const INTERFACE_RULE =
  "the interface's name as `ip link` shows it, without what stands behind an @, and not lo: 1 to 15 letters, digits and _ . -";

const PREFIXES = { shortest: 8, longest: 30 } as const;
const ADDRESS_RULE = `one IPv4 address that no machine has, with its network's prefix, ${PREFIXES.shortest} to ${PREFIXES.longest}: 10.0.0.100/24`;

/** `lqpt:vip`, the address that two hosts share; what of it must fit the rest of the stack is checked in vip.ts. */
export const vipSchema = field.object({
  /** With its network's prefix: 10.0.0.100/24. */
  address: field.checked((value) => problemOf(value) === undefined, ADDRESS_RULE, problemOf),
  /** The one that it is on, on either host. */
  interface: field.text(INTERFACE, INTERFACE_RULE),
  /** Default: the address's last number. */
  routerId: v.optional(field.whole(1, 255, "VRRP's virtual router")),
  /** Default: each host's `address`, where that is in the network. */
  hosts: v.optional(field.mapping("from each host's name to its own address in that network")),
});

/** One entry of `lqpt:vip.hosts`. */
export const ownAddressSchema = field.ipv4("the host's own address in the shared one's network");

/** What is wrong with a shared address by itself. */
function problemOf(text: string): Partial<Misspelling> | undefined {
  if (/^[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*(?:\/\d+)?$/.test(text)) {
    return { problem: "this is an IPv6 address; the proxy's port is closed on IPv6" };
  }
  const { address, network, ...wrong } = parsePlace(text);
  if (network === undefined) return wrong;
  const { prefix } = network;
  if (prefix > PREFIXES.longest) {
    return {
      problem: `a network of prefix /${prefix} has no room for two hosts and an address that they share`,
    };
  }
  if (prefix < PREFIXES.shortest) return { problem: `no network of one's own has the prefix /${prefix}` };
  if (isEdge(network, address)) {
    return { problem: "this is the first or the last address of its network, which no machine can have" };
  }
  const never = NEVER.find((range) => overlap(range.network, address));
  return never && { problem: describeRange(address, never) };
}
