import * as pulumi from "@pulumi/pulumi";
import { renderHostKeys } from "../documents/hostKeys";
import type { ListenerKeys } from "./listenerCertificate";

/**
 * Secret: what travels to each host apart from its document.
 *
 * @returns undefined where there is nothing: plain http, and no shared address
 */
export function hostKeys(
  listener: ListenerKeys | undefined,
  vrrpPassword: pulumi.Output<string> | undefined,
): pulumi.Output<string> | undefined {
  if (vrrpPassword === undefined) return listener?.pem;
  return pulumi.secret(
    pulumi
      .all([listener?.pem, vrrpPassword])
      .apply(([pem, password]) => renderHostKeys({ pem, vrrpPassword: password })),
  );
}
