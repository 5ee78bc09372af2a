import type { ChangeWindow } from "./changeWindow";

/**
 * One customer's stack as the rest of the program sees it: parsed, checked, defaults filled in,
 * inheritance resolved, addresses collapsed and sorted. Nothing downstream reads YAML.
 */
export interface StackConfig {
  /** The stack's name, `acme-prod`. */
  readonly stack: string;
  /** Owner's mark on the hosts: survives a renamed stack and a lost state. */
  readonly id: string;
  /** The Leqi environments this machine serves, in the order written. */
  readonly environments: readonly Environment[];
  readonly topology: Topology;
  /** The connecting unit's Leqi ID (接入单位乐企id). Undefined only where the stack has no hosts. */
  readonly leqiId: string | undefined;
  readonly customer: { readonly name: string; readonly creditCode: string | undefined } | undefined;
  /** The egress IP registered with the tax bureau. */
  readonly registeredIp: string | undefined;
  /** What back ends are told to use, as a URL without a path. Undefined only where the stack has no hosts. */
  readonly publicAddress: string | undefined;
  /** Who may reach the port: collapsed (no entry lies inside another) and in numeric order. */
  readonly sources: readonly Source[];
  /** Consent: what may be found in force on a host and is to go. */
  readonly removals: readonly Removal[];
  /** In the config's order, which is the order of change. */
  readonly hosts: readonly HostConfig[];
  readonly listen: ListenConfig;
  readonly site: SiteConfig;
  readonly nginx: NginxConfig;
  readonly leqi: LeqiConfig;
  readonly check: CheckConfig;
  readonly health: HealthConfig;
  readonly firewall: FirewallConfig;
  /** The address that the two hosts share; undefined where there is none. */
  readonly vip: VipConfig | undefined;
  /** The ticket under which the change is made; kept in the host's history. */
  readonly ticket: string | undefined;
  /** When a rollout may change something; undefined: at any time. A `pulumi up` by hand is held up by nothing. */
  readonly window: ChangeWindow | undefined;
  /** What a person should know and nothing fails by: told on every preview and update. */
  readonly warnings: readonly string[];
}

export type Environment = "sandbox" | "prod";
export type Topology = "public-cloud" | "private-cloud";

/** What back ends speak to. */
export interface ListenConfig {
  readonly port: number;
  readonly bind: string;
  /** `none`: plain http. `self-signed`: https by a CA of the stack's own. `provided`: https by the customer's certificate. */
  readonly tls: "none" | "self-signed" | "provided";
  /** With `provided`: PEM, the server's own certificate first, then those that lead to its root. */
  readonly certificate: string | undefined;
  /** With `self-signed`: the addresses and names that back ends may call it by. */
  readonly names: readonly string[];
  /** Whoever calls must begin with a PROXY header; the address in it is logged and never trusted. */
  readonly proxyProtocol: boolean;
}

/**
 * Where nginx comes from: the machine's package repositories; packages beside the stack; the vendor's archive; or it is
 * there already, whatever it is.
 */
export interface NginxConfig {
  readonly source: "package" | "files" | "vendor" | "existing";
  /** With `files`: the packages, by system (`debian-12/x86_64`), in the order written. */
  readonly files: ReadonlyMap<string, readonly BroughtFile[]>;
  /** With `vendor`. */
  readonly archive: VendorArchive | undefined;
}

/** A file beside the stack that is brought to hosts over SSH. */
export interface BroughtFile {
  /** Below the folder of Pulumi.yaml, `packages/nginx_1.22.1-9_amd64.deb`. */
  readonly path: string;
  /** What it must be, 64 hexadecimal digits. */
  readonly sha256: string;
  readonly bytes: number;
}

/** The vendor's archive: a file that is brought, or a URL that the host downloads it from. */
export type VendorArchive =
  | { readonly from: "file"; readonly file: BroughtFile }
  | {
      readonly from: "url";
      readonly url: string;
      /** With a user the password is `lqpt:secrets.nginxArchive.password`. */
      readonly user: string | undefined;
      readonly sha256: string;
    };

/** What is passed on to Leqi, and how patiently. */
export interface SiteConfig {
  /** Beginnings of paths, each with `/` at both ends. */
  readonly paths: readonly string[];
  readonly methods: readonly string[];
  /** False: a call that matches none of them is passed on all the same, and counted. */
  readonly enforce: boolean;
  /** The largest body of a request, in MiB, 1 to 1024: held in memory, so each call may cost as much. */
  readonly maxBodyMiB: number;
  /** Seconds that nginx waits for Leqi: to connect, between two writes, between two reads. */
  readonly timeouts: { readonly connect: number; readonly send: number; readonly read: number };
  /** For each source; what is beyond gets 429. */
  readonly limits: {
    readonly requestsPerSecond: number;
    /** Requests beyond the rate that pass at once. */
    readonly burst: number;
    /** Open at a time. */
    readonly connections: number;
  };
}

