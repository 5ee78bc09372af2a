import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import * as http from "node:http";
import * as net from "node:net";
import * as tls from "node:tls";

/**
 * How trying to open a TCP connection ended: `refused` by a reset, `filtered` by an ICMP message that a firewall sends,
 * `timeout` in silence, `unreachable` because nobody has the address.
 */
export type Connection = "open" | "refused" | "filtered" | "timeout" | "unreachable";

/** How a request ended that got no answer; `reset`, `timeout` and `tls` also after the connection was open. */
export type Failure = Exclude<Connection, "open"> | "reset" | "tls";

export interface PostOptions {
  /** Default POST. */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Default: none. */
  readonly body?: string;
  /** The same as base64, in place of it. */
  readonly bodyBase64?: string;
  /** For connecting and for the answer together. Default 5000. */
  readonly timeoutMs?: number;
  /** PEM of what the server's certificate must come from. Default: any certificate will do. */
  readonly ca?: string;
}

export interface Answered {
  readonly outcome: "answered";
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
  /** SHA-256 of its bytes as they came. */
  readonly bodySha256: string;
}

export interface Unanswered {
  readonly outcome: Failure;
  /** What the system said. */
  readonly detail: string;
  readonly status?: undefined;
  readonly headers?: undefined;
  readonly body?: undefined;
  readonly bodySha256?: undefined;
}

export type PostResult = Answered | Unanswered;

class Failed extends Error {
  constructor(
    readonly outcome: Failure,
    detail: string,
  ) {
    super(detail);
  }
}

// How often the kernel is asked again for the peer of a connection that Node takes to be open.
const ASK_AGAIN_MS = 5;

/**
 * Opens a TCP connection, `from` a port of one's own where that matters. The error is a `Failed` that says how it ended.
 *
 * Node's word is not enough: Node 20 (libuv 1.46) says "connect" once in some ten thousand tries of a socket that has
 * sent its SYN and heard nothing. The kernel names a peer only when there is one.
 */
export async function connect(
  host: string,
  port: number,
  timeoutMs: number,
  from?: number,
): Promise<net.Socket> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host, port, ...(from === undefined ? {} : { localPort: from }) });
    let asking: NodeJS.Timeout | undefined;
    const settle = (): void => {
      clearTimeout(timer);
      clearInterval(asking);
    };
    const fail = (outcome: Failure, detail: string): void => {
      settle();
      socket.destroy();
      reject(new Failed(outcome, detail));
    };
    const succeedIfOpen = (): void => {
      if (socket.remoteAddress !== undefined) {
        settle();
        socket.removeAllListeners("error");
        resolve(socket);
      }
    };
    const timer = setTimeout(() => {
      fail("timeout", `no answer in ${String(timeoutMs)} ms`);
    }, timeoutMs);
    socket.once("error", (error: NodeJS.ErrnoException) => {
      fail(outcomeOf(error, host), error.message);
    });
    socket.once("connect", () => {
      asking = setInterval(succeedIfOpen, ASK_AGAIN_MS);
      succeedIfOpen();
    });
  });
}

export async function tryToConnect(
  host: string,
  port: number,
  timeoutMs: number,
  from?: number,
): Promise<Connection> {
  try {
    (await connect(host, port, timeoutMs, from)).destroy();
    return "open";
  } catch (error) {
    const { outcome } = failureOf(error, host);
    // Only what stood can be reset: before that, a reset is a refusal.
    return outcome === "reset" ? "open" : (outcome as Connection);
  }
}

/** One request on a connection of its own; `onOpen` is called when that stands. */
export async function post(url: string, options: PostOptions, onOpen?: () => void): Promise<PostResult> {
  const { protocol, hostname, port, pathname, search } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, "");
  const secure = protocol === "https:";
  const timeoutMs = options.timeoutMs ?? 5000;
  const deadline = Date.now() + timeoutMs;
  let socket: net.Socket | undefined;
  try {
    const tcp = await connect(host, Number(port) || (secure ? 443 : 80), timeoutMs);
    onOpen?.();
    socket = secure ? await encrypt(tcp, host, options.ca) : tcp;
    const path = `${pathname}${search}`;
    return await ask(
      socket,
      path,
      { host: new URL(url).host, ...options.headers },
      options,
      deadline - Date.now(),
    );
  } catch (error) {
    return failureOf(error, host);
  } finally {
    socket?.destroy();
  }
}

async function encrypt(socket: net.Socket, host: string, ca: string | undefined): Promise<tls.TLSSocket> {
  return new Promise((resolve, reject) => {
    const trust = ca === undefined ? { rejectUnauthorized: false } : { ca };
    const name = net.isIP(host) === 0 ? { servername: host } : {};
    const secure = tls.connect({ socket, host, ...name, ...trust }, () => {
      resolve(secure);
    });
    secure.once("error", (error: Error) => {
      reject(new Failed("tls", error.message));
    });
  });
}

async function ask(
  socket: net.Socket,
  path: string,
  headers: Readonly<Record<string, string>>,
  { method = "POST", body = "", bodyBase64 }: PostOptions,
  timeoutMs: number,
): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const request = http.request({ method, path, headers, createConnection: () => socket }, (response) => {
      const parts: Buffer[] = [];
      response.on("data", (part: Buffer) => parts.push(part));
      response.on("error", reject);
      response.on("end", () => {
        clearTimeout(timer);
        const status = response.statusCode ?? 0;
        resolve({
          outcome: "answered",
          status,
          headers: response.headers,
          body: Buffer.concat(parts).toString(),
          bodySha256: createHash("sha256").update(Buffer.concat(parts)).digest("hex"),
        });
      });
    });
    const timer = setTimeout(
      () => {
        request.destroy(new Failed("timeout", "connected, and no answer in time"));
      },
      Math.max(timeoutMs, 0),
    );
    request.on("error", (error) => {
      clearTimeout(timer);
      reject(error);
    });
    request.end(bodyBase64 === undefined ? body : Buffer.from(bodyBase64, "base64"));
  });
}

function failureOf(error: unknown, host: string): Unanswered {
  if (error instanceof Failed) {
    return { outcome: error.outcome, detail: error.message };
  }
  const system = error as NodeJS.ErrnoException;
  return { outcome: outcomeOf(system, host), detail: system.message };
}

const OUTCOMES: Readonly<Record<string, Failure>> = {
  ECONNREFUSED: "refused",
  ETIMEDOUT: "timeout",
  // what IPv6 makes of the message "administratively prohibited"
  EACCES: "filtered",
  ENETUNREACH: "unreachable",
  ECONNRESET: "reset",
  EPIPE: "reset",
};

function outcomeOf(error: NodeJS.ErrnoException, host: string): Failure {
  if (error.code === "EHOSTUNREACH") {
    // A firewall's message and nobody there look alike; but somebody there has told us his Ethernet address.
    return isNeighbour(host) ? "filtered" : "unreachable";
  }
  const outcome = OUTCOMES[error.code ?? ""];
  if (outcome === undefined) {
    throw error;
  }
  return outcome;
}

function isNeighbour(address: string): boolean {
  return readFileSync("/proc/net/arp", "utf8")
    .split("\n")
    .map((line) => line.split(/\s+/))
    .some(([ip, , , mac]) => ip === address && mac !== "00:00:00:00:00:00");
}
