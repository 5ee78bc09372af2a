import type { StackConfig } from "../config/types";

/**
 * What the network around the hosts must let through: by source and by host, not as lists, so that a preview of a
 * changed whitelist shows one line per source.
 */
export interface Openings {
  /** By address or network: what it must be able to reach, and whose it is. */
  readonly inbound: Readonly<Record<string, string>>;
  /** By host: what it must be able to reach. */
  readonly outbound: Readonly<Record<string, string>>;
}

/** The openings that the customer's network team makes, from the config alone. */
export function openings(config: StackConfig): Openings {
  const listeners = config.hosts.map(({ name, address }) => `${name} (${address})`).join(", ");
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
  };
}
