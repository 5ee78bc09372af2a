import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import type { HostConfig } from "../../../config/types";
import { Session } from "../../../fleet/session";
import { sampleHost } from "../sampleConfig";

let server: Server | undefined;
afterEach(() => server?.close());

/** Somebody at an address who does this with whoever comes. */
async function somebody(does: (socket: Socket) => void): Promise<HostConfig> {
  const made = createServer((socket) => {
    socket.on("error", () => undefined);
    does(socket);
  });
  server = made;
  await new Promise<void>((resolve) => made.listen(0, "127.0.0.1", resolve));
  return {
    ...sampleHost,
    address: "127.0.0.1",
    port: (made.address() as AddressInfo).port,
    auth: "password",
  };
}

test.each<[string, (socket: Socket) => void]>([
  ["says who it is and goes", (socket) => socket.end("SSH-2.0-x\r\n")],
  ["goes without a word", (socket) => socket.end()],
  ["is gone at once", (socket) => socket.resetAndDestroy()],
  [
    "says what is no SSH, and is gone",
    (socket) => socket.write("SSH-2.0-x\r\n\u0000\u0001garbage".repeat(9), () => socket.resetAndDestroy()),
  ],
])("whoever %s is told not to let us in, and ends nothing else", async (_, does) => {
  const host = await somebody(does);
  await expect(Session.dial(host, { [host.name]: { password: "x" } })).rejects.toThrow(
    /no connection to .*127\.0\.0\.1/,
  );
});
