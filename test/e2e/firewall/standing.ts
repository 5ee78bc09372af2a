import { type Client, type Host, type HostKind, Lab } from "../../support/lab";
import { PORT, callLeqi } from "../../support/samples";
import { Tool, type Wanted } from "./direct";
import { status } from "./tool";

export const LISTED = "203.0.113.9";
/** Listed at first, and to go. */
export const GONE = "198.51.100.20";
const OTHERS = ["49.4.83.185", "82.157.180.203"];

export const BEFORE: Wanted = { allow: [LISTED, ...OTHERS, GONE] };
export const AFTER: Wanted = { allow: [LISTED, ...OTHERS, "198.51.100.21"] };

/** A host without a stack, firewalld running and the tool on it, and those who call it. */
export class Standing {
  private constructor(
    readonly lab: Lab,
    readonly host: Host,
    readonly listed: Client,
    readonly gone: Client,
    readonly stranger: Client,
    readonly tool = new Tool(host),
  ) {}

  static async start(kind: HostKind): Promise<Standing> {
    const lab = await Lab.start();
    try {
      const standing = new Standing(
        lab,
        ...(await Promise.all([
          lab.host("proxy-1", { kind, firewalld: "running" }),
          lab.client(LISTED),
          lab.client(GONE),
          lab.stranger(),
        ])),
      );
      expect(await standing.tool.install()).toMatchObject({ exitCode: 0 });
      return standing;
    } catch (error) {
      await lab.stop();
      throw error;
    }
  }

  async stop(): Promise<void> {
    await this.lab.stop();
  }

  /** The document is in force, by the rules, by the tool's own word, and judged from outside. */
  async expectInForce(wanted: Wanted): Promise<void> {
    expect(await this.tool.deviations(wanted)).toEqual([]);
    expect(await callLeqi(this.listed, this.host.address)).toMatchObject({
      outcome: "answered",
      status: 200,
    });
    expect(await this.reaches(this.stranger)).toBe(false);
  }

  /** Nobody gets in, the listed one neither. */
  async expectNobody(): Promise<void> {
    for (const client of [this.listed, this.gone, this.stranger]) {
      expect([client.name, await this.reaches(client)]).toEqual([client.name, false]);
    }
  }

  /** Closed by a person: the same, and the host says so. */
  async expectClosed(): Promise<void> {
    await this.expectNobody();
    expect((await status(this.host)).closed).not.toBeNull();
  }

  /** Whether he gets a handshake on the port. */
  async reaches(client: Client): Promise<boolean> {
    return (await client.connects(this.host.address, PORT)) === "open";
  }
}
