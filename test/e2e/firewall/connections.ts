import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { TRANSPILED } from "../../support/agent";
import type { Client } from "../../support/lab";
import { LEQI_PATH, PORT } from "../../support/samples";
import type { World } from "../world";
import type { Held } from "./holder";

/** Connections that clients hold open, side by side. */
export class Connections {
  private readonly folder: string;
  private count = 0;

  constructor(private readonly world: World) {
    this.folder = mkdtempSync(join(world.lab.folder, "held-"));
  }

  /** Returns when it is open; its end is told later. */
  async hold(client: Client, kind: "idle" | "upload"): Promise<{ readonly ended: Promise<Held> }> {
    this.count += 1;
    const ready = join(this.folder, `ready-${this.count}`);
    const to = [this.world.host.address, String(PORT), LEQI_PATH, kind, ready, this.released];
    const holder = client.start(process.execPath, [...TRANSPILED, join(__dirname, "holder.ts"), ...to], {
      timeoutMs: 300_000,
    });
    const ended = holder.result.then(({ stdout, all }) => {
      if (stdout === "") throw new Error(`the holder of a connection failed:\n${all}`);
      return JSON.parse(stdout) as Held;
    });
    const early = ended.then(() => true);
    while (!existsSync(ready)) {
      if (await Promise.race([early, sleep(50, false)])) {
        throw new Error(
          `a connection of ${client.name} ended before it was held: ${(await holder.result).all}`,
        );
      }
    }
    return { ended };
  }

  release(): void {
    writeFileSync(this.released, "");
  }

  private get released(): string {
    return join(this.folder, "release");
  }
}
