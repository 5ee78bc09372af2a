import { parsePorts, type Ports, portsMeet } from "./ports";
import { isMapping, type Place } from "./read";
import { DEFAULT_PORT, type StackValues } from "./schema";
import type { FirewallConfig, HostConfig, Topology } from "./types";

/** What firewalld alone does: of no effect where somebody else filters. */
const FIREWALLD_ONLY = ["zone", "keepOpen", "closes", "rollbackSeconds"];

const WIDEST: Readonly<Record<Topology, number>> = { "public-cloud": 24, "private-cloud": 16 };

/** The rules between `lqpt:firewall` and the rest of the stack. */
export function checkFirewall(
  values: StackValues,
  written: Readonly<Record<string, unknown>>,
  hosts: readonly HostConfig[],
  stack: Place,
): void {
  const { firewall } = values;
  if (firewall === undefined) return;
  const place = stack.at("firewall");
  if (firewall.mode === "external" && hosts.length > 0) warnOfExternal(written["firewall"], place);
  if (written["listen"] === undefined || values.listen !== undefined) {
    checkProxysPort(firewall.keepOpen, values.listen?.port ?? DEFAULT_PORT, place.at("keepOpen"));
  }
  checkCloses(firewall, hosts, place.at("closes"));
}

/** `lqpt:firewall` with its defaults, for what has no mistake. */
export function toFirewall({ firewall, topology = "public-cloud" }: StackValues): FirewallConfig {
  return {
    mode: firewall?.mode ?? "firewalld",
    zone: firewall?.zone,
    keepOpen: firewall?.keepOpen ?? [],
    closes: firewall?.closes ?? [],
    rollbackSeconds: firewall?.rollbackSeconds ?? 300,
    widest: firewall?.widest ?? WIDEST[topology],
  };
}

function warnOfExternal(written: unknown, place: Place): void {
  const idle = FIREWALLD_ONLY.filter((key) => isMapping(written) && written[key] !== undefined);
  const effect = idle.length === 0 ? "" : `; ${idle.join(", ")} beside it: without effect`;
  place
    .at("mode")
    .warn(
      "external: no firewall of a host is touched, and nginx's own list is the only lock on the port; " +
        `whoever filters in front of the hosts must let in the sources and nobody else${effect}`,
    );
}

function checkProxysPort(keepOpen: readonly string[], port: number, place: Place): void {
  const proxy: Ports = { first: port, last: port, protocol: "tcp" };
  keepOpen.forEach((text, index) => {
    if (!meet(text, proxy)) return;
    place.at(index).wrong(text, {
      problem: `the proxy's own port ${port}/tcp is in it, and would be open to everyone`,
      allowed: "ports of the machine's other services",
      next: "take it out: who may reach the proxy is said by lqpt:allow",
    });
  });
}

/** What is to stay open and what may be closed must not contradict each other, nor lock the operator out. */
function checkCloses(
  { keepOpen, closes }: { readonly keepOpen: readonly string[]; readonly closes: readonly string[] },
  hosts: readonly HostConfig[],
  place: Place,
): void {
  closes.forEach((text, index) => {
    const kept = keepOpen.find((other) => meet(text, parsePorts(other)));
    const host = hosts.find(({ port }) => meet(text, { first: port, last: port, protocol: "tcp" }));
    if (kept !== undefined) {
      place.at(index).wrong(text, {
        problem: `lqpt:firewall.keepOpen has ${kept}, so it would stay open`,
        allowed: "what is not under keepOpen",
        next: "decide whether it may be closed, and take it out of keepOpen or of closes",
      });
    } else if (host !== undefined) {
      place.at(index).wrong(text, {
        problem: `sshd of ${host.name} is on port ${host.port}, which always stays open`,
        allowed: "ports of the machine's other services",
        next: "take it out",
      });
    }
  });
}

function meet(text: string, other: Ports | undefined): boolean {
  const ports = parsePorts(text);
  return ports !== undefined && other !== undefined && portsMeet(ports, other);
}
