import * as pulumi from "@pulumi/pulumi";
import type { Source } from "../config/types";

/** Who may open TCP to the port of one host. */
export interface FirewallPolicyArgs {
  /** The host's name, `proxy-1`. */
  readonly host: string;
  /** The proxy's port, 1 to 65535. */
  readonly port: number;
  /** firewalld's zone; undefined: the one that the traffic enters, found on the host. */
  readonly zone: string | undefined;
  /** Exactly these; the list's order means nothing. */
  readonly sources: readonly Source[];
}

/**
 * Declares the whitelist of one host, a section of its document: `ProxyHost` enforces it. Each source is a child of
 * its own, so that a preview shows a changed list as one line per source.
 */
export class FirewallPolicy extends pulumi.ComponentResource {
  constructor(name: string, args: FirewallPolicyArgs, opts: pulumi.ComponentResourceOptions) {
    const { host, port, zone, sources } = args;
    super("lqpt:index:FirewallPolicy", name, { port, zone: zone ?? "auto" }, opts);
    for (const source of sources) {
      new AllowedSource(`${host}:${source.cidr}`, source, { parent: this });
    }
    this.registerOutputs({});
  }
}

/** One address or network that may open the port: a line of a preview, named by its value and never by its place. */
class AllowedSource extends pulumi.ComponentResource {
  constructor(name: string, source: Source, opts: pulumi.ComponentResourceOptions) {
    const { owner, kind, filteredBy } = source;
    super("lqpt:index:AllowedSource", name, { owner, kind, filteredBy }, opts);
    this.registerOutputs({});
  }
}
