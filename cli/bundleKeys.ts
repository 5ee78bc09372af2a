import type { StackConfig } from "../config/types";
import { joinPem, providedPem } from "../documents/listenerPem";
import { secretsOfStack } from "../fleet/loginSecrets";
import { pulumiPrints } from "../fleet/pulumi";
import { listenerInState } from "../fleet/stateOf";

/**
 * What `lqptctl keys` reads, decrypted by Pulumi: of a certificate of the customer's own from the stack's secrets, of a
 * self-signed one from its state.
 *
 * @param folder the one of Pulumi.yaml
 * @throws Error where Pulumi does not give it, or `pulumi up` did not make it yet.
 */
export async function listenerPemOf(folder: string, { stack, listen }: StackConfig): Promise<string> {
  if (listen.tls === "provided") {
    const { certificate } = await secretsOfStack(folder, stack);
    return providedPem(stack, listen.certificate ?? "", certificate?.key ?? "");
  }
  const exported = await pulumiPrints(folder, ["stack", "export", "--show-secrets", "--stack", stack]);
  const made = listenerInState(exported);
  if (made !== undefined) return joinPem(made.certificate, made.key);
  throw new Error(
    `the state of ${stack} has no certificate for its listener; expected the one that pulumi up makes. Run pulumi up --stack ${stack} first, which dials no such host`,
  );
}
