/** One port or a range of ports of one protocol. */
export interface Ports {
  readonly first: number;
  readonly last: number;
  readonly protocol: "tcp" | "udp";
}

export const PORTS_RULE = "PORT/tcp, PORT/udp or a range of ports, such as 443/tcp or 8000-8010/tcp";

/** Reads `443/tcp` or `8000-8010/udp` in its one canonical spelling; undefined for all else. */
export function parsePorts(text: string): Ports | undefined {
  const match = /^([1-9]\d{0,4})(?:-([1-9]\d{0,4}))?\/(tcp|udp)$/.exec(text);
  if (match === null) return undefined;
  const [, from = "", to, protocol] = match;
  const first = Number(from);
  const last = Number(to ?? from);
  const inOrder = to === undefined || first < last;
  return inOrder && last <= 65535 ? { first, last, protocol: protocol === "udp" ? "udp" : "tcp" } : undefined;
}

/** True where a port is in both. */
export function portsMeet(a: Ports, b: Ports): boolean {
  return a.protocol === b.protocol && a.first <= b.last && b.first <= a.last;
}
