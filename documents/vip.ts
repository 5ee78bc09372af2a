import type { HostConfig, StackConfig } from "../config/types";

/** The address that a stack's two hosts share, as one of them sees it. */
export interface SharedAddress {
  /** With its prefix, `10.0.0.100/24`. */
  readonly address: string;
  readonly interface: string;
  /** VRRP's virtual router, 1 to 255. */
  readonly routerId: number;
  /** The host's own address there. */
  readonly own: string;
  /** The other's. */
  readonly peer: string;
  /** Which of the two it is, by name. */
  readonly rank: "first" | "second";
}

/** @returns undefined where the stack has no shared address. */
export function sharedAddress(
  { vip }: Pick<StackConfig, "vip">,
  { name }: Pick<HostConfig, "name">,
): SharedAddress | undefined {
  if (vip === undefined) return undefined;
  const [first, second] = [...vip.own.keys()].sort();
  const [own, other] = name === first ? [first, second] : [second, first];
  const address = (host: string | undefined): string => vip.own.get(host ?? "") ?? "";
  return {
    ...{ address: `${vip.address}/${vip.prefix}`, interface: vip.interface, routerId: vip.routerId },
    ...{ own: address(own), peer: address(other), rank: name === first ? "first" : "second" },
  };
}

/** The document's section of it; none where there is none. */
export function renderVip(vip: SharedAddress | undefined): string[] {
  if (vip === undefined) return [];
  return [
    "[vip]",
    `address ${vip.address}`,
    `interface ${vip.interface}`,
    `own ${vip.own}`,
    `peer ${vip.peer}`,
    `router-id ${vip.routerId}`,
    "",
  ];
}
