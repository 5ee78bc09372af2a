import { createReadStream } from "node:fs";
import { createServer, type Server } from "node:http";
import { join, normalize } from "node:path";
import { serve } from "./serve";

/** The folders that are served, by the first part of the path. */
const folders = new Map<string, string>();
let server: Server | undefined;

const methods = {
  /** Serves a folder under this name. */
  add: ({ name, folder }: { name: string; folder: string }): void => {
    folders.set(name, folder);
  },
  start: async (host: string): Promise<void> => {
    const starting = createServer((request, response) => {
      const [, name = "", ...rest] = normalize(decodeURIComponent(request.url ?? "/")).split("/");
      const folder = folders.get(name);
      const file = createReadStream(join(folder ?? "/nonexistent", ...rest));
      file.once("error", () => {
        response.writeHead(404).end();
      });
      file.once("ready", () => {
        file.pipe(response);
      });
    });
    await new Promise<void>((resolve, reject) => {
      starting.once("error", reject).listen(80, host, resolve);
    });
    server = starting;
  },
  stop: async (): Promise<void> => {
    const stopping = server;
    server = undefined;
    await new Promise<void>((resolve) => {
      stopping?.close(() => {
        resolve();
      });
      stopping?.closeAllConnections();
    });
  },
};

export type MirrorMethods = typeof methods;

serve(methods);
