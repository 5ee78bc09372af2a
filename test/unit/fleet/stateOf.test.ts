import { listenerInState, vrrpPasswordInState } from "../../../fleet/stateOf";

const URN = "urn:pulumi:acme-prod::lqpt";

/** What `pulumi stack export --show-secrets` prints of a resource: a secret is a mapping around its text, as JSON. */
function exported(type: string, name: string, outputs: Readonly<Record<string, string>>): string {
  const secret = (value: string): object => ({
    "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
    plaintext: JSON.stringify(value),
  });
  const shown = Object.fromEntries(Object.entries(outputs).map(([key, value]) => [key, secret(value)]));
  return JSON.stringify({
    deployment: { resources: [{ urn: `${URN}::${type}::${name}`, type, outputs: shown }] },
  });
}

test("VRRP's password is the one that the program made, and none where it made none", () => {
  const type = "random:index/randomPassword:RandomPassword";
  expect(vrrpPasswordInState(exported(type, "vip-password", { result: "Abcd1234" }))).toBe("Abcd1234");
  expect(vrrpPasswordInState(exported(type, "another", { result: "Abcd1234" }))).toBeUndefined();
  expect(vrrpPasswordInState("no JSON")).toBeUndefined();
});

test("of half a listener there is nothing", () => {
  const type = "tls:index/privateKey:PrivateKey";
  expect(listenerInState(exported(type, "listener-key", { privateKeyPem: "KEY" }))).toBeUndefined();
});
