import { formatNetwork, overlap } from "./addresses";
import { isMapping, type Place } from "./read";
import type { StackValues } from "./schema";
import type { Entry } from "./sources";
import type { Source } from "./types";

/** Where a host answers health checks. */
export const HEALTH_PATH = "/lqpt-health";

/** The rules between what stands in front of the hosts, a load balancer and its health checks, and the rest. */
export function checkInFront(values: StackValues, sources: readonly Source[], stack: Place): void {
  const { health, listen, site } = values;
  const kinds = new Set([...sources, ...Object.values(values.allow ?? {})].map(kindOf));
  if (
    health !== undefined &&
    values.vip === undefined &&
    !kinds.has("frontend") &&
    !kinds.has("healthcheck")
  ) {
    stack.at("health").wrong(health, {
      problem: "nobody may ask whether a host is healthy, so nothing uses it",
      allowed: "a source with kind: healthcheck or kind: frontend beside it, or lqpt:vip",
    });
  }
  const taken = site?.paths.indexOf(`${HEALTH_PATH}/`) ?? -1;
  if (taken >= 0) {
    stack.at("site", "paths", taken).wrong(site?.paths[taken], {
      problem: `health checks are answered at ${HEALTH_PATH}`,
      allowed: "other paths",
    });
  }
  if (listen?.proxyProtocol === true) checkProxyProtocol(kinds, sources, stack.at("listen", "proxyProtocol"));
}

/** As written, too: an entry with a mistake of its own is told by that, and is still a frontend. */
function kindOf(source: unknown): unknown {
  return isMapping(source) ? source["kind"] : undefined;
}

function checkProxyProtocol(kinds: ReadonlySet<unknown>, sources: readonly Source[], place: Place): void {
  if (!kinds.has("frontend")) {
    place.wrong(true, {
      problem: "only a load balancer speaks the PROXY protocol, and no source of lqpt:allow is a frontend",
      allowed: "true only beside a source with kind: frontend",
      next: "write the load balancer's address to lqpt:allow with kind: frontend, or take this out",
    });
    return;
  }
  const others = sources.filter(({ kind }) => kind !== "frontend");
  if (others.length === 0) return;
  const named = others.map(({ cidr, owner }) => `${cidr} (${owner})`).join(", ");
  place.warn(
    `true: a call without a PROXY header is refused, whoever makes it; these are no load balancer and must speak it too: ${named}`,
  );
}

/**
 * An address is either one that calls Leqi or one that only asks for a host's health: whoever is both would reach Leqi by
 * what was written for a check, or be cut off from it.
 */
export function keepChecksApart(entries: readonly Entry[]): void {
  const callers = entries.filter(({ kind }) => kind !== "healthcheck");
  for (const { kind, network, place } of entries) {
    const caller = kind === "healthcheck" && callers.find((one) => overlap(one.network, network));
    if (!caller) continue;
    place.wrong(formatNetwork(network), {
      problem: `it shares addresses with ${formatNetwork(caller.network)} (${caller.owner}, in ${caller.place.file}), which may call Leqi`,
      allowed: "addresses that only ask whether a host is healthy",
      next: "where a load balancer checks from the address that it passes calls on by, write kind: frontend alone: a frontend may ask too",
    });
  }
}

/** One rule serves a network and all that is in it, by the wider one's kind: then nobody in it could ask for the health. */
export function keepFrontendsApart(entries: readonly Entry[]): void {
  const frontends = entries.filter(({ kind }) => kind === "frontend");
  for (const { network, owner, place } of frontends) {
    const wider = entries.find(
      (one) => one.kind === "backend" && one.network.prefix < network.prefix && overlap(one.network, network),
    );
    if (!wider) continue;
    place.wrong(formatNetwork(network), {
      problem: `it is inside ${formatNetwork(wider.network)} (${wider.owner}, in ${wider.place.file}), which is no load balancer, so ${owner} would be taken for one of those and could not ask whether a host is healthy`,
      allowed: "a frontend whose address no other source has",
      next: "name the back ends of that network by narrower ones, without the load balancer's address",
    });
  }
}
