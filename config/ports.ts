/** One port or a range of ports of one protocol; with `ip`, a protocol of its own by its number, such as VRRP's 112. */
export interface Ports {
  readonly first: number;
  readonly last: number;
  readonly protocol: "tcp" | "udp" | "ip";
}

export const PORTS_RULE =
  "PORT/tcp, PORT/udp, a range of ports, or a protocol's NUMBER/ip, such as 443/tcp, 8000-8010/tcp or 112/ip for VRRP";

/** Reads `443/tcp` or `8000-8010/udp` in its one canonical spelling; undefined for all else. */
export function parsePorts(text: string): Ports | undefined {
  const match = /^([1-9]\d{0,4})(?:-([1-9]\d{0,4}))?\/(tcp|udp|ip)$/.exec(text);
  if (match === null) return undefined;
  const [, from = "", to] = match;
  const protocol = match[3] as Ports["protocol"];
  const first = Number(from);
  const last = Number(to ?? from);
  const inOrder = to === undefined || first < last;
  const highest = protocol === "ip" ? 255 : 65535;
  return inOrder && last <= highest && !(protocol === "ip" && to !== undefined)
    ? { first, last, protocol }
    : undefined;
}

/** True where a port is in both. */
export function portsMeet(a: Ports, b: Ports): boolean {
  return a.protocol === b.protocol && a.first <= b.last && b.first <= a.last;
}
