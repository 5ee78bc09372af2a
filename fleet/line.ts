import { createConnection } from "node:net";
import type { Duplex } from "node:stream";
import { type AuthHandlerMiddleware, type AuthenticationType, Client, type ConnectConfig } from "ssh2";
import type { HostKeyType } from "../config/hostKey";
import type { Login, LoginSecrets } from "../config/types";
import { type DialError, notConnected, notLetIn } from "./dialErrors";

/** Seconds until whoever is dialled must have answered. */
export const PATIENCE = 15;
/** Milliseconds that whoever was said goodbye to has to go; then he is hung up on, or a silent one kept this program alive. */
const GOODBYE = 2000;

/** The secrets of a login, by its name. */
export type SecretsByName = Readonly<Record<string, LoginSecrets | undefined>>;

/** One connection, and what carries it. */
export interface Line {
  readonly client: Client;
  readonly way: Duplex;
}

/** Says goodbye, and hangs up on whoever does not go then. */
export function hangUp({ client, way }: Line): void {
  client.end();
  setTimeout(() => way.destroy(), GOODBYE).unref();
}

/** A connection from a bastion on to the host. */
export async function forward(
  client: Client,
  name: string,
  { address, port }: Pick<Login, "address" | "port">,
): Promise<Duplex> {
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

/**
 * Logs in. The host key is the pinned one or nothing is said; each password is tried once.
 *
 * @param name of the login: its secrets' in `secrets`
 * @param way what carries the connection; default: one of its own
 * @throws NotConnected which says what to do, where nobody is let in.
 */
export async function connect(
  name: string,
  login: Login,
  secrets: SecretsByName,
  way: Duplex = dialled(login),
): Promise<Line> {
  const client = new Client();
  const line = { client, way };
  let found = "";
  let isTried = false;
  return new Promise((resolve, reject) => {
    const refuse = (error: DialError): void => {
      hangUp(line);
      reject(notConnected(error, login, found, isTried));
    };
    const tries = (): void => {
      isTried = true;
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
      authHandler: authentication(login, ownSecrets(secrets, name), tries, refuse),
    };
    client
      .once("ready", () => resolve(line))
      // Never taken away: of one broken connection ssh2 tells more than one, and one that nobody hears ends the program.
      .on("error", refuse)
      // Where the other side just goes, that is all there is: without it nobody would ever be told.
      .once("close", () => refuse(new Error("it closed the connection before it let us in")))
      .on("change password", () => refuse(notLetIn(PASSWORD_EXPIRED)))
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

/** The config admits no other. */
function keyType(hostKey: string): HostKeyType {
  return hostKey.split(" ")[0] as HostKeyType;
}

/**
 * One way in, tried once. What the host takes is asked first (`none`), so that no try is spent on a way it does not have.
 *
 * @param tries is called when it is tried
 * @param refuse ends the connection
 */
function authentication(
  login: Login,
  secrets: LoginSecrets,
  tries: () => void,
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
    tries();
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
        notLetIn(
          "it asks for more than one password (a one-time code, or a new password in place of one that has expired?); expected that the password alone lets in",
        ),
      );
    }
  };
}
