import type { StackConfig } from "../config/types";
import { renderHostKeys } from "../documents/hostKeys";
import { joinPem, providedPem } from "../documents/listenerPem";
import { secretsOfStack } from "../fleet/loginSecrets";
import { pulumiPrints } from "../fleet/pulumi";
import { listenerInState, vrrpPasswordInState } from "../fleet/stateOf";

/** What a host's file must bring that is secret, each in words; none where its document is all. */
export function secretParts({ listen, vip }: StackConfig): string[] {
  return [
    ...(listen.tls === "none" ? [] : ["the private key of the listener"]),
    ...(vip === undefined ? [] : ["VRRP's password"]),
  ];
}

/**
 * What `lqptctl keys` reads, decrypted by Pulumi: of a certificate of the customer's own from the stack's secrets, of a
 * self-signed one and VRRP's password from its state.
 *
 * @param folder the one of Pulumi.yaml
 * @throws Error where Pulumi does not give it, or `pulumi up` did not make it yet.
 */
export async function hostKeysOf(folder: string, config: StackConfig): Promise<string> {
  const { listen, vip } = config;
  const inState = listen.tls === "self-signed" || vip !== undefined ? await exportOf(folder, config) : "";
  return renderHostKeys({
    pem: listen.tls === "none" ? undefined : await listenerPem(folder, config, inState),
    vrrpPassword:
      vip === undefined ? undefined : needed(config, "password for VRRP", vrrpPasswordInState(inState)),
  });
}

function exportOf(folder: string, { stack }: StackConfig): Promise<string> {
  return pulumiPrints(folder, ["stack", "export", "--show-secrets", "--stack", stack]);
}

async function listenerPem(folder: string, config: StackConfig, inState: string): Promise<string> {
  const { listen, stack } = config;
  if (listen.tls === "provided") {
    const { certificate } = await secretsOfStack(folder, stack);
    return providedPem(stack, listen.certificate ?? "", certificate?.key ?? "");
  }
  const { certificate, key } = needed(config, "certificate for its listener", listenerInState(inState));
  return joinPem(certificate, key);
}

function needed<T>({ stack }: StackConfig, what: string, found: T | undefined): T {
  if (found !== undefined) return found;
  throw new Error(
    `the state of ${stack} has no ${what}; expected the one that pulumi up makes. Run pulumi up --stack ${stack} first, which dials no such host`,
  );
}
