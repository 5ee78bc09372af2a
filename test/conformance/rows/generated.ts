import { X509Certificate, createPublicKey } from "node:crypto";
import { type Context, type Row, makeProject } from "../context";
import type { Program, Run } from "../project";

/** Keys, certificates and passwords that the other two providers make. */
export interface Generated {
  readonly planned: Run;
  readonly made: Run;
  readonly unchanged: Run;
  readonly changed: Run;
  readonly before: Readonly<Record<string, unknown>>;
  readonly after: Readonly<Record<string, unknown>>;
  readonly key: Readonly<Record<string, unknown>>;
  readonly certificate: Readonly<Record<string, unknown>>;
  readonly number: Readonly<Record<string, unknown>>;
  readonly state: string;
}

function program(keepers: string, earlyRenewalHours: number): Program {
  const terms = {
    allowedUses: ["cert_signing", "server_auth"],
    isCaCertificate: true,
    validityPeriodHours: 24,
  };
  return {
    password: {
      kind: "RandomPassword",
      args: { length: 24, minSpecial: 2, keepers: { for: keepers } },
      show: ["result"],
    },
    number: {
      kind: "RandomInteger",
      args: { min: 1, max: 254, keepers: { for: keepers } },
      show: ["result"],
    },
    key: {
      kind: "PrivateKey",
      args: { algorithm: "ECDSA", ecdsaCurve: "P256" },
      show: ["privateKeyPem", "publicKeyPem"],
    },
    certificate: {
      kind: "SelfSignedCert",
      args: { ...terms, earlyRenewalHours, subject: { commonName: "lqpt" }, ipAddresses: ["10.0.0.100"] },
      from: { privateKeyPem: "key.privateKeyPem" },
    },
  };
}

/** Some seven seconds. */
export async function generate(context: Context): Promise<Generated> {
  const project = await makeProject(context);
  const outputs = async (name: string): Promise<Readonly<Record<string, unknown>>> => {
    const found = Object.entries((await project.outputs(name)) ?? {});
    return Object.fromEntries(found.map(([key, value]) => [key, plain(value)]));
  };
  try {
    const planned = await project.preview(program("a", 1));
    const made = await project.up(program("a", 1));
    const unchanged = await project.up(program("a", 1));
    const before = await outputs("password");
    const changed = await project.up(program("b", 2));
    return {
      ...{ planned, made, unchanged, changed, before },
      after: await outputs("password"),
      key: await outputs("key"),
      certificate: await outputs("certificate"),
      number: await outputs("number"),
      state: project.stateText(),
    };
  } finally {
    project.dispose();
  }
}

/** A decrypted secret in an exported state is an object with its JSON in it. */
function plain(value: unknown): unknown {
  const text = (value as { plaintext?: string } | null)?.plaintext;
  return text === undefined ? value : JSON.parse(text);
}

export const GENERATED: readonly Row<Generated>[] = [
  [
    "a preview of a create knows no generated value",
    ({ planned }) => {
      expect(planned.all).toMatch(/key\.publicKeyPem\s*: \[unknown\]/);
      expect(planned.all).toMatch(/number\.result\s*: \[unknown\]/);
    },
  ],
  [
    "a password has its length and its kinds of characters",
    ({ before }) => expect(before["result"]).toMatch(/^(?=(.*[^A-Za-z0-9]){2}).{24}$/),
  ],
  ["nothing is generated anew while nothing changes", ({ unchanged }) => expect(unchanged.steps).toEqual({})],
  [
    "a changed keeper replaces the password",
    ({ changed, before, after }) => {
      expect(changed.steps["password"]).toContain("create-replacement");
      expect(after["result"]).not.toBe(before["result"]);
    },
  ],
  [
    "password and private key are masked as outputs",
    ({ made }) => {
      expect(made.all).toMatch(/password\.result\s*: \[secret\]/);
      expect(made.all).toMatch(/key\.privateKeyPem\s*: \[secret\]/);
    },
  ],
  [
    "no password and no private key is in the state in plain text",
    ({ state, before, after }) => {
      expect(state).toContain("BEGIN PUBLIC KEY");
      expect(state).not.toContain("PRIVATE KEY-----");
      expect([before["result"], after["result"]].filter((word) => state.includes(String(word)))).toEqual([]);
    },
  ],
  [
    "a key's two halves belong together",
    ({ key }) =>
      expect(createPublicKey(String(key["privateKeyPem"])).export({ type: "spki", format: "pem" })).toBe(
        key["publicKeyPem"],
      ),
  ],
  [
    "a self-signed certificate is one for the names asked for",
    ({ certificate }) => {
      const read = new X509Certificate(String(certificate["certPem"]));
      expect(read.verify(read.publicKey)).toBe(true);
      expect(read).toMatchObject({ ca: true, subject: "CN=lqpt", subjectAltName: "IP Address:10.0.0.100" });
    },
  ],
  [
    "a change of earlyRenewalHours keeps the certificate",
    ({ changed, certificate }) => {
      expect(changed.steps["certificate"]).toEqual(["update"]);
      expect(certificate).toMatchObject({ earlyRenewalHours: 2, readyForRenewal: false, maxPathLength: -1 });
    },
  ],
  [
    "a random number lies in its range",
    ({ number }) => {
      expect(number["result"]).toBeGreaterThanOrEqual(1);
      expect(number["result"]).toBeLessThanOrEqual(254);
    },
  ],
];
