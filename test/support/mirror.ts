import { Agent } from "./agent";
import type { MirrorMethods } from "./agents/mirror";
import type { Network } from "./network";

/** The package mirror of the customer's intranet: the one place from which hosts can install anything. */
export class Mirror {
  private constructor(
    readonly address: string,
    private readonly agent: Agent<MirrorMethods>,
  ) {}

  static async open(network: Network, address: string): Promise<Mirror> {
    const agent = Agent.start<MirrorMethods>(await network.join("mirror", address), "mirror.ts");
    const mirror = new Mirror(address, agent);
    await mirror.start();
    return mirror;
  }

  /** Offers a folder to the hosts, as `http://ADDRESS/NAME/`; to those with a login, `user:password`, where there is one. */
  async offer(name: string, folder: string, login?: string): Promise<void> {
    await this.agent.call("add", { name, folder, ...(login === undefined ? {} : { login }) });
  }

  /** From which byte on hosts asked for the rest of a file that they had in part. */
  async ranges(): Promise<readonly number[]> {
    return this.agent.call("ranges");
  }

  /** Nobody listens any more. */
  async stop(): Promise<void> {
    await this.agent.call("stop");
  }

  async start(): Promise<void> {
    await this.agent.call("start", this.address);
  }
}
