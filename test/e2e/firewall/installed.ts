import { type Client, type Host, type HostKind, Lab } from "../../support/lab";
import { Tool } from "./direct";

/** A host with firewalld running and lqptctl brought, one listed client and a stranger. */
export interface Installed {
  readonly lab: Lab;
  readonly host: Host;
  readonly tool: Tool;
  readonly listed: Client;
  readonly stranger: Client;
}

/** @param address the listed client's */
export async function installed(kind: HostKind, address: string): Promise<Installed> {
  const lab = await Lab.start();
  try {
    const [host, listed, stranger] = await Promise.all([
      lab.host("proxy-1", { kind, firewalld: "running" }),
      lab.client(address),
      lab.stranger(),
    ]);
    const tool = new Tool(host);
    expect(await tool.install()).toMatchObject({ exitCode: 0 });
    return { lab, host, tool, listed, stranger };
  } catch (error) {
    await lab.stop();
    throw error;
  }
}
