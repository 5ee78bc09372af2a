import { constants, createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { Socket } from "node:net";
import { serve } from "./serve";

/** A request as it reached Leqi. */
export interface Received {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  /** Names as they were sent, in order: name, value, name, value. */
  readonly rawHeaders: readonly string[];
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly bodySha256: string;
  readonly bodyLength: number;
  /** The egress address: whom Leqi would ban. */
  readonly from: string;
  /** Whether it came in over IPv4 TLS with this name (SNI), or `undefined` for none. */
  readonly serverName: string | undefined;
}

/**
 * `normal`: as the platform does; `reset`: the connection is cut when the whole call has been read; else this, always.
 */
export type Answer =
  | "normal"
  | "reset"
  | {
      readonly status: number;
      readonly body: string;
      readonly delayMs: number;
      /** Beside the content type, or in place of it. */
      readonly headers?: Readonly<Record<string, string>>;
      /** In place of `body`. */
      readonly bodyBase64?: string;
    };

let answer: Answer = "normal";
let received: Received[] = [];
let connections = 0;
let server: Server | undefined;
/** By the caller's port. */
const connected = new Map<number, Socket>();

function handle(request: IncomingMessage, response: ServerResponse): void {
  const parts: Buffer[] = [];
  request.on("data", (part: Buffer) => parts.push(part));
  request.on("end", () => {
    const body = Buffer.concat(parts);
    const bodySha256 = createHash("sha256").update(body).digest("hex");
    received.push({
      method: request.method ?? "",
      path: request.url ?? "",
      rawHeaders: request.rawHeaders,
      headers: request.headers,
      bodySha256,
      bodyLength: body.length,
      from: (request.socket.remoteAddress ?? "").replace(/^::ffff:/, ""),
      serverName:
        (request.socket as unknown as { readonly servername?: string | false }).servername || undefined,
    });
    if (answer === "reset") {
      // What TLS wraps: only that can be reset.
      connected.get(request.socket.remotePort ?? 0)?.resetAndDestroy();
      return;
    }
    const { status, text, delayMs, headers } = reply(request, body, bodySha256);
    setTimeout(() => {
      response.writeHead(status, { "Content-Type": "application/json;charset=UTF-8", ...headers }).end(text);
    }, delayMs);
  });
}

function reply(
  request: IncomingMessage,
  body: Buffer,
  sha256: string,
): { status: number; text: string | Buffer; delayMs: number; headers?: Readonly<Record<string, string>> } {
  if (answer !== "normal" && answer !== "reset") {
    const { status, delayMs, headers = {}, bodyBase64 } = answer;
    return {
      status,
      delayMs,
      headers,
      text: bodyBase64 === undefined ? answer.body : Buffer.from(bodyBase64, "base64"),
    };
  }
  if (request.method !== "POST" || !request.url?.startsWith("/access/")) {
    return { status: 404, text: "{}", delayMs: 0 };
  }
  const said =
    body.length === 0
      ? { code: "1001", message: "json数据格式不正确" }
      : { code: "0000", sha256, length: body.length };
  return { status: 200, text: JSON.stringify(said), delayMs: 0 };
}

/** Files in PEM. */
interface Shown {
  readonly key: string;
  readonly certificate: string;
}

let shown: Shown | undefined;

function context({ key, certificate }: Shown): { readonly key: Buffer; readonly cert: Buffer } {
  return { key: readFileSync(key), cert: readFileSync(certificate) };
}

const methods = {
  listen: async (at: Shown & { readonly host: string; readonly port: number }): Promise<void> => {
    shown = at;
    const made = createServer(context(at), handle);
    server = made;
    made.on("connection", (socket: Socket) => {
      connections += 1;
      const { remotePort = 0 } = socket;
      connected.set(remotePort, socket);
      socket.once("close", () => connected.delete(remotePort));
    });
    await new Promise<void>((resolve, reject) => {
      made.once("error", reject).listen(at.port, at.host, resolve);
    });
  },
  present: (other: Shown): void => {
    shown = other;
    server?.setSecureContext(context(other));
    // Whoever is connected would go on with the old one.
    server?.closeAllConnections();
  },
  /** False: every new connection shakes hands in full, as with a balancer whose machines share no sessions. */
  resume: (does: boolean): void => {
    const secureOptions = does ? 0 : constants.SSL_OP_NO_TICKET;
    if (shown !== undefined) server?.setSecureContext({ ...context(shown), secureOptions });
    server?.closeAllConnections();
  },
  closeIdle: (): void => {
    server?.closeIdleConnections();
  },
  answer: (how: Answer): void => {
    answer = how;
  },
  requests: (): readonly Received[] => received,
  connections: (): number => connections,
  clear: (): void => {
    received = [];
    connections = 0;
  },
};

export type LeqiMethods = typeof methods;

serve(methods);
