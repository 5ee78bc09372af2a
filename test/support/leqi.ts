import { Agent } from "./agent";
import type { Answer, LeqiMethods, Received } from "./agents/leqi";
import type { Certificate } from "./certificates";
import { Member } from "./member";
import type { Network, Place } from "./network";

export const LEQI_NAME = "lqpt.chinatax.gov.cn";
export const LEQI_PORT = 8443;

export type AnswerOptions = Partial<Omit<Exclude<Answer, string>, "status">>;

/** A stand-in for the tax bureau's Leqi platform: the answers that the mission describes, and a record of who asked. */
export class FakeLeqi extends Member {
  private constructor(
    place: Place,
    private readonly agent: Agent<LeqiMethods>,
  ) {
    super("leqi", place);
  }

  static async open(network: Network, address: string, certificate: Certificate): Promise<FakeLeqi> {
    const place = await network.join("leqi", address);
    const agent = Agent.start<LeqiMethods>(place, "leqi.ts");
    await agent.call("listen", { host: address, port: LEQI_PORT, ...certificate });
    return new FakeLeqi(place, agent);
  }

  /** Everything that reached it since the start or `clear`, in order. */
  async requests(): Promise<readonly Received[]> {
    return this.agent.call("requests");
  }

  /** TCP connections that were opened to it since the start or `clear`, requests or none. */
  async connections(): Promise<number> {
    return this.agent.call("connections");
  }

  async clear(): Promise<void> {
    await this.agent.call("clear");
  }

  /**
   * From now on every request gets this answer.
   *
   * @param how `normal`, `reset` (cut off once it was read), or a status: `await leqi.answer(403)`
   * @param delayMs how long it takes over each answer; default 0
   */
  async answer(how: "normal" | "reset" | number, options: AnswerOptions = {}): Promise<void> {
    await this.agent.call(
      "answer",
      typeof how === "string" ? how : { body: "", delayMs: 0, ...options, status: how },
    );
  }

  /** Shows another certificate from now on. */
  async present(certificate: Certificate): Promise<void> {
    await this.agent.call("present", certificate);
  }

  /** Whether from now on TLS sessions are taken up again, as they are at the start. */
  async resume(does: boolean): Promise<void> {
    await this.agent.call("resume", does);
  }

  /** Closes every connection that waits for a call, as a server does that has waited long enough. */
  async closeIdle(): Promise<void> {
    await this.agent.call("closeIdle");
  }
}
