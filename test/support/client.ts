import { Agent } from "./agent";
import type { Connection, PostOptions, PostResult } from "./agents/attempt";
import type { ProberMethods } from "./agents/prober";
import type { Figures, Watched } from "./agents/watch";
import { Member } from "./member";
import type { Network, Place } from "./network";

/** Tries that go on until they are stopped. */
export interface Watch {
  /** How it has gone so far. */
  figures(): Promise<Figures>;
  /** Ends it; waits for the tries under way. */
  stop(): Promise<Figures>;
}

/** Somebody who calls a host, listed or not, from an address of its own. */
export class Client extends Member {
  private constructor(
    name: string,
    place: Place,
    private readonly agent: Agent<ProberMethods>,
  ) {
    super(name, place);
  }

  static override async join(network: Network, name: string, address: string): Promise<Client> {
    const place = await network.join(name, address);
    return new Client(name, place, Agent.start<ProberMethods>(place, "prober.ts"));
  }

  /**
   * Sends one request over a connection of its own.
   *
   * @example
   * const reply = await client.post(`http://${host.address}:8864/access/v2/invoke/202007/CXKYSL`);
   * expect(reply).toMatchObject({ outcome: "answered", status: 200 });
   */
  async post(url: string, options: PostOptions = {}): Promise<PostResult> {
    return this.agent.call("post", { url, options });
  }

  /** Tries to open a TCP connection. `timeoutMs`: default 2000. `from`: a port of its own, default any. */
  async connects(host: string, port: number, timeoutMs = 2000, from?: number): Promise<Connection> {
    return this.agent.call("connect", { host, port, timeoutMs, from });
  }

  /**
   * Tries again and again until stopped, each time on a connection of its own.
   *
   * @example
   * const watch = await stranger.watch({ address: host.address, port: 8864, perSecond: 100 });
   * await host.boot();
   * expect(await watch.stop()).toMatchObject({ handshakes: 0 });
   */
  async watch(what: Watched): Promise<Watch> {
    const id = await this.agent.call("watch", what);
    return {
      figures: async () => this.agent.call("figures", id),
      stop: async () => this.agent.call("stop", id),
    };
  }
}
