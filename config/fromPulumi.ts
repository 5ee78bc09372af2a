import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { readBaseFile, readBaseFileIfThere } from "./baseFiles";
import { ConfigError, type ConfigIssue, NOT_SHOWN } from "./errors";
import { CERTIFICATE } from "./listener";
import { ARCHIVE } from "./nginxSource";
import type { StackInput } from "./input";
import { parseStack, SECRET } from "./parse";
import { checkQuoting } from "./quoting";
import { isMapping } from "./read";
import type { LoginSecrets, StackConfig } from "./types";

const PREFIX = "lqpt:";

/** Keys that are text; Pulumi hands all others on as JSON. */
const TEXT_KEYS = ["id", "topology", "leqiId", "registeredIp", "publicAddress"];

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
  const stack = pulumi.getStack();
  const file = `Pulumi.${stack}.yaml`;
  const folder = projectFolder();
  const config = Object.entries(pulumi.runtime.allConfig()).filter(([key]) => key.startsWith(PREFIX));
  const misplaced = config.filter(([key]) => key !== `${PREFIX}secrets` && isSecret(key));
  const plain = config.filter((entry) => !misplaced.includes(entry));
  const values = Object.fromEntries(
    plain.map(([key, raw]) => [key.slice(PREFIX.length), readValue(key.slice(PREFIX.length), raw)]),
  );
  const quoting = checkQuoting(file, readIfThere(join(folder, file)), values);
  const issues = [...misplaced.map(([key]) => misplacedSecret(file, key)), ...quoting.issues];
  return {
    stack,
    file,
    values,
    bases: (environment) => readBaseFile(folder, environment),
    others: (environment) => readBaseFileIfThere(folder, environment),
    fileAt: (path) => fileAt(join(folder, path)),
    findings: { issues, warnings: [...quoting.warnings, ...plainSecrets(values)] },
  };
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

function fileAt(path: string): ReturnType<StackInput["fileAt"]> {
  try {
    const content = readFileSync(path);
    return { sha256: createHash("sha256").update(content).digest("hex"), bytes: content.length };
  } catch {
    return undefined;
  }
}

/**
 * The folder that holds Pulumi.yaml: the SDK's root directory where the language host passes it on
 * (older ones do not, and the SDK then answers with a placeholder), else the nearest one upwards.
 */
export function projectFolder(): string {
  const root = pulumi.runtime.getRootDirectory();
  if (existsSync(join(root, "Pulumi.yaml"))) return root;
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    if (existsSync(join(folder, "Pulumi.yaml"))) return folder;
    if (folder === dirname(folder)) {
      throw new Error(`no Pulumi.yaml in ${process.cwd()} or above it; run pulumi in the project's folder`);
    }
  }
}

function readValue(key: string, raw: string): unknown {
  if (TEXT_KEYS.includes(key)) return raw;
  const value = parseJson(raw);
  return key === "secrets" ? masked(value) : value;
}

/** Text that is no JSON stays text, for the schema to refuse: an error of the JSON parser would quote it. */
function parseJson(raw: string): unknown {
  try {
    return JSON.parse(raw) as unknown;
  } catch {
    return raw;
  }
}

/** The same shape with each text replaced, so that nothing after this can show one. */
function masked(value: unknown): unknown {
  if (typeof value === "string") return SECRET;
  if (Array.isArray(value)) return value.map(masked);
  if (!isMapping(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, masked(inner)]));
}

/** The SDK exports this without declaring it; there is no declared way to ask. */
function isSecret(key: string): boolean {
  const runtime = pulumi.runtime as { readonly isConfigSecret?: (key: string) => boolean };
  return runtime.isConfigSecret?.(key) === true;
}

function misplacedSecret(file: string, key: string): ConfigIssue {
  return {
    file,
    path: key,
    found: NOT_SHOWN,
    problem: "this is encrypted, and a reviewer could not read what is to be changed",
    allowed: "plain text; only lqpt:secrets holds secrets",
    next: `set it without --secret: pulumi config set --plaintext '${key}'`,
  };
}

function plainSecrets(values: Readonly<Record<string, unknown>>): readonly string[] {
  if (values["secrets"] === undefined || isSecret(`${PREFIX}secrets`)) return [];
  return [
    "lqpt:secrets is not encrypted; change what is in it, then set each anew with " +
      "`pulumi config set --secret --path`",
  ];
}

function readIfThere(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}
