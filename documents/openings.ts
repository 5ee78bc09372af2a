import type { StackConfig } from "../config/types";
import { sharedAddress } from "./vip";

/**
 * What the network around the hosts must let through: by source and by host, not as lists, so that a preview of a
 * changed whitelist shows one line per source.
 */
export interface Openings {
  /** By address or network: what it must be able to reach, and whose it is. */
  readonly inbound: Readonly<Record<string, string>>;
  /** By host: what it must be able to reach. */
  readonly outbound: Readonly<Record<string, string>>;
  /** By host: what it must be able to send to its peer, and on the network. Only where two hosts share an address. */
  readonly between?: Readonly<Record<string, string>>;
}

/** The openings that the customer's network team makes, from the config alone. */
export function openings(config: StackConfig): Openings {
  const { vip } = config;
  const names = config.hosts.map(({ name }) => name).join(" or ");
  const listeners =
    vip === undefined
      ? config.hosts.map(({ name, address }) => `${name} (${address})`).join(", ")
      : `${vip.address} (${names}, whichever has it)`;
  const leqi = [config.leqi.host, ...config.leqi.addresses].join(", ");
  const egress = config.registeredIp === undefined ? "" : `, seen from outside as ${config.registeredIp}`;
  const inbound = config.sources.map(
    ({ cidr, owner }) => [cidr, `tcp ${String(config.listen.port)} to ${listeners}: ${owner}`] as const,
  );
  const outbound = config.hosts.map(
    ({ name, address }) =>
      [name, `tcp ${String(config.leqi.port)} from ${address}${egress} to ${leqi}`] as const,
  );
  return {
    inbound: Object.fromEntries(config.hosts.length === 0 ? [] : inbound),
    outbound: Object.fromEntries(outbound),
    ...(vip === undefined ? {} : { between: between(config) }),
  };
}

function between(config: StackConfig): Readonly<Record<string, string>> {
  const told = config.hosts.flatMap(({ name }) => {
    const vip = sharedAddress(config, { name });
    if (vip === undefined) return [];
    const [address = ""] = vip.address.split("/");
    return [
      [
        name,
        `VRRP (IP protocol 112) and tcp ${String(config.listen.port)} from ${vip.own} to ${vip.peer}; gratuitous ARP for ${address}`,
      ] as const,
    ];
  });
  return Object.fromEntries(told);
}
