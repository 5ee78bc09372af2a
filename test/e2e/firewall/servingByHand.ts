import { type Client, type Host, type HostKind, type HostOptions, Lab } from "../../support/lab";
import { aptInstall } from "../packages";
import { Tool } from "./direct";
import { SITE } from "./tool";
import { CONF } from "./vendorsDocument";

/** A host that serves by a site made by hand, with firewalld off and lqptctl brought, and one client to be listed. */
export interface ServingByHand {
  readonly lab: Lab;
  readonly host: Host;
  readonly tool: Tool;
  readonly listed: Client;
  /** Makes it so again, whatever was done to it since. */
  readonly again: () => Promise<void>;
}

/** @param address the client's */
export async function servingByHand(
  kind: HostKind,
  address: string,
  options: HostOptions = {},
): Promise<ServingByHand> {
  const lab = await Lab.start();
  try {
    const [host, listed] = await Promise.all([
      lab.host("proxy-1", { ...options, kind }),
      lab.client(address),
    ]);
    const tool = new Tool(host);
    const again = async (): Promise<void> => {
      await host.mustExec("systemctl disable --now firewalld 2>/dev/null; rm -f /etc/firewalld/zones/*");
      await host.write(SITE, CONF);
      await host.mustExec("systemctl enable nginx 2>/dev/null; systemctl restart nginx");
    };
    await aptInstall(host, "nginx");
    // What the package serves beside, which a start would close.
    await host.mustExec("rm -f /etc/nginx/sites-enabled/default");
    await again();
    expect(await tool.install()).toMatchObject({ exitCode: 0 });
    return { lab, host, tool, listed, again };
  } catch (error) {
    await lab.stop();
    throw error;
  }
}
