import { generateKeyPairSync } from "node:crypto";
import type { AddressInfo } from "node:net";
import { type Connection, Server, utils } from "ssh2";
import type { HostConfig } from "../../../config/types";
import { sampleHost } from "../sampleConfig";

/** An sshd on the loopback, and the host that it is, to be logged in to with a password. */
export async function sshd(
  serve: (client: Connection) => void,
): Promise<{ readonly host: HostConfig; readonly close: () => void }> {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const key = privateKey.export({ type: "sec1", format: "pem" }).toString();
  const parsed = utils.parseKey(key);
  if (parsed instanceof Error) throw parsed;
  const server = new Server({ hostKeys: [key] }, (client: Connection) => {
    client.on("error", () => undefined);
    serve(client);
  });
  server.on("error", () => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const hostKey = `${parsed.type} ${parsed.getPublicSSH().toString("base64")}`;
  return {
    host: { ...sampleHost, address: "127.0.0.1", port, auth: "password", hostKey },
    close: () => server.close(),
  };
}
