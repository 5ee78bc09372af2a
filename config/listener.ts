import { X509Certificate } from "node:crypto";
import { isAddress } from "./addresses";
import { splitCertificates } from "./certificates";
import { removeAt, setSecretAt } from "./commands";
import { isMapping, type Place, readEach } from "./read";
import { certificateSecretsSchema, DEFAULT_PORT, type StackValues } from "./schema";
import type { HostConfig, ListenConfig, VipConfig } from "./types";

/** The name under `lqpt:secrets` that is the listener's and no host's. */
export const CERTIFICATE = "certificate";

const WARN_DAYS = 45;
const DAY_MS = 86_400_000;

/** The rules between `lqpt:listen`, its key and the rest of the stack. */
export function checkListener(
  values: StackValues,
  hosts: readonly HostConfig[],
  stack: Place,
  now: Date,
): void {
  const { listen, topology } = values;
  const place = stack.at("listen");
  checkKey(values, stack);
  if (listen === undefined) return;
  if (listen.tls === "none" && topology === "public-cloud" && hosts.length > 0) {
    place.at("tls").warn("none: invoices cross the internet unencrypted on their way to the proxy");
  }
  if (listen.names.length > 0 && listen.tls !== "self-signed") {
    place.at("names").wrong(listen.names, {
      problem: "only a self-signed certificate is made for names",
      allowed: "tls: self-signed beside it",
    });
  }
  if (listen.tls === "provided" && listen.certificate === undefined) {
    place.at("certificate").wrong(undefined, {
      problem: "lqpt:listen.tls is provided",
      allowed: "PEM text: the server's certificate, then those that lead to its root",
    });
  } else if (listen.certificate !== undefined && listen.tls !== "provided") {
    place.at("certificate").wrong(listen.certificate, {
      problem: `lqpt:listen.tls is ${listen.tls ?? "left out"}, so nothing uses it`,
      allowed: "tls: provided beside it",
    });
  } else if (listen.certificate !== undefined) {
    checkChain(listen.certificate, values, place.at("certificate"), now);
  }
}

function checkKey({ listen, secrets }: StackValues, stack: Place): void {
  const given =
    secrets !== undefined && Object.hasOwn(secrets, CERTIFICATE) ? secrets[CERTIFICATE] : undefined;
  const place = stack.at("secrets", CERTIFICATE);
  if (given !== undefined) readEach(certificateSecretsSchema, given, place);
  const hasKey = isMapping(given) && given["key"] !== undefined;
  if (listen?.tls === "provided" && !hasKey) {
    place.at("key").wrong(undefined, {
      problem: "lqpt:listen.tls is provided",
      allowed: "an encrypted text: the certificate's private key, PEM without a passphrase",
      next: setSecretAt(place.at("key")),
    });
  } else if (given !== undefined && listen !== undefined && listen.tls !== "provided") {
    place.wrong(given, {
      problem: "lqpt:listen.tls is not provided, so nothing uses it",
      allowed: "nothing",
      next: removeAt(place),
    });
  }
}

/** Chain and dates, before anything of it goes to a host; the key is checked where it is known, in the program. */
function checkChain(pem: string, values: StackValues, place: Place, now: Date): void {
  const [leaf, ...issuers] = splitCertificates(pem).map((text) => new X509Certificate(text));
  if (leaf === undefined) return;
  const chain = [leaf, ...issuers];
  const broken = issuers.findIndex((issuer, index) => !chain[index]?.checkIssued(issuer));
  if (broken >= 0) {
    place.wrong(nameOf(chain[broken]), {
      problem: `the certificate after it, ${nameOf(issuers[broken])}, did not issue it`,
      allowed: "the server's own certificate first, then each one's issuer",
    });
  }
  for (const certificate of chain) {
    const days = Math.floor((Date.parse(certificate.validTo) - now.getTime()) / DAY_MS);
    if (days < 0 || Date.parse(certificate.validFrom) > now.getTime()) {
      place.wrong(nameOf(certificate), {
        problem: `it is good from ${certificate.validFrom} to ${certificate.validTo}, and not now`,
        allowed: "certificates that are good now",
      });
    } else if (days < WARN_DAYS) {
      place.warn(`${nameOf(certificate)} ends in ${days} days, on ${certificate.validTo}; replace it before`);
    }
  }
  const [key, host] = calledBy(values);
  if (host !== undefined && !covers(leaf, host)) {
    place.warn(`it is not for ${host}, by which lqpt:${key} tells back ends to call; they may refuse it`);
  }
}

/** What back ends are told to call, as far as the file says it, and the key that does. */
function calledBy({ publicAddress, vip }: StackValues): readonly [key: string, host: string | undefined] {
  if (publicAddress !== undefined) return ["publicAddress", new URL(publicAddress).hostname];
  return ["vip", vip?.address.split("/")[0]];
}

function covers(certificate: X509Certificate, host: string): boolean {
  return (isAddress(host) ? certificate.checkIP(host) : certificate.checkHost(host)) !== undefined;
}

function nameOf(certificate: X509Certificate | undefined): string {
  return certificate?.subject.replaceAll("\n", ", ") ?? "";
}

/** `lqpt:listen` with its defaults, for what has no mistake. */
export function toListen(
  values: StackValues,
  hosts: readonly HostConfig[],
  vip: VipConfig | undefined,
): ListenConfig {
  const { listen, registeredIp, publicAddress } = values;
  const tls = listen?.tls ?? "none";
  const called = publicAddress === undefined ? [] : [new URL(publicAddress).hostname];
  const own = [
    ...called,
    ...(registeredIp === undefined ? [] : [registeredIp]),
    ...hosts.map(({ address }) => address),
    ...(vip === undefined ? [] : [vip.address]),
  ];
  return {
    port: listen?.port ?? DEFAULT_PORT,
    bind: listen?.bind ?? "0.0.0.0",
    tls,
    certificate: listen?.certificate,
    proxyProtocol: listen?.proxyProtocol ?? false,
    names: tls === "self-signed" ? [...new Set([...own, ...(listen?.names ?? [])])].sort() : [],
  };
}
