import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { hostKeyProblem } from "../config/hostKey";

/** How long a machine may take to answer, seconds. */
const PATIENCE = 10;
/** The first that a machine has is taken. RSA keys cannot be pinned. */
const TYPES = ["ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521"];

/**
 * Asks a machine for its public key. Whoever answers at the address may be anybody: a person must compare it.
 *
 * @param address checked already, so that it is no option of ssh-keyscan's
 * @throws Error where nobody answers, or with no key that can be pinned.
 */
export async function fetchHostKey(address: string, port: number): Promise<string> {
  const args = ["-T", String(PATIENCE), "-t", "ed25519,ecdsa", "-p", String(port), address];
  const { stdout } = await promisify(execFile)("ssh-keyscan", args).catch((error: unknown) => {
    const problem = error instanceof Error ? error.message : String(error);
    throw new Error(
      `no host key of ${address}: ${problem}; expected the program ssh-keyscan (openssh-client) and an sshd at port ${port}`,
    );
  });
  const keys = stdout
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => line.split(" ").slice(1).join(" "))
    .filter((key) => hostKeyProblem(key) === undefined);
  const [key] = TYPES.flatMap((type) => keys.filter((one) => one.startsWith(`${type} `)));
  if (key !== undefined) return key;
  throw new Error(
    `no host key of ${address}: nothing that can be pinned came from port ${port} within ${PATIENCE} s; expected an sshd with an ed25519 or ecdsa key. Is the address right, and does the network let you through? Behind a bastion, give --host-key`,
  );
}
