import { existsSync, writeFileSync } from "node:fs";
import * as net from "node:net";

/**
 * Holds one connection open, run in a client's place: `holder.ts ADDRESS PORT PATH idle|upload READY RELEASE`. It makes
 * the file READY when the connection is what it is to be, and ends when that is closed, or after the file RELEASE is
 * there. What came of it is one JSON object, `Held`, on standard output.
 *
 * - idle: one request was answered, and nothing is sent any more
 * - upload: a request whose body does not end before RELEASE
 */
export interface Held {
  /** `closed`: by the other side. */
  readonly how: "answered" | "closed" | "held";
  /** When, in milliseconds since 1970. */
  readonly at: number;
}

const [address = "", port = "", path = "", kind = "", ready = "", release = ""] = process.argv.slice(2);

const socket = net.connect({ host: address, port: Number(port) }, () => {
  socket.write(`POST ${path} HTTP/1.1\r\nHost: ${address}:${port}\r\nContent-Type: application/json\r\n`);
  socket.write(kind === "idle" ? "Content-Length: 0\r\n\r\n" : "Transfer-Encoding: chunked\r\n\r\n");
  if (kind === "upload") {
    setInterval(upload, 100);
  }
});
let received = "";
let sent = 0;

function upload(): void {
  if (existsSync(release)) {
    socket.write("0\r\n\r\n");
    // Whoever answers has ten seconds.
    setTimeout(() => end("held"), 10_000);
    return;
  }
  socket.write("1\r\na\r\n");
  sent += 1;
  if (sent === 5) {
    writeFileSync(ready, "");
  }
}

socket.on("data", (part) => {
  received += part.toString();
  if (!received.includes('"code"')) {
    return;
  }
  if (kind === "upload") {
    end("answered");
  } else {
    writeFileSync(ready, "");
    setInterval(() => {
      if (existsSync(release)) end("held");
    }, 100);
  }
});
socket.on("error", () => end("closed"));
socket.on("close", () => end("closed"));

function end(how: Held["how"]): void {
  console.log(JSON.stringify({ how, at: Date.now() }));
  process.exit(0);
}
