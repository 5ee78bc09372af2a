import { SMALL, type Values } from "./stacks";

const CHECK = { kind: "healthcheck", owner: "ACME checks" };

function allow(entries: Values, rest: Values = {}): Values {
  return { ...SMALL, allow: entries, ...rest };
}

/** The same of what stands in front of the hosts: load balancers, their health checks, the PROXY protocol. */
export const BAD_IN_FRONT: readonly (readonly [string, Values, readonly string[]])[] = [
  ["health as one word", { ...SMALL, health: true }, ["lqpt:health"]],
  ["a health check of Leqi in quotes", { ...SMALL, health: { leqi: "yes" } }, ["lqpt:health.leqi"]],
  [
    "a health that nobody may ask for",
    allow({ "8.8.4.4": "office" }, { health: { leqi: true } }),
    ["lqpt:health"],
  ],
  [
    "a health check inside a network that may call Leqi",
    allow({ "8.8.4.0/28": "office", "8.8.4.5": CHECK }),
    ['lqpt:allow["8.8.4.5"]'],
  ],
  [
    "a health check's network around who may call Leqi",
    allow({ "8.8.4.0/28": CHECK, "8.8.4.5": "office" }),
    ['lqpt:allow["8.8.4.0/28"]'],
  ],
  [
    "a health check with an address that the stack inherits",
    allow({ "49.4.83.185": CHECK }),
    ['lqpt:allow["49.4.83.185"]'],
  ],
  [
    "a load balancer inside a network of back ends",
    allow({ "8.8.4.0/28": "office", "8.8.4.5": { owner: "F5", kind: "frontend", filteredBy: "ACME" } }),
    ['lqpt:allow["8.8.4.5"]'],
  ],
  ["health checks alone", allow({ "10.8.0.9": CHECK }, { topology: "private-cloud" }), ["lqpt:allow"]],
  [
    "a path of Leqi where health checks are answered",
    { ...SMALL, site: { paths: ["/access/", "/lqpt-health/"] } },
    ["lqpt:site.paths[1]"],
  ],
  [
    "the PROXY protocol without a load balancer",
    allow({ "10.8.0.9": CHECK }, { listen: { tls: "none", proxyProtocol: true } }),
    ["lqpt:listen.proxyProtocol"],
  ],
  [
    "the PROXY protocol in quotes",
    { ...SMALL, listen: { tls: "none", proxyProtocol: "on" } },
    ["lqpt:listen.proxyProtocol"],
  ],
];
