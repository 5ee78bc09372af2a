import { X509Certificate } from "node:crypto";

const BLOCK = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;

/** Each certificate of a text that `readCertificates` gave. */
export function splitCertificates(pem: string): readonly string[] {
  return pem.match(BLOCK) ?? [];
}

/**
 * Reads PEM text of certificates and nothing else, which it gives back in one spelling: whatever stands around them (some
 * programs write the subject there) is left out, so that it never reaches a host.
 *
 * @returns undefined where there is none, or one of them cannot be read
 */
export function readCertificates(text: string): string | undefined {
  const blocks = text.match(BLOCK) ?? [];
  if (blocks.length === 0 || /-----BEGIN (?!CERTIFICATE-----)/.test(text)) return undefined;
  try {
    return blocks.map((block) => new X509Certificate(block).toString()).join("");
  } catch {
    return undefined;
  }
}
