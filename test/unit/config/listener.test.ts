import { execFileSync } from "node:child_process";
import { splitCertificates } from "../../../config/certificates";
import { SECRET } from "../../../config/parse";
import { remarkOfEnd } from "../../../components/listenerCertificate";
import { providedPem } from "../../../documents/listenerPem";
import { CA, OTHER_CA } from "./certificate";
import { ECDSA, parse, refusal, SMALL, type Values } from "./stacks";

const provided = (certificate = CA): Values => ({
  ...SMALL,
  listen: { tls: "provided", certificate },
  secrets: { certificate: { key: SECRET } },
  publicAddress: "https://proxy.acme.example:8864",
});

const DAY = 86_400_000;
const end = (days: number): Date => new Date(Date.parse(CA_ENDS) + days * DAY);
const CA_ENDS = "2126-10-31T00:00:00Z";

test("a listener's own address is https where it has a certificate, http where it has none", () => {
  expect(parse(SMALL).publicAddress).toBe("https://203.0.113.10:8864");
  expect(parse({ ...SMALL, listen: { tls: "none" } }).publicAddress).toBe("http://203.0.113.10:8864");
});

test("back ends are told to call the first host that is not out", () => {
  const { "proxy-1": first } = SMALL["hosts"] as Record<string, object>;
  const hosts = {
    "proxy-1": { ...first, state: "out" },
    "proxy-2": { ...first, hostKey: ECDSA, address: "203.0.113.11" },
  };
  expect(parse({ ...SMALL, hosts }).publicAddress).toBe("https://203.0.113.11:8864");
});

test("a self-signed certificate is for whatever back ends may call the proxy by", () => {
  const values = {
    ...SMALL,
    registeredIp: "203.0.113.99",
    publicAddress: "https://proxy.acme.example:8864",
    listen: { tls: "self-signed", names: ["10.0.0.9", "203.0.113.99"] },
  };
  expect(parse(values).listen.names).toEqual([
    "10.0.0.9",
    "203.0.113.10",
    "203.0.113.99",
    "proxy.acme.example",
  ]);
});

test("plain http in a public cloud is told on every run, in a private one it is not", () => {
  expect(parse({ ...SMALL, listen: { tls: "none" } }).warnings.join()).toContain(
    "lqpt:listen.tls: none: invoices",
  );
});

test("a provided certificate is taken in one spelling, whatever stands around it", () => {
  const around = `subject=CN = x\n${CA.replaceAll("\n", "\r\n")}\nissuer=CN = x\n`;
  expect(parse(provided(around)).listen.certificate).toBe(parse(provided()).listen.certificate);
  expect(splitCertificates(parse(provided(CA + CA)).listen.certificate ?? "")).toHaveLength(2);
});

test("a certificate is refused once it has ended, or before it begins, and warned of in good time", () => {
  expect(parse(provided(), { now: end(-400) }).warnings.join()).not.toContain("ends in");
  expect(parse(provided(), { now: end(-30) }).warnings.join()).toMatch(/a CA for tests ends in \d+ days/);
  expect(refusal(provided(), { now: end(60) })).toContain("and not now");
  expect(refusal(provided(), { now: new Date("2020-01-01T00:00:00Z") })).toContain("and not now");
});

test("a certificate for another name than back ends are told is a warning", () => {
  expect(parse(provided()).warnings.join()).toContain("it is not for proxy.acme.example");
});

/** A certificate and its key, made here so that no key lies in the repository. */
function makePair(): { readonly certificate: string; readonly key: string } {
  const pem = execFileSync("openssl", [
    ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"],
    ...["-subj", "/CN=a listener for tests", "-days", "1", "-keyout", "-"],
  ]).toString();
  const [, key = "", certificate = ""] = /^([^]*?)(-----BEGIN CERTIFICATE-----[^]*)$/.exec(pem) ?? [];
  return { certificate, key };
}

test("a key is taken with its own certificate alone, and is never shown", () => {
  const { certificate: own, key: right } = makePair();
  expect(providedPem("acme-prod", own, right)).toContain("-----BEGIN PRIVATE KEY-----");
  for (const [certificate, key, words] of [
    [OTHER_CA, right, "it belongs to another certificate"],
    [own, "-----BEGIN PRIVATE KEY-----\nsecret-text\n-----END PRIVATE KEY-----\n", "it cannot be read"],
  ] as const) {
    const read = (): string => providedPem("acme-prod", certificate, key);
    expect(read).toThrow(words);
    expect(read).toThrow("--stack acme-prod --secret");
    expect(read).not.toThrow(/secret-text|MIG/);
  }
});

test("a self-signed certificate's end is told more than a year before", () => {
  const now = Date.parse("2026-11-24T00:00:00Z");
  expect(remarkOfEnd("2036-11-24T00:00:00Z", now)).toBeUndefined();
  expect(remarkOfEnd("2027-11-24T00:00:00Z", now)).toContain("ends in 365 days");
});
