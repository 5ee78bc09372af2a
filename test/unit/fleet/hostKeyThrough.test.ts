import { generateKeyPairSync } from "node:crypto";
import { type AddressInfo, connect, createServer, type Server } from "node:net";
import { type Connection, Server as SshServer, type ServerChannel, type TcpipRequestInfo, utils } from "ssh2";
import type { Bastion } from "../../../config/types";
import { hostKeyThrough } from "../../../fleet/hostKeyThrough";

const closers: (() => void)[] = [];
afterEach(() => {
  jest.useRealTimers();
  closers.splice(0).forEach((close) => close());
});

async function listening(server: Server | SshServer): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

/** An sshd with a new key, and what it does with whoever comes. */
async function sshd(does: (client: Connection) => void, privateKey = newKey()): Promise<Reached> {
  const parsed = utils.parseKey(privateKey);
  if (parsed instanceof Error) throw parsed;
  const server = new SshServer({ hostKeys: [privateKey] }, (client) => {
    does(client.on("error", () => undefined));
  });
  return {
    ...{ address: "127.0.0.1", port: await listening(server) },
    hostKey: `${parsed.type} ${parsed.getPublicSSH().toString("base64")}`,
  };
}

type Reached = Pick<Bastion, "address" | "port" | "hostKey">;

function newKey(): string {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return privateKey.export({ type: "sec1", format: "pem" }).toString();
}

type GoingOn = (accept: () => ServerChannel, refuse: () => void, to: TcpipRequestInfo) => void;

/** A bastion that one password opens, and what it does with whoever wants to go on. */
async function bastionThat(does: GoingOn) {
  const heard: string[] = [];
  let gone: () => void;
  const left = new Promise<void>((resolve) => (gone = resolve));
  const reached = await sshd((client) =>
    client
      .on("authentication", (ctx) => {
        if (ctx.method !== "password") {
          ctx.reject(["password"]);
          return;
        }
        heard.push(ctx.password);
        if (ctx.password === "right") ctx.accept();
        else ctx.reject();
      })
      .on("tcpip", does)
      .on("close", () => gone()),
  );
  const bastion: Bastion = { ...reached, name: "jump-1", user: "jump", auth: "password" };
  return { bastion, heard, left };
}

/** As a bastion does it. */
const goesOn: GoingOn = (accept, refuse, { destIP, destPort }) => {
  const socket = connect(destPort, destIP, () => {
    const channel = accept();
    channel.pipe(socket).pipe(channel);
    channel.on("close", () => socket.destroy());
  });
  socket.on("error", refuse);
};

const RIGHT = { "jump-1": { password: "right" } };
const NOWHERE = { address: "203.0.113.10", port: 22 };

test("the host's key comes through the bastion, nothing more is said to the host, and both are hung up on", async () => {
  const tried: string[] = [];
  let gone: () => void;
  const left = new Promise<void>((resolve) => (gone = resolve));
  const host = await sshd((client) =>
    client
      .on("handshake", () => tried.push("the handshake was ended"))
      .on("authentication", (ctx) => tried.push(ctx.method))
      .on("close", () => gone()),
  );
  const { bastion, heard, left: bastionLeft } = await bastionThat(goesOn);
  expect(await hostKeyThrough(bastion, RIGHT, host)).toBe(host.hostKey);
  await Promise.all([left, bastionLeft]);
  expect({ tried, heard }).toEqual({ tried: [], heard: ["right"] });
});

test("a bastion with another key than the pinned one is told nothing", async () => {
  const { bastion, heard } = await bastionThat(goesOn);
  const pinned = { ...bastion, hostKey: (await sshd(() => undefined)).hostKey };
  await expect(hostKeyThrough(pinned, RIGHT, NOWHERE)).rejects.toThrow(
    /^no host key of 203\.0\.113\.10: .*who answers has the host key SHA256:/,
  );
  expect(heard).toEqual([]);
});

test("a wrong password is tried once", async () => {
  const { bastion, heard } = await bastionThat(goesOn);
  await expect(hostKeyThrough(bastion, { "jump-1": { password: "wrong" } }, NOWHERE)).rejects.toThrow(
    "it does not let us in. It was tried once",
  );
  expect(heard).toEqual(["wrong"]);
});

test("a bastion that lets nobody on is named, with what to expect of it, and hung up on", async () => {
  const { bastion, left } = await bastionThat((_, refuse) => refuse());
  await expect(hostKeyThrough(bastion, RIGHT, NOWHERE)).rejects.toThrow(
    /bastion jump-1 does not reach 203\.0\.113\.10:22: .*AllowTcpForwarding/,
  );
  await left;
});

test("a bastion that answers in the host's place is not taken for the host, though its key was agreed to", async () => {
  const { bastion } = await bastionThat(goesOn);
  await expect(hostKeyThrough(bastion, RIGHT, bastion)).rejects.toThrow(
    "bastion jump-1 itself answers in its place",
  );
});

test("a host with no key that can be pinned is told of", async () => {
  const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
  const host = await sshd(() => undefined, rsa.export({ type: "pkcs1", format: "pem" }).toString());
  const { bastion } = await bastionThat(goesOn);
  await expect(hostKeyThrough(bastion, RIGHT, host)).rejects.toThrow(
    /no matching host key.*; expected an sshd there, with an ed25519 or ecdsa key/,
  );
});

test("a host that goes without a word is told of", async () => {
  const host = { address: "127.0.0.1", port: await listening(createServer((socket) => socket.end())) };
  const { bastion } = await bastionThat(goesOn);
  await expect(hostKeyThrough(bastion, RIGHT, host)).rejects.toThrow(
    /no host key of 127\.0\.0\.1: .*; expected an sshd there/,
  );
});

describe("nobody is waited for without end:", () => {
  /** Lets the time run out once somebody is silent. */
  async function afterSilence(silent: Promise<void>, asked: Promise<unknown>): Promise<void> {
    await Promise.race([silent, asked.catch(() => undefined)]);
    jest.advanceTimersByTime(15_000);
  }

  beforeEach(() => {
    jest.useFakeTimers({
      doNotFake: ["nextTick", "setImmediate", "clearImmediate", "queueMicrotask", "performance"],
    });
  });

  test("a bastion that does not say whether it lets on", async () => {
    let silent: () => void;
    const isSilent = new Promise<void>((resolve) => (silent = resolve));
    const { bastion } = await bastionThat(() => silent());
    const asked = hostKeyThrough(bastion, RIGHT, NOWHERE);
    void afterSilence(isSilent, asked);
    await expect(asked).rejects.toThrow(
      "bastion jump-1 did not say within 15 s whether it reaches 203.0.113.10:22",
    );
  });

  test("a host that says nothing", async () => {
    let silent: () => void;
    const isSilent = new Promise<void>((resolve) => (silent = resolve));
    // It has read who we are, so the connection stands.
    const host = createServer((socket) => void socket.once("data", () => silent()));
    const { bastion } = await bastionThat(goesOn);
    const asked = hostKeyThrough(bastion, RIGHT, { address: "127.0.0.1", port: await listening(host) });
    void afterSilence(isSilent, asked);
    await expect(asked).rejects.toThrow(/Timed out.*; expected an sshd there/);
  });
});
