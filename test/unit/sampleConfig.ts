import type {
  FirewallConfig,
  HostConfig,
  ListenConfig,
  SiteConfig,
  Source,
  StackConfig,
} from "../../config/types";

/** A source as the parser makes it. */
export function source(cidr: string, rest: Partial<Source> = {}): Source {
  return {
    cidr,
    owner: "ACME",
    kind: "backend",
    filteredBy: undefined,
    from: "Pulumi.acme-prod.yaml",
    ...rest,
  };
}

export const sampleHost: HostConfig = {
  name: "proxy-1",
  address: "203.0.113.10",
  port: 22,
  user: "root",
  auth: "agent",
  hostKey: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDQ0NDQ0NDQ0NDQ0NDQ0NDQ0NDQ0NDQ0NDQ0NDQ0NDQ0",
  sudo: "none",
  bastion: undefined,
  system: undefined,
  delivery: "ssh",
  state: "in",
};

/** What a stack that says nothing of its firewall gets. */
export const sampleFirewall: FirewallConfig = {
  mode: "firewalld",
  zone: undefined,
  keepOpen: [],
  closes: [],
  rollbackSeconds: 300,
  widest: 24,
};

/** What a stack that says `tls: none` gets. */
export const sampleListen: ListenConfig = {
  ...{ port: 8864, bind: "0.0.0.0", tls: "none" },
  ...{ certificate: undefined, names: [], proxyProtocol: false },
};

/** What a stack that says nothing of its site gets. */
export const sampleSite: SiteConfig = {
  paths: ["/access/"],
  methods: ["POST"],
  enforce: true,
  maxBodyMiB: 20,
  timeouts: { connect: 5, send: 60, read: 120 },
  limits: { requestsPerSecond: 1000, burst: 2000, connections: 1000 },
};

/** A small stack as the parser makes it. */
export function sampleConfig(rest: Partial<StackConfig> = {}): StackConfig {
  return {
    stack: "acme-prod",
    id: "acme-7f3a",
    environments: ["prod"],
    topology: "public-cloud",
    leqiId: "ACME0001",
    customer: undefined,
    registeredIp: undefined,
    publicAddress: "http://203.0.113.10:8864",
    sources: [source("49.4.83.185", { owner: "group, prod" }), source("198.51.100.0/28")],
    removals: [],
    hosts: [sampleHost],
    listen: sampleListen,
    site: sampleSite,
    nginx: { source: "package", files: new Map(), archive: undefined },
    leqi: { host: "lqpt.chinatax.gov.cn", port: 8443, addresses: [], verify: "system", ca: undefined },
    check: { after: "never", port: 8865, reflector: undefined },
    health: { leqi: false },
    firewall: sampleFirewall,
    vip: undefined,
    ticket: undefined,
    window: undefined,
    warnings: [],
    ...rest,
  };
}
