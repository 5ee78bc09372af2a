import { createConnection } from "node:net";
import type { Duplex } from "node:stream";
import {
  type AuthHandlerMiddleware,
  type AuthenticationType,
  Client,
  type ClientChannel,
  type ConnectConfig,
} from "ssh2";
import type { HostConfig, Login, LoginSecrets } from "../config/types";
import { explainDial } from "./dialErrors";

/** Seconds until a host must have let us in. */
const PATIENCE = 15;
/** Milliseconds that whoever was said goodbye to has to go; then he is hung up on, or a silent one kept this program alive. */
const GOODBYE = 2000;
/** No answer of lqptctl's is near it; a host may send what it likes. */
const MOST_BYTES = 4 * 1024 * 1024;

/** How a line that a host ran ended. */
export interface Ran {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The secrets of a login, by its name. */
export type SecretsByName = Readonly<Record<string, LoginSecrets | undefined>>;

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

/** One connection, and what carries it. */
interface Line {
  readonly client: Client;
  readonly way: Duplex;
}

function hangUp({ client, way }: Line): void {
  client.end();
  setTimeout(() => way.destroy(), GOODBYE).unref();
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

/** A connection from a bastion on to the host. */
async function forward(client: Client, name: string, { address, port }: Login): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => {
      reject(
        new Error(`bastion ${name} did not say within ${PATIENCE} s whether it reaches ${address}:${port}`),
      );
    }, PATIENCE * 1000);
    client.forwardOut("127.0.0.1", 0, address, port, (error, channel) => {
      clearTimeout(late);
      if (error === undefined) resolve(channel);
      else
        reject(
          new Error(
            `bastion ${name} does not reach ${address}:${port}: ${error.message}; nothing was changed. Expected that it may forward TCP (sshd's AllowTcpForwarding) and that its network lets it`,
          ),
        );
    });
  });
}

async function connect(
  name: string,
  login: Login,
  secrets: SecretsByName,
  way: Duplex = dialled(login),
): Promise<Line> {
  const client = new Client();
  const line = { client, way };
  let found = "";
  return new Promise((resolve, reject) => {
    const refuse = (error: Error): void => {
      hangUp(line);
      reject(new Error(explainDial(error, login, found)));
    };
    const settings: ConnectConfig = {
      sock: way,
      username: login.user,
      readyTimeout: PATIENCE * 1000,
      keepaliveInterval: 10_000,
      algorithms: { serverHostKey: [keyType(login.hostKey)] },
      hostVerifier: (key: Buffer) => {
        found = key.toString("base64");
        return found === login.hostKey.split(" ")[1];
      },
      authHandler: authentication(login, ownSecrets(secrets, name), refuse),
    };
    client
      .once("ready", () => resolve(line))
      // Never taken away: of one broken connection ssh2 tells more than one, and one that nobody hears ends the program.
      .on("error", refuse)
      // Where the other side just goes, that is all there is: without it nobody would ever be told.
      .once("close", () => refuse(new Error("it closed the connection before it let us in")))
      .on("change password", () => refuse(new Error(PASSWORD_EXPIRED)))
      .connect(settings);
  });
}

const PASSWORD_EXPIRED = "the password is right and has expired; set a new one on the machine";

/** The socket is ours, so that it is ours to destroy. */
function dialled({ address, port }: Login): Duplex {
  return createConnection({ host: address, port });
}

function ownSecrets(secrets: SecretsByName, name: string): LoginSecrets {
  return (Object.hasOwn(secrets, name) ? secrets[name] : undefined) ?? {};
}

type HostKeyType = "ssh-ed25519" | "ecdsa-sha2-nistp256" | "ecdsa-sha2-nistp384" | "ecdsa-sha2-nistp521";

/** The config admits no other. */
function keyType(hostKey: string): HostKeyType {
  return hostKey.split(" ")[0] as HostKeyType;
}

/**
 * One way in, tried once. What the host takes is asked first (`none`), so that no try is spent on a way it does not have.
 *
 * @param refuse ends the connection
 */
function authentication(
  login: Login,
  secrets: LoginSecrets,
  refuse: (error: Error) => void,
): AuthHandlerMiddleware {
  let tried = false;
  return (left, _partly, next) => {
    // The first time there is nothing in it, whatever its type says.
    const offered = left as AuthenticationType[] | null;
    if (offered === null) {
      next("none");
      return;
    }
    if (tried) {
      next(false as never);
      return;
    }
    tried = true;
    next(wayIn(login, secrets, offered, refuse) as never);
  };
}

function wayIn(
  { auth, user: username }: Login,
  { privateKey, password = "" }: LoginSecrets,
  offered: readonly AuthenticationType[],
  refuse: (error: Error) => void,
): object | false {
  switch (auth) {
    case "agent":
      return { type: "agent", username, agent: process.env["SSH_AUTH_SOCK"] ?? "" };
    case "key":
      return { type: "publickey", username, key: privateKey ?? "" };
    case "password":
      return offered.includes("password")
        ? { type: "password", username, password }
        : { type: "keyboard-interactive", username, prompt: answering(password, refuse) };
  }
}

type KeyboardPrompt = [string, string, string, readonly { echo?: boolean }[], (answers: string[]) => void];

/**
 * The password goes to one hidden question, once. Whatever else is asked, a one-time code or a new password, is nothing
 * to guess at: the password would be shown, or become the answer to "New password:".
 */
function answering(password: string, refuse: (error: Error) => void): (...asked: KeyboardPrompt) => void {
  let answered = false;
  return (...[, , , prompts, finish]) => {
    if (prompts.length === 0) {
      finish([]);
    } else if (!answered && prompts.length === 1 && prompts[0]?.echo !== true) {
      answered = true;
      finish([password]);
    } else {
      refuse(
        new Error(
          "it asks for more than one password (a one-time code, or a new password in place of one that has expired?); expected that the password alone lets in",
        ),
      );
    }
  };
}
