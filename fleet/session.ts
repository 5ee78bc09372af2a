import type { ClientChannel } from "ssh2";
import type { HostConfig } from "../config/types";
import { connect, forward, hangUp, type Line, type SecretsByName } from "./line";

/** No answer of lqptctl's is near it; a host may send what it likes. */
const MOST_BYTES = 4 * 1024 * 1024;

/** How a line that a host ran ended. */
export interface Ran {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * One SSH connection to a host, through its bastion where it has one, as its stack describes it: the host key is the
 * pinned one or nothing is said. Each password is tried once: hardened machines lock an account after three.
 *
 * @example
 * const session = await Session.dial(host, secrets);
 * try { await session.run("uname -n", "", 30); } finally { session.close(); }
 */
export class Session {
  private constructor(private readonly lines: readonly Line[]) {}

  /** @throws Error which says what to do, where no connection comes about. */
  static async dial(host: HostConfig, secrets: SecretsByName): Promise<Session> {
    const { bastion } = host;
    if (bastion === undefined) return new Session([await connect(host.name, host, secrets)]);
    const first = await connect(bastion.name, bastion, secrets);
    try {
      const way = await forward(first.client, bastion.name, host);
      return new Session([await connect(host.name, host, secrets, way), first]);
    } catch (error) {
      hangUp(first);
      throw error;
    }
  }

  /**
   * Runs a shell line.
   *
   * @param stdin what it reads; then its stdin ends
   * @param seconds after which nobody waits any longer
   * @throws Error where the connection breaks, or it takes longer, or answers without end.
   */
  async run(line: string, stdin: string, seconds: number): Promise<Ran> {
    const client = this.lines[0]?.client;
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        reject(new Error(`no answer within ${seconds} s; the line may still run there`));
      }, seconds * 1000);
      const end = (settle: () => void): void => {
        clearTimeout(late);
        settle();
      };
      const fail = (error: Error): void => end(() => reject(error));
      client?.once("error", fail).once("close", () => fail(new Error("the connection broke")));
      const started = (error: Error | undefined, channel: ClientChannel): void => {
        if (error !== undefined) {
          fail(error);
          return;
        }
        const out = gathered(channel, fail);
        const err = gathered(channel.stderr, fail);
        channel.on("close", (status: number | undefined, signal: string | undefined) => {
          if (typeof status !== "number") {
            fail(new Error(`it was ended by ${signal ?? "nobody knows"}`));
            return;
          }
          end(() => resolve({ status, stdout: out(), stderr: err() }));
        });
        channel.end(stdin);
      };
      try {
        client?.exec(line, started);
      } catch (error) {
        // A connection that is gone already is told of at once.
        fail(error as Error);
      }
    });
  }

  close(): void {
    this.lines.forEach(hangUp);
  }
}

/** Collects text; the result gives what there is so far. */
function gathered(stream: NodeJS.ReadableStream, fail: (error: Error) => void): () => string {
  const parts: Buffer[] = [];
  let bytes = 0;
  stream.on("data", (part: Buffer) => {
    bytes += part.length;
    if (bytes > MOST_BYTES) fail(new Error(`an answer of more than ${MOST_BYTES} bytes`));
    else parts.push(part);
  });
  return () => Buffer.concat(parts).toString("utf8");
}
