import type { ConfigIssue } from "./errors";
import type { Environment } from "./types";

/** The file of a stack, beside Pulumi.yaml; an environment's own is one too. */
export function stackFile(stack: string): string {
  return `Pulumi.${stack}.yaml`;
}

/** The stack of such a file. */
export function stackOf(file: string): string {
  return file.replace(/^Pulumi\.(.+)\.yaml$/s, "$1");
}

/** Where it is written down what a host reported that nobody dials, below the same folder. It is committed as the stacks are. */
export function recordFile(stack: string, host: string): string {
  return `records/${stack}/${host}.json`;
}

/** One environment's own file, `Pulumi.prod.yaml`, read but not yet checked. */
export interface BaseFile {
  readonly file: string;
  /** The keys without `lqpt:`. */
  readonly values: Readonly<Record<string, unknown>>;
}

/** Everything that one stack's config consists of. */
export interface StackInput {
  /** The stack's name, `acme-prod`. */
  readonly stack: string;
  /** Shown in messages: `Pulumi.acme-prod.yaml`. */
  readonly file: string;
  /** The keys without `lqpt:`; under `secrets` each text is replaced by `SECRET`. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Called once for each environment inherited; may throw a `ConfigError`. */
  readonly bases: (environment: Environment) => BaseFile;
  /**
   * The same for each environment that is not inherited, so that its addresses are known for what they are.
   * Undefined where there is no such file; may throw a `ConfigError`.
   */
  readonly others: (environment: Environment) => BaseFile | undefined;
  /** A file below the folder of Pulumi.yaml, as it is now; undefined where it cannot be read. */
  readonly fileAt: (path: string) => { readonly sha256: string; readonly bytes: number } | undefined;
  /** Default true. False for what dials nobody, such as a form: then a secret that is not set yet is no mistake. */
  readonly needsSecrets?: boolean;
  /** By which certificates' dates are judged; default: the clock's. */
  readonly now?: Date;
  /** What whoever read the values found already; told together with the rest. */
  readonly findings?: { readonly issues: readonly ConfigIssue[]; readonly warnings: readonly string[] };
}
