import { type Socket, connect, createServer } from "node:net";
import { serve } from "./serve";

interface Relayed {
  readonly host: string;
  readonly port: number;
  readonly to: string;
  /** How long what is sent takes, there and back together. */
  readonly roundTripMs: number;
}

/** Passes on what comes from one to the other, each part half a round trip later and in order. */
function pass(from: Socket, to: Socket, delayMs: number): void {
  from.on("data", (part) => {
    setTimeout(() => {
      if (!to.destroyed) to.write(part);
    }, delayMs);
  });
  from.on("end", () => {
    setTimeout(() => to.end(), delayMs);
  });
  from.on("error", () => to.destroy());
  from.on("close", () => {
    setTimeout(() => to.destroy(), delayMs);
  });
}

const methods = {
  /** Stands for a distance. Here a connection stands at once, so its first bytes wait for the handshake's round trip. */
  relay: async ({ host, port, to, roundTripMs }: Relayed): Promise<void> => {
    const server = createServer({ noDelay: true, pauseOnConnect: true }, (near) => {
      const far = connect({ host: to, port, noDelay: true });
      pass(far, near, roundTripMs / 2);
      setTimeout(() => {
        pass(near, far, roundTripMs / 2);
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
