/** What travels to a host apart from its document, which a reviewer reads. */
export interface HostKeys {
  /** The listener's certificates and private key, PEM; undefined where it speaks plain http. */
  readonly pem: string | undefined;
  /** By which the keepalived of two hosts know each other, 8 letters and digits; undefined where they share no address. */
  readonly vrrpPassword: string | undefined;
}

/** What `lqptctl keys` reads. */
export function renderHostKeys({ pem = "", vrrpPassword }: HostKeys): string {
  return `${vrrpPassword === undefined ? "" : `vrrp-password ${vrrpPassword}\n`}${pem}`;
}
