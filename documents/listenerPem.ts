import { createPrivateKey, X509Certificate } from "node:crypto";
import { splitCertificates } from "../config/certificates";
import { setSecret } from "../config/commands";

/**
 * What `lqptctl keys` reads of a certificate of the customer's own: the chain, then the key in one spelling.
 *
 * @throws Error where the key cannot be read, or belongs to another certificate; no part of it is shown
 */
export function providedPem(stack: string, certificate: string, key: string): string {
  const wrong = (problem: string): Error =>
    new Error(
      `lqpt:secrets.certificate.key: ${problem}; nothing was changed on any host. Expected the private key of lqpt:listen.certificate, PEM without a passphrase. Set it again: ${setSecret(stack, "lqpt:secrets.certificate.key")}`,
    );
  let parsed;
  try {
    parsed = createPrivateKey(key);
  } catch {
    throw wrong("it cannot be read");
  }
  const [leaf = ""] = splitCertificates(certificate);
  if (!new X509Certificate(leaf).checkPrivateKey(parsed)) throw wrong("it belongs to another certificate");
  return joinPem(certificate, parsed.export({ type: "pkcs8", format: "pem" }).toString());
}

/** The certificates, then the key, each ending its last line. */
export function joinPem(certificates: string, key: string): string {
  return [certificates, key].map((text) => (text.endsWith("\n") ? text : `${text}\n`)).join("");
}
