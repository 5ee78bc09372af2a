import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import type { Connection, KeyboardAuthContext } from "ssh2";
import type { HostConfig } from "../../../config/types";
import { Session } from "../../../fleet/session";
import { sampleHost } from "../sampleConfig";
import { sshd } from "./sshd";

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

/** An sshd which lets nobody in but by questions. */
async function questioner(
  asks: (ctx: KeyboardAuthContext, client: Connection) => void,
  gone: () => void = () => undefined,
): Promise<HostConfig> {
  const { host, close } = await sshd((client) =>
    client
      .on("authentication", (ctx) => {
        if (ctx.method === "keyboard-interactive") asks(ctx, client);
        else ctx.reject(["keyboard-interactive"]);
      })
      .on("close", gone),
  );
  closers.push(close);
  return host;
}

const hidden = (prompt: string) => ({ prompt, echo: false });
const closers: (() => void)[] = [];
afterEach(() => closers.splice(0).forEach((close) => close()));

describe("a host that asks questions", () => {
  it("gets the password for one hidden question", async () => {
    const host = await questioner((ctx) =>
      ctx.prompt([hidden("Password: ")], (answers) =>
        answers[0] === "secret" ? ctx.accept() : ctx.reject(),
      ),
    );
    const session = await Session.dial(host, { [host.name]: { password: "secret" } });
    session.close();
  });

  it("and goes once it has the password has refused it", async () => {
    const host = await questioner((ctx, client) => ctx.prompt([hidden("Password: ")], () => client.end()));
    const dialled = Session.dial(host, { [host.name]: { password: "wrong" } });
    await expect(dialled).rejects.toThrow(
      /: it does not let us in: it closed the connection before it let us in$/,
    );
    await expect(dialled).rejects.toMatchObject({ refusal: { kind: "refused", account: host.user } });
  });

  it.each<[string, (ctx: KeyboardAuthContext, heard: (answers: readonly string[]) => void) => void]>([
    ["shows what is typed", (ctx, heard) => ctx.prompt([{ prompt: "Code: ", echo: true }], heard)],
    [
      "asks twice",
      (ctx, heard) => ctx.prompt([hidden("Password: ")], () => ctx.prompt([hidden("New password: ")], heard)),
    ],
    ["asks two things at once", (ctx, heard) => ctx.prompt([hidden("Password: "), hidden("Code: ")], heard)],
  ])("and %s is told nothing, and left", async (_, asks) => {
    const heard: (readonly string[])[] = [];
    const left = new Promise<void>((resolve) => {
      void questioner((ctx) => asks(ctx, (answers) => heard.push(answers)), resolve).then(async (host) => {
        await expect(Session.dial(host, { [host.name]: { password: "secret" } })).rejects.toThrow(
          /: it does not let us in: it asks for more than one password .*expected that the password alone lets in$/,
        );
      });
    });
    await left;
    expect(heard).toEqual([]);
  });
});

test("a host that goes on listening after our goodbye is hung up on", async () => {
  const gone = new Promise<number>((resolve) => {
    const since = Date.now();
    const made = createServer({ allowHalfOpen: true }, (socket) => {
      socket.on("error", () => undefined).on("close", () => resolve(Date.now() - since));
      socket.write("SSH-2.0-x\r\n\u0000\u0001garbage".repeat(9));
      // It never ends its side, and never reads ours to the end by itself.
      socket.resume();
      const writing = setInterval(() => socket.write("x"), 100);
      socket.on("close", () => clearInterval(writing));
    });
    server = made;
    made.listen(0, "127.0.0.1", () => {
      const { port } = made.address() as AddressInfo;
      const host: HostConfig = { ...sampleHost, address: "127.0.0.1", port, auth: "password" };
      void expect(Session.dial(host, { [host.name]: { password: "x" } })).rejects.toThrow("no connection to");
    });
  });
  expect(await gone).toBeLessThan(4000);
});
