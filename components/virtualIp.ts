import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { StackConfig } from "../config/types";
import type { SharedAddress } from "../documents/vip";

/** keepalived of one host of a pair. */
export interface VirtualIpArgs {
  /** The host's name, `proxy-1`. */
  readonly host: string;
  /** The address that it shares with its peer, as it sees it. */
  readonly vip: SharedAddress;
  /** The text of keepalived.conf; the password's place in it is filled in on the host. */
  readonly conf: string;
}

/**
 * Declares the address that a host shares with its peer, two sections of its document: `ProxyHost` enforces them. A
 * preview shows keepalived.conf's line diff, and the peer, from which alone VRRP is let in, as a line of its own.
 *
 * @example
 * new VirtualIp("proxy-1-vip", { host: "proxy-1", vip, conf: renderKeepalived(id, "proxy-1", vip) }, { parent: this });
 */
export class VirtualIp extends pulumi.ComponentResource {
  constructor(name: string, { host, vip, conf }: VirtualIpArgs, opts: pulumi.ComponentResourceOptions) {
    super("lqpt:index:VirtualIp", name, { address: vip.address, interface: vip.interface, conf }, opts);
    new VrrpPeer(`${host}:${vip.peer}`, { protocol: "vrrp", interface: vip.interface }, { parent: this });
    this.registerOutputs({});
  }
}

/** Who may send VRRP to a host, and ask it whether it is healthy: a line of a preview, named by its value. */
class VrrpPeer extends pulumi.ComponentResource {
  constructor(name: string, inputs: pulumi.Inputs, opts: pulumi.ComponentResourceOptions) {
    super("lqpt:index:VrrpPeer", name, inputs, opts);
    this.registerOutputs({});
  }
}

/**
 * Secret: the password by which the two hosts' keepalived know each other, made once for the stack and the same on both.
 * VRRP has room for 8 characters and sends them in the clear: it keeps mistakes out, and nobody who can listen there.
 *
 * @returns undefined where the hosts share no address
 */
export function vrrpPassword({ vip }: StackConfig): pulumi.Output<string> | undefined {
  if (vip === undefined) return undefined;
  return pulumi.secret(new random.RandomPassword("vip-password", { length: 8, special: false }).result);
}
