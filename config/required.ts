import type { Place } from "./read";
import { DEFAULT_PORT, type StackValues } from "./schema";
import type { HostConfig } from "./types";

const REQUIRED = {
  id: "the owner's mark on the hosts, never changed again: the customer's short name and a few random letters, such as acme-7f3a",
  topology:
    "public-cloud (the back end runs in the vendor's cloud), private-cloud (in the customer's intranet)",
  leqiId: "the connecting unit's Leqi ID (接入单位乐企id), in quotes",
} as const;

/** The rules that hold only where a stack has hosts. */
export function requireForHosts(
  values: StackValues,
  written: Readonly<Record<string, unknown>>,
  hosts: readonly HostConfig[],
  place: Place,
): void {
  for (const [key, allowed] of Object.entries(REQUIRED)) {
    if (written[key] === undefined) place.at(key).wrong(undefined, { allowed });
  }
  if (values.hosts !== undefined && hosts.length === 0) {
    place.at("hosts").wrong(written["hosts"], {
      problem: "hosts that were there before would be given up",
      allowed: "at least one host; leave the key out where the stack is to have none",
    });
  }
  requireTls(values, written, place);
  keepSshdsPort(values, hosts, place);
}

/** Traffic on the public internet is unencrypted only because somebody wrote so. */
function requireTls(
  { listen, topology }: StackValues,
  written: Readonly<Record<string, unknown>>,
  place: Place,
): void {
  const readable = written["listen"] === undefined || listen !== undefined;
  if (!readable || topology !== "public-cloud" || listen?.tls !== undefined) return;
  place.at("listen", "tls").wrong(undefined, {
    problem: "in a public cloud invoices cross the internet on their way to the proxy, so it has no default",
    allowed: "self-signed, provided, or none where the way is protected by other means",
  });
}

/** The port is closed to all but the sources: on sshd's own port that would lock the operator out. */
function keepSshdsPort({ listen }: StackValues, hosts: readonly HostConfig[], place: Place): void {
  const wanted = listen?.port ?? DEFAULT_PORT;
  const clash = hosts.find(({ port }) => port === wanted);
  if (clash === undefined) return;
  place.at("listen", "port").wrong(wanted, {
    problem: `sshd of ${clash.name} is on this port, and would be closed to all but the sources`,
    allowed: `a port that nothing else listens on; ${DEFAULT_PORT} where the key is left out`,
  });
}
