import type { StackConfig } from "../config/types";

/** What the network around the hosts must let through, one line per opening. */
export interface Openings {
  readonly inbound: readonly string[];
  readonly outbound: readonly string[];
}

/** The openings that the customer's network team makes, from the config alone. */
export function openings(config: StackConfig): Openings {
  return {
    inbound: config.hosts.flatMap((host) =>
      config.sources.map(
        ({ cidr, owner }) =>
          `tcp ${String(config.listen.port)} from ${cidr} (${owner}) to ${host.name} (${host.address})`,
      ),
    ),
    outbound: config.hosts.map((host) => {
      const target = [config.leqi.host, ...config.leqi.addresses].join(", ");
      const egress = config.registeredIp === undefined ? "" : `, seen from outside as ${config.registeredIp}`;
      return `tcp ${String(config.leqi.port)} from ${host.name} (${host.address})${egress} to ${target}`;
    }),
  };
}
