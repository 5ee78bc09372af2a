import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { mustRun } from "../support/programs";

/** A real ssh-agent that holds one key. */
export interface Agent {
  readonly socket: string;
  stop(): void;
}

/**
 * Starts ssh-agent (of openssh-client) and gives it the key.
 *
 * @param within where its socket and the key's file are put, in a folder of their own
 */
export async function startAgent(privateKey: string, within: string): Promise<Agent> {
  const folder = mkdtempSync(join(within, "agent-"));
  const socket = join(folder, "socket");
  const child = spawn("ssh-agent", ["-D", "-a", socket], { stdio: "ignore" });
  const stop = (): void => {
    child.kill();
  };
  try {
    await new Promise((resolve, reject) => child.once("spawn", resolve).once("error", reject));
    while (!existsSync(socket)) {
      await sleep(10);
    }
    const file = join(folder, "key");
    writeFileSync(file, privateKey, { mode: 0o600 });
    await mustRun("ssh-add", ["-q", file], { env: { SSH_AUTH_SOCK: socket } });
    return { socket, stop };
  } catch (error) {
    stop();
    throw error;
  }
}
