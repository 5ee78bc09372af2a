import * as pulumi from "@pulumi/pulumi";
import type { HostConfig, LoginSecrets, StackConfig } from "../config/types";
import { renderDocument } from "../documents/document";
import { lqptctl } from "../documents/tool";
import { FirewallPolicy } from "./firewallPolicy";
import { type Bringing, hostState } from "./hostState";
import { NginxSite } from "./nginxSite";
import type { HostReport } from "./report";

/** One host of a stack, with the secrets that reaching it needs. */
export interface ProxyHostArgs {
  /** The stack that the host belongs to. */
  readonly config: StackConfig;
  /** Which of its hosts. */
  readonly host: HostConfig;
  /** Secret: the listener's certificate and key, PEM; undefined where it speaks plain http. */
  readonly keys: pulumi.Output<string> | undefined;
  /** nginx that is brought; undefined where it comes from elsewhere. */
  readonly bringing: Bringing | undefined;
  /** Secret; what the host's own way in needs. */
  readonly secrets: pulumi.Output<LoginSecrets>;
  /** Secret; empty where there is no bastion. */
  readonly bastionSecrets: pulumi.Output<LoginSecrets>;
}

/**
 * One existing VM, made equal to its document: connection, lqptctl, nginx, whitelist and site.
 *
 * @example
 * new ProxyHost("proxy-1", { config, host, keys: undefined, bringing: undefined, secrets: loginSecrets("proxy-1"), bastionSecrets: pulumi.output({}) });
 */
export class ProxyHost extends pulumi.ComponentResource {
  /** What the host read back after the last apply; never what was merely asked for. */
  readonly report: pulumi.Output<HostReport>;

  constructor(name: string, args: ProxyHostArgs, opts: pulumi.ComponentResourceOptions = {}) {
    const { config, host, keys, bringing, secrets, bastionSecrets } = args;
    const tool = lqptctl();
    const { text: document, site } = renderDocument(config, host);
    super(
      "lqpt:index:ProxyHost",
      name,
      { tool: `lqptctl ${tool.version}`, nginx: config.nginx.source, document },
      opts,
    );

    const { port } = config.listen;
    const child = { parent: this };
    // First, because starting the plugin is what a preview waits for.
    this.report = hostState(
      name,
      {
        ...{ id: config.id, host, tool, document, port, keys, secrets, bastionSecrets },
        ...{ nginx: config.nginx, firewall: config.firewall, bringing },
      },
      child,
    );
    new FirewallPolicy(
      `${name}-firewall`,
      { host: name, port, zone: config.firewall.zone, sources: config.sources },
      child,
    );
    new NginxSite(`${name}-site`, { conf: site }, child);

    this.registerOutputs({ report: this.report });
  }
}
