import type { Duplex } from "node:stream";
import { Client } from "ssh2";
import { HOST_KEY_TYPES } from "../config/hostKey";
import type { Bastion, Login } from "../config/types";
import { toPrintable } from "../documents/report";
import { connect, forward, hangUp, PATIENCE, type SecretsByName } from "./line";

/** ssh2 wants a name, which nobody gets to see: the handshake ends before a login begins. */
const NOBODY = "nobody";

/**
 * Asks a host behind a bastion for its public key. The handshake with the host stops where it shows the key: nobody logs
 * in there, and no secret goes there. Whoever answers may be anybody, so a person must compare it.
 *
 * @param bastion with its key pinned, which is the bastion's or nothing is said
 * @throws Error which says what to do, where the bastion lets nobody in or on, or the host shows no key that can be pinned.
 */
export async function hostKeyThrough(
  bastion: Bastion,
  secrets: SecretsByName,
  host: Pick<Login, "address" | "port">,
): Promise<string> {
  try {
    const line = await connect(bastion.name, bastion, secrets);
    try {
      const key = await shownKey(await forward(line.client, bastion.name, host));
      if (key !== bastion.hostKey) return key;
      // A person has agreed to that key already, and it would go on to be taken for the host's.
      throw new Error(
        `bastion ${bastion.name} itself answers in its place, or a copy with its key; expected the host, with a key of its own`,
      );
    } finally {
      hangUp(line);
    }
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    // Bastion and host may say anything, and this ends up in a terminal.
    throw new Error(`no host key of ${host.address}: ${toPrintable(problem)}`);
  }
}

async function shownKey(way: Duplex): Promise<string> {
  const client = new Client();
  return new Promise((resolve, reject) => {
    const end = ({ message }: Error): void => {
      hangUp({ client, way });
      // Changes nothing where the key was shown: ssh2 tells of the refusal below as an error too.
      reject(new Error(`${message}; expected an sshd there, with an ed25519 or ecdsa key`));
    };
    client
      .on("error", end)
      .once("close", () => end(new Error("it closed the connection before it showed its key")))
      .connect({
        sock: way,
        username: NOBODY,
        readyTimeout: PATIENCE * 1000,
        algorithms: { serverHostKey: [...HOST_KEY_TYPES] },
        hostVerifier: (key: Buffer) => {
          resolve(`${typeOf(key)} ${key.toString("base64")}`);
          return false;
        },
      });
  });
}

/** The first string of a public key; ssh2 has held it to what was agreed on. */
function typeOf(key: Buffer): string {
  return key.toString("latin1", 4, 4 + key.readUInt32BE(0));
}
