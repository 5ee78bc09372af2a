import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";
import { isAddress } from "../config/addresses";
import { certificateKey } from "../config/fromPulumi";
import type { StackConfig } from "../config/types";
import { joinPem, providedPem } from "../documents/listenerPem";

/** What a listener that speaks https needs. */
export interface ListenerKeys {
  /** Secret: the certificates and the private key, PEM. */
  readonly pem: pulumi.Output<string>;
  /** What back ends must trust; undefined where the customer's own authority is behind it. */
  readonly ca: pulumi.Output<string> | undefined;
}

const YEAR_HOURS = 8766;
/** The certificate of the listener: it is made anew by the first `up` within its last two years. */
const LISTENER_HOURS = 10 * YEAR_HOURS;
const RENEWAL_HOURS = 2 * YEAR_HOURS;
/** The authority: back ends trust it by hand, so it outlives two certificates. */
const CA_HOURS = 30 * YEAR_HOURS;
const WARN_DAYS = 400;
const DAY_MS = 86_400_000;

/** The listener's certificate and key; undefined where it speaks plain http, or the stack has no hosts. */
export function listenerKeys(config: StackConfig): ListenerKeys | undefined {
  const { listen, hosts } = config;
  if (listen.tls === "none" || hosts.length === 0) return undefined;
  return listen.tls === "provided" ? providedKeys(config) : new SelfSigned("listener", config).keys;
}

function providedKeys({ stack, listen }: StackConfig): ListenerKeys {
  const { certificate = "" } = listen;
  return {
    pem: pulumi.secret(certificateKey().apply((key) => pemOf(stack, certificate, key))),
    ca: undefined,
  };
}

/** As an error of the user's. */
function pemOf(stack: string, certificate: string, key: string): string {
  try {
    return providedPem(stack, certificate, key);
  } catch (error) {
    throw new pulumi.RunError(error instanceof Error ? error.message : String(error));
  }
}

/** What a person is told of a certificate that ends within a year or so. */
export function remarkOfEnd(end: string, now: number): string | undefined {
  const days = Math.floor((Date.parse(end) - now) / DAY_MS);
  return days < WARN_DAYS
    ? `the listener's certificate ends in ${days} days, on ${end}; pulumi up makes a new one by the same authority`
    : undefined;
}

/** A certificate authority of the stack's own, and one certificate by it for all hosts. */
class SelfSigned extends pulumi.ComponentResource {
  readonly keys: ListenerKeys;

  constructor(name: string, { id, listen, stack }: StackConfig, opts: pulumi.ComponentResourceOptions = {}) {
    super("lqpt:index:ListenerCertificate", name, { names: listen.names }, opts);
    const child = { parent: this };
    const subject = { commonName: `lqpt ${id}`, organization: "lqpt" };
    const caKey = new tls.PrivateKey(`${name}-ca-key`, ECDSA, child);
    const ca = new tls.SelfSignedCert(
      `${name}-ca`,
      {
        ...{ privateKeyPem: caKey.privateKeyPem, subject, isCaCertificate: true },
        ...{ validityPeriodHours: CA_HOURS, allowedUses: ["cert_signing", "crl_signing"] },
      },
      child,
    );
    const key = new tls.PrivateKey(`${name}-key`, ECDSA, child);
    const request = new tls.CertRequest(
      `${name}-request`,
      {
        ...{ privateKeyPem: key.privateKeyPem, subject: { ...subject, commonName: `lqpt ${id} proxy` } },
        dnsNames: listen.names.filter((host) => !isAddress(host)),
        ipAddresses: listen.names.filter(isAddress),
      },
      child,
    );
    const certificate = new tls.LocallySignedCert(
      `${name}-certificate`,
      {
        ...{
          certRequestPem: request.certRequestPem,
          caPrivateKeyPem: caKey.privateKeyPem,
          caCertPem: ca.certPem,
        },
        ...{ validityPeriodHours: LISTENER_HOURS, earlyRenewalHours: RENEWAL_HOURS },
        allowedUses: ["digital_signature", "key_encipherment", "server_auth"],
      },
      child,
    );
    certificate.validityEndTime.apply((end) => {
      const remark = remarkOfEnd(end, Date.now());
      if (remark !== undefined) void pulumi.log.warn(`${stack}: ${remark}`, this);
    });
    this.keys = {
      pem: pulumi.secret(
        pulumi.all([certificate.certPem, key.privateKeyPem]).apply(([chain, own]) => joinPem(chain, own)),
      ),
      ca: ca.certPem,
    };
    this.registerOutputs({ ca: ca.certPem });
  }
}

const ECDSA = { algorithm: "ECDSA", ecdsaCurve: "P256" } as const;
