import * as pulumi from "@pulumi/pulumi";

/** lqpt.conf of one host. */
export interface NginxSiteArgs {
  /** The text of lqpt.conf; `{{…}}` in it is filled in on the host. */
  readonly conf: string;
}

/** Declares lqpt.conf, a section of the host's document: `ProxyHost` enforces it. A preview shows its line diff. */
export class NginxSite extends pulumi.ComponentResource {
  constructor(name: string, { conf }: NginxSiteArgs, opts: pulumi.ComponentResourceOptions) {
    super("lqpt:index:NginxSite", name, { conf }, opts);
    this.registerOutputs({});
  }
}
