import * as pulumi from "@pulumi/pulumi";
import type { HostConfig, LoginSecrets, StackConfig } from "../config/types";
import { isUntouched, remarkInEnglish, remarkOfDelivery } from "../documents/delivery";
import { type HostDocument, renderDocument } from "../documents/document";
import { type HostRecord, isOf, machineOf } from "../documents/record";
import type { HostReport } from "../documents/report";
import { lqptctl } from "../documents/tool";
import { FirewallPolicy } from "./firewallPolicy";
import { type Bringing, type HostState, hostState } from "./hostState";
import { NginxSite } from "./nginxSite";
import { sourcesInForce } from "./outputs";
import { VirtualIp } from "./virtualIp";
import { commandsInState, leaveUntouched } from "./untouched";

/** One host of a stack, with the secrets that reaching it needs. */
export interface ProxyHostArgs {
  /** The stack that the host belongs to. */
  readonly config: StackConfig;
  /** Which of its hosts. */
  readonly host: HostConfig;
  /** Secret: what travels apart from the document, the listener's key and VRRP's password; undefined where there is neither. */
  readonly keys: pulumi.Output<string> | undefined;
  /** nginx that is brought; undefined where it comes from elsewhere. */
  readonly bringing: Bringing | undefined;
  /** Secret; what the host's own way in needs. */
  readonly secrets: pulumi.Output<LoginSecrets>;
  /** Secret; empty where there is no bastion. */
  readonly bastionSecrets: pulumi.Output<LoginSecrets>;
  /** What is known of a host that no `up` reaches; undefined where nothing is. */
  readonly record: HostRecord | undefined;
  /** What must have ended well before this host is changed: the stack's host before it. */
  readonly after: readonly pulumi.Resource[];
}

/**
 * One existing VM, made equal to its document: connection, lqptctl, nginx, whitelist and site.
 *
 * @example
 * new ProxyHost("proxy-1", { config, host, keys: undefined, bringing: undefined, secrets: loginSecrets("proxy-1"), bastionSecrets: pulumi.output({}), record: undefined, after: [] });
 */
export class ProxyHost extends pulumi.ComponentResource {
  /**
   * What the host read back after the last apply; never what was merely asked for. Of a host that no `up` reaches, what
   * was recorded of it; undefined where nothing was.
   */
  readonly report: pulumi.Output<HostReport | undefined>;
  /** What ends when the host has been made equal to its document; none of a host that no `up` reaches. */
  readonly done: readonly pulumi.Resource[];

  constructor(name: string, args: ProxyHostArgs, opts: pulumi.ComponentResourceOptions = {}) {
    const { config, host } = args;
    const document = renderDocument(config, host);
    const untouched = isUntouched(host);
    super("lqpt:index:ProxyHost", name, untouched ? knownOf(args) : declared(args, document), opts);
    if (untouched) {
      this.report = this.leave(name, args, document);
      this.done = [];
    } else {
      const { report, last } = this.enforce(name, args, document);
      this.report = report;
      this.done = [last];
    }
    this.registerOutputs({ report: this.report });
  }

  /** Makes the host equal to its document, and shows what that says. */
  private enforce(name: string, args: ProxyHostArgs, document: HostDocument): HostState {
    const { config, host, keys, bringing, secrets, bastionSecrets, after } = args;
    const { port } = config.listen;
    const child = { parent: this };
    // First, because starting the plugin is what a preview waits for.
    const state = hostState(
      name,
      {
        config,
        host,
        tool: lqptctl(),
        document: document.text,
        bringing,
        keys,
        secrets,
        bastionSecrets,
        after,
      },
      child,
    );
    const { zone } = config.firewall;
    new FirewallPolicy(`${name}-firewall`, { host: name, port, zone, sources: config.sources }, child);
    new NginxSite(`${name}-site`, { conf: document.site }, child);
    const { vip, keepalived: conf } = document;
    if (vip !== undefined && conf !== undefined) {
      new VirtualIp(`${name}-vip`, { host: name, vip, conf }, child);
    }
    return state;
  }

  /** Does nothing there, says so, and shows no more than what is known of it: no change is reported that was not made. */
  private leave(
    name: string,
    { config, host, record }: ProxyHostArgs,
    document: HostDocument,
  ): pulumi.Output<HostReport | undefined> {
    const child = { parent: this };
    void commandsInState().then((known) => leaveUntouched(name, known, child));
    const remark = remarkOfDelivery(config, host, document, record);
    const text = remarkInEnglish(remark);
    void (remark.outstanding ? pulumi.log.warn(text, this) : pulumi.log.info(text, this));
    const counted = countedRecord({ config, host, record });
    if (counted === undefined) return pulumi.output(undefined);
    const { port } = config.listen;
    const sources = sourcesInForce(counted.whitelist, config.sources);
    new FirewallPolicy(`${name}-firewall`, { host: name, port, zone: config.firewall.zone, sources }, child);
    return pulumi.output(counted);
  }
}

function declared({ config }: ProxyHostArgs, document: HostDocument): pulumi.Inputs {
  return { tool: `lqptctl ${lqptctl().version}`, nginx: config.nginx.source, document: document.text };
}

function knownOf(args: ProxyHostArgs): pulumi.Inputs {
  const { state, delivery } = args.host;
  return state === "out" ? { state } : { delivery, recorded: countedRecord(args)?.digest ?? "nothing" };
}

/** The record, where it says what is in force on the host as the config has it now. */
function countedRecord({
  config,
  host,
  record,
}: Pick<ProxyHostArgs, "config" | "host" | "record">): HostRecord | undefined {
  if (host.state === "out" || record === undefined) return undefined;
  return isOf(record, machineOf(config, host)) ? record : undefined;
}