/** Where Leqi is, and how it is known for what it is. */
export interface LeqiConfig {
  readonly host: string;
  readonly port: number;
  /** Empty: the name is resolved on the host, and followed. */
  readonly addresses: readonly string[];
  /** `system`: by the machine's CA bundle; `pinned`: by `ca` alone; `off`: not at all, said on every run. */
  readonly verify: "system" | "pinned" | "off";
  /** PEM, one certificate or more, for `pinned`. */
  readonly ca: string | undefined;
}

/** The connectivity test of the vendor's document, `lqptctl check`. */
export interface CheckConfig {
  /** Whether an apply that changed something asks Leqi: `report` says what came of it, `require` fails by it. */
  readonly after: "never" | "report" | "require";
  /** On 127.0.0.1, where nginx lets the test through itself and nothing else. */
  readonly port: number;
  /** A URL that answers with the address it was called from, as text. */
  readonly reflector: string | undefined;
}

/** An address that keepalived moves between the stack's two hosts. */
export interface VipConfig {
  /** One IPv4 address, `10.0.0.100`. */
  readonly address: string;
  /** Of its network, 8 to 30. */
  readonly prefix: number;
  /** The interface that it is on, on either host. */
  readonly interface: string;
  /** VRRP's virtual router, 1 to 255: one pair's alone in its network. */
  readonly routerId: number;
  /** By host's name, the host's own address in that network. */
  readonly own: ReadonlyMap<string, string>;
}

/** What a health check is told: that the host is as its document says; and what is asked for beside that. */
export interface HealthConfig {
  /** Not healthy while Leqi's port cannot be connected to from the host either. */
  readonly leqi: boolean;
}

/** How the port is locked, and what goes with starting a firewalld that was off. */
export interface FirewallConfig {
  /** `external`: somebody else filters; no firewall of a host is touched, and nginx's list is the only lock. */
  readonly mode: "firewalld" | "external";
  /** Undefined: the zone that the traffic enters, found on the host. */
  readonly zone: string | undefined;
  /** Opened to everyone before firewalld is started: `443/tcp`, `8000-8010/udp`, `112/ip`. Never the proxy's own port. */
  readonly keepOpen: readonly string[];
  /**
   * Consent: what was reachable before and need not be once firewalld is started, written as in `keepOpen`; or
   * `ufw`, `iptables`, `nftables`, a ruleset that was there before firewalld and is accepted; `forwarding`, which
   * firewalld refuses.
   */
  readonly closes: readonly string[];
  /** Seconds, 60 to 900, after which a host goes back unless a new SSH connection was made. */
  readonly rollbackSeconds: number;
  /** The shortest prefix that a source may have, 8 to 32. */
  readonly widest: number;
}

/** One address or network that may open TCP to the port. */
export interface Source {
  /** `203.0.113.9` or `203.0.113.0/28`; a /32 is written without its prefix. */
  readonly cidr: string;
  /** Whose it is, one line. */
  readonly owner: string;
  /**
   * `backend`: calls Leqi. `frontend`: a load balancer or NAT, others call by it. `healthcheck`: asks whether a host is
   * healthy, and reaches Leqi by nothing.
   */
  readonly kind: "backend" | "frontend" | "healthcheck";
  /** Who filters in front of a `frontend`. */
  readonly filteredBy: string | undefined;
  /** The file that says so: `Pulumi.prod.yaml`. */
  readonly from: string;
}

export interface Removal {
  /** An address or CIDR, `everyone`, or the absolute path of a foreign lqpt.conf. */
  readonly what: string;
  readonly why: string;
  /** The file that says so. */
  readonly from: string;
}

/** One existing VM and how to reach it. */
export interface HostConfig extends Login {
  /** The key under `lqpt:hosts`, `proxy-1`. */
  readonly name: string;
  /** How root is had: `none` is being root already. */
  readonly sudo: "none" | "nopasswd" | "password";
  readonly bastion: Bastion | undefined;
  /** `debian-12/x86_64`: which of `lqpt:nginx.files` it gets; undefined where there are none, or none to choose from. */
  readonly system: string | undefined;
  /** `bundle`: nobody dials it, so its `hostKey` may be empty; what is made for it is a file. */
  readonly delivery: "ssh" | "bundle";
  /** `out`: dead or being repaired; nothing is done there, and nothing of it is given up. */
  readonly state: "in" | "out";
}

export interface Bastion extends Login {
  readonly name: string;
}

/** An SSH destination; what is secret about it is under `lqpt:secrets.<name>`. */
export interface Login {
  /** IPv4 address or host name. */
  readonly address: string;
  /** sshd's port, default 22. */
  readonly port: number;
  readonly user: string;
  readonly auth: "agent" | "key" | "password";
  /** `ssh-ed25519 AAAA…` or `ecdsa-sha2-nistp256 AAAA…`, without a comment. */
  readonly hostKey: string;
}

/** The secrets of one login, plain only inside the program's memory. */
export interface LoginSecrets {
  readonly privateKey?: string;
  readonly password?: string;
  readonly sudoPassword?: string;
}
