import { existsSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { ConfigError } from "./errors";
import type { StackInput } from "./input";
import { CERTIFICATE } from "./listener";
import { ARCHIVE } from "./nginxSource";
import { parseStack } from "./parse";
import { ProjectFolder } from "./projectFolder";
import { toStackInput, type WrittenKey } from "./stackInput";
import type { LoginSecrets, StackConfig } from "./types";

/**
 * The stack that Pulumi is running.
 *
 * @throws pulumi.RunError for mistakes in the config: the CLI shows its message without a stack trace.
 */
export function readStack(): StackConfig {
  try {
    return parseStack(stackInput());
  } catch (error) {
    throw error instanceof ConfigError ? new pulumi.RunError(error.message) : error;
  }
}

/** What Pulumi's own config says, whichever file or program it was read from. */
export function stackInput(): StackInput {
  const config = Object.entries(pulumi.runtime.allConfig());
  return toStackInput(pulumi.getStack(), new ProjectFolder(projectFolder()), config.map(written));
}

/** The secrets of one host or bastion, marked secret; an empty object where it has none. */
export function loginSecrets(name: string): pulumi.Output<LoginSecrets> {
  const all = new pulumi.Config("lqpt").getSecretObject<Readonly<Record<string, LoginSecrets>>>("secrets");
  if (all === undefined) return pulumi.secret({});
  return all.apply((secrets) => (Object.hasOwn(secrets, name) ? (secrets[name] ?? {}) : {}));
}

/** The private key of `lqpt:listen.certificate`, marked secret. */
export function certificateKey(): pulumi.Output<string> {
  return secretText(CERTIFICATE, "key");
}

/** The password of `lqpt:nginx.archive`, marked secret. */
export function archivePassword(): pulumi.Output<string> {
  return secretText(ARCHIVE, "password");
}

/** One text under `lqpt:secrets`, which the parser has seen to be there. */
function secretText(owner: string, name: string): pulumi.Output<string> {
  const all = new pulumi.Config("lqpt").requireSecretObject<
    Readonly<Record<string, Readonly<Record<string, string>> | undefined>>
  >("secrets");
  return all.apply((secrets) => secrets[owner]?.[name] ?? "");
}

/**
 * The folder that holds Pulumi.yaml: the SDK's root directory where the language host passes it on
 * (older ones do not, and the SDK then answers with a placeholder), else the nearest one upwards.
 */
export function projectFolder(): string {
  const root = pulumi.runtime.getRootDirectory();
  return existsSync(join(root, "Pulumi.yaml")) ? root : ProjectFolder.above(process.cwd()).path;
}

function written([key, raw]: readonly [string, string]): WrittenKey {
  return { key, raw, encrypted: isSecret(key) };
}

/** The SDK exports this without declaring it; there is no declared way to ask. */
function isSecret(key: string): boolean {
  const runtime = pulumi.runtime as { readonly isConfigSecret?: (key: string) => boolean };
  return runtime.isConfigSecret?.(key) === true;
}
