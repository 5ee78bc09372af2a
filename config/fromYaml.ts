import { ConfigError, showFound } from "./errors";
import { stackFile, type StackInput } from "./input";
import type { ProjectFolder } from "./projectFolder";
import { isMapping, type Mapping } from "./read";
import { toStackInput, type WrittenKey } from "./stackInput";
import { readYaml } from "./yaml";

/** What Pulumi allows; less a dot or a dash at the front, which a shell or a folder takes for something else. */
export const STACK_NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$/;

/**
 * A stack as its file says it, read without Pulumi: no passphrase, no state, no network. A secret is there or not, and
 * never decrypted.
 *
 * @throws ConfigError where there is no such file, or it is no YAML.
 */
export function stackInputFromFile(folder: ProjectFolder, stack: string): StackInput {
  const file = stackFile(stack);
  // Names of files are made of it, and not only this one's.
  const text = STACK_NAME.test(stack) ? folder.text(file) : undefined;
  if (text === undefined) throw noSuchStack(folder, stack);
  return toStackInput(stack, folder, writtenKeys(file, text));
}

/** Every key under `config:`, those of other programs too, as Pulumi would hand them on. */
export function writtenKeys(file: string, text: string): WrittenKey[] {
  return Object.entries(configOf(file, text)).map(written);
}

function configOf(file: string, text: string): Mapping {
  const content = readYaml(file, text);
  const config = isMapping(content) ? content["config"] : content;
  // `pulumi stack init` leaves a file without it.
  if (config === undefined || config === null) return {};
  if (isMapping(config)) return config;
  throw new ConfigError([
    { file, path: "config", found: showFound(config), allowed: "a mapping with keys as lqpt:id" },
  ]);
}

function written([key, value]: readonly [string, unknown]): WrittenKey {
  return {
    key,
    // A key with nothing behind it is an empty text to Pulumi.
    raw: typeof value === "string" ? value : value === null ? "" : JSON.stringify(sorted(opened(value))),
    encrypted: holdsCiphertext(value),
  };
}

/** How Pulumi writes an encrypted text: `{secure: …}`. */
function isCiphertext(value: unknown): boolean {
  return isMapping(value) && Object.keys(value).join() === "secure" && typeof value["secure"] === "string";
}

function holdsCiphertext(value: unknown): boolean {
  return isCiphertext(value) || (isObject(value) && Object.values(value).some(holdsCiphertext));
}

/** The same with a text where an encrypted one is: as Pulumi would hand it on, and as unreadable. */
function opened(value: unknown): unknown {
  if (isCiphertext(value)) return "";
  if (Array.isArray(value)) return value.map(opened);
  if (!isMapping(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, opened(inner)]));
}

/** Pulumi hands mappings on with their keys in the order of their bytes, and the first host is told apart by it. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isMapping(value)) return value;
  const keys = Object.keys(value).sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
  return Object.fromEntries(keys.map((key) => [key, sorted(value[key])]));
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function shownName(stack: string): string {
  return STACK_NAME.test(stack) ? stack : (showFound(stack) ?? "");
}

function noSuchStack(folder: ProjectFolder, stack: string): ConfigError {
  return new ConfigError([
    {
      file: stackFile(stack),
      path: "the file itself",
      found: undefined,
      problem: `there is no such file in ${folder.path}`,
      allowed: folder.stacks().map(shownName).join(", ") || "the name of a stack that has a file here",
    },
  ]);
}
