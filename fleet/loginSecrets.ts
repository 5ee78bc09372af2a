import { neededSecrets } from "../config/logins";
import { isMapping } from "../config/read";
import type { HostConfig } from "../config/types";
import { tryJson } from "../documents/report";
import type { SecretsByName } from "./line";
import { runPulumi } from "./pulumi";

/**
 * The secrets that reaching some hosts takes, decrypted by Pulumi. Where none is needed Pulumi is not called, and needs
 * neither be there nor have its passphrase.
 *
 * @param folder the one of Pulumi.yaml
 * @throws Error in Pulumi's own words where it does not give them.
 */
export async function loginSecretsOf(
  folder: string,
  stack: string,
  hosts: readonly HostConfig[],
): Promise<SecretsByName> {
  const takesSecrets = hosts.some(
    (host) =>
      Object.keys(neededSecrets(host)).length > 0 ||
      (host.bastion !== undefined &&
        Object.keys(neededSecrets({ ...host.bastion, sudo: "none" })).length > 0),
  );
  if (!takesSecrets) return {};
  return secretsOfStack(folder, stack);
}

/**
 * All of a stack's secrets, decrypted by Pulumi.
 *
 * @throws Error in Pulumi's own words where it does not give them.
 */
export async function secretsOfStack(folder: string, stack: string): Promise<Decrypted> {
  const key = JSON.stringify([folder, stack]);
  const known = decrypted.get(key) ?? decrypt(folder, stack);
  decrypted.set(key, known);
  return known;
}

type Decrypted = SecretsByName & { readonly certificate?: { readonly key?: string } };

/** A rollout reads each host back twice, and Pulumi takes half a second of the processor to decrypt one stack's. */
const decrypted = new Map<string, Promise<Decrypted>>();

async function decrypt(folder: string, stack: string): Promise<Decrypted> {
  const { status, stdout, stderr } = await runPulumi(folder, [
    "config",
    "get",
    "lqpt:secrets",
    "--stack",
    stack,
  ]);
  if (status === 0) {
    const secrets = tryJson(stdout);
    // Whatever it is, none of it may be shown.
    if (!isMapping(secrets))
      throw new Error(`lqpt:secrets of ${stack}: expected a mapping of host to secrets`);
    return secrets as Decrypted;
  }
  throw new Error(
    `the secrets of ${stack} cannot be had: ${stderr.trim() || `pulumi ended with ${status}`}; expected Pulumi logged in, with the passphrase in PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE`,
  );
}
