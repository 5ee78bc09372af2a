import * as net from "node:net";
import { tryToConnect } from "../../support/agents/attempt";

const LOOPBACK = "127.0.0.1";

/** A socket of which Node says that it is connected; `then` is what else becomes of it. */
function pretendToConnect(then: (socket: net.Socket) => void = () => undefined): void {
  jest.spyOn(net.Socket.prototype, "connect").mockImplementation(function (this: net.Socket) {
    setImmediate(() => {
      this.emit("connect");
      then(this);
    });
    return this;
  });
}

describe("a try to connect", () => {
  let server: net.Server;
  let port: number;
  beforeAll(async () => {
    server = net.createServer((socket) => socket.destroy()).listen(0, LOOPBACK);
    await new Promise((resolve) => server.once("listening", resolve));
    ({ port } = server.address() as net.AddressInfo);
  });
  afterAll(() => server.close());
  afterEach(() => jest.restoreAllMocks());

  it("is open where a server answers", async () => {
    expect(await tryToConnect(LOOPBACK, port, 1000)).toBe("open");
  });

  it("is not open when Node says so and the kernel knows of no peer", async () => {
    pretendToConnect();
    expect(await tryToConnect(LOOPBACK, port, 50)).toBe("timeout");
  });

  it("is open when the peer is known a moment after Node's word", async () => {
    pretendToConnect((socket) => Object.defineProperty(socket, "remoteAddress", { value: LOOPBACK }));
    expect(await tryToConnect(LOOPBACK, port, 1000)).toBe("open");
  });

  it.each([
    ["ECONNREFUSED", "refused"],
    ["ECONNRESET", "open"],
  ])("that ends after Node's word with %s was %s", async (code, outcome) => {
    pretendToConnect((socket) => socket.emit("error", Object.assign(new Error(code), { code })));
    expect(await tryToConnect(LOOPBACK, port, 1000)).toBe(outcome);
  });
});
