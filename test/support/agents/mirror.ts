import { createReadStream } from "node:fs";
import { createServer, type Server } from "node:http";
import { join, normalize } from "node:path";
import { serve } from "./serve";

/** The folders that are served, by the first part of the path; some to whoever knows a login alone. */
const folders = new Map<string, { readonly folder: string; readonly login?: string }>();
/** From which byte on files were asked for, of requests for the rest of one. */
const ranges: number[] = [];
let server: Server | undefined;

const methods = {
  /** Serves a folder under this name; `login`, `user:password`, is asked for where there is one. */
  add: ({ name, ...offer }: { name: string; folder: string; login?: string }): void => {
    folders.set(name, offer);
  },
  ranges: (): readonly number[] => ranges,
  start: async (host: string): Promise<void> => {
    const starting = createServer((request, response) => {
      const [, name = "", ...rest] = normalize(decodeURIComponent(request.url ?? "/")).split("/");
      const { folder = "/nonexistent", login } = folders.get(name) ?? {};
      const expected = login === undefined ? undefined : `Basic ${Buffer.from(login).toString("base64")}`;
      if (expected !== undefined && request.headers.authorization !== expected) {
        response.writeHead(401, { "www-authenticate": "Basic" }).end();
        return;
      }
      // curl and apt ask for the rest of a file in this one way.
      const from = /^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1];
      const file = createReadStream(join(folder, ...rest), { start: Number(from ?? 0) });
      file.once("error", () => {
        response.writeHead(404).end();
      });
      file.once("ready", () => {
        if (from !== undefined) ranges.push(Number(from));
        response.writeHead(from === undefined ? 200 : 206);
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
