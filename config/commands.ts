import { showPath } from "./errors";
import { stackOf } from "./input";
import type { Place } from "./read";

// Each names its stack: without it Pulumi takes the one that was selected last, and a customer's key would become
// another's.

/**
 * How a secret is set. It comes from a file: an argument could be read by everybody on this machine.
 *
 * @param path for `--path`: `lqpt:secrets.proxy-1.privateKey`
 */
export function setSecret(stack: string, path: string): string {
  return `pulumi config set --stack ${stack} --secret --path ${quoted(path)} < FILE`;
}

/** The same of what a place in a stack's file is for. */
export function setSecretAt({ file, path }: Place): string {
  return setSecret(stackOf(file), showPath(path));
}

/** How what stands at a place is taken out. */
export function removeAt({ file, path }: Place): string {
  return `pulumi config rm --stack ${stackOf(file)} --path ${quoted(showPath(path))}`;
}

/** How a key that is no secret is set in plain text. */
export function setPlain(stack: string, key: string): string {
  return `pulumi config set --stack ${stack} --plaintext ${quoted(key)} VALUE`;
}

/** For a shell, whatever it holds: a key of a file may be anything, and whoever mends the file pastes the command. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
