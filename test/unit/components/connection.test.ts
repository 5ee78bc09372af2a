import { renderConnection } from "../../../components/connection";
import type { LoginSecrets } from "../../../config/types";
import { sampleHost } from "../sampleConfig";

const SECRETS: LoginSecrets = { privateKey: "the key", password: "the password", sudoPassword: "sudo's" };

describe("the connection to a host", () => {
  it.each([
    ["agent", 2, {}],
    ["key", 2, { privateKey: "the key" }],
    ["password", 0, { password: "the password" }],
  ] as const)("by %s: dials %i more times, and takes only the secret that it uses", (auth, limit, secret) => {
    expect(renderConnection({ ...sampleHost, auth, port: 2022, user: "ops" }, SECRETS)).toEqual({
      host: sampleHost.address,
      port: 2022,
      user: "ops",
      hostKey: sampleHost.hostKey,
      dialErrorLimit: limit,
      perDialTimeout: 15,
      ...secret,
    });
  });

  it.each(["key", "password"] as const)("by %s, without its secret: has none of another kind", (auth) => {
    const connection = renderConnection({ ...sampleHost, auth }, { sudoPassword: "sudo's" });
    expect(connection).not.toHaveProperty("privateKey");
    expect(connection).not.toHaveProperty("password");
    expect(connection.hostKey).toBe(sampleHost.hostKey);
  });
});
