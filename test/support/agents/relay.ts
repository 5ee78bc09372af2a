import { type Socket, connect, createServer } from "node:net";
import { serve } from "./serve";

interface Relayed {
  readonly host: string;
  readonly port: number;
  readonly to: string;
  /** How long what is sent takes, there and back together. */
  readonly roundTripMs: number;
}

/** Passes on what comes from one to the other, each part so much later and in order. */
function pass(from: Socket, to: Socket, delayMs: number): void {
  from.on("data", (part) => {
    later(delayMs, () => {
      if (!to.destroyed) to.write(part);
    });
  });
  from.on("end", () => later(delayMs, () => to.end()));
  from.on("error", () => to.destroy());
  from.on("close", () => later(delayMs, () => to.destroy()));
}

/** None is no timer at all: the shortest takes a millisecond. */
function later(delayMs: number, action: () => void): void {
  if (delayMs === 0) action();
  else setTimeout(action, delayMs);
}

const methods = {
  /**
   * Stands for a distance. Here a connection stands at once, so its first bytes wait for the handshake's round trip. Of
   * every later round trip the way back takes all: a timer is late by up to a millisecond, and two would be by twice that.
   */
  relay: async ({ host, port, to, roundTripMs }: Relayed): Promise<void> => {
    const server = createServer({ noDelay: true, pauseOnConnect: true }, (near) => {
      const far = connect({ host: to, port, noDelay: true });
      pass(far, near, roundTripMs);
      setTimeout(() => {
        pass(near, far, 0);
        near.resume();
      }, roundTripMs);
    });
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject).listen(port, host, resolve);
    });
  },
};

export type RelayMethods = typeof methods;

serve(methods);
