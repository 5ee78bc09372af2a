import { z } from "zod";
import { isAddress } from "./addresses";
import { readCertificates } from "./certificates";
import { UNPRINTABLE } from "./errors";
import { GET_HOST_KEY, hostKeyProblem, withoutComment } from "./hostKey";
import { parsePorts, PORTS_RULE } from "./ports";

// Every schema's one error text is what is allowed there, and after a line feed what to do next:
// the reader (read.ts) adds file, path and what was found.

const MAX_TEXT = 200;

/** A mapping with these keys and no others. */
export function object<S extends z.ZodRawShape>(shape: S): z.ZodObject<S, z.core.$strict> {
  const keys = Object.keys(shape).join(", ");
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === "unrecognized_keys" ? `the keys ${keys}` : `a mapping with the keys ${keys}`,
  });
}

/** A mapping from names that the user chooses; `shown` says what they are. */
export function mapping<V extends z.ZodType>(value: V, shown: string): z.ZodRecord<z.ZodString, V> {
  return z.record(z.string(), value, { error: `a mapping ${shown}` });
}

/** A list of at least one, none twice. */
export function list<T extends z.ZodType>(item: T, shown: string): z.ZodArray<T> {
  const error = `a list of ${shown}, at least one, none twice`;
  return optionalList(item, error).min(1, { error });
}

/** A list, none twice. */
export function optionalList<T extends z.ZodType>(item: T, error: string): z.ZodArray<T> {
  return z.array(item, { error }).refine((items) => new Set(items).size === items.length, { error });
}

/** One of these words; `later` are those that the contract knows and this version does not do. */
export function choice<const T extends readonly [string, ...string[]]>(
  values: T,
  later: readonly string[] = [],
): z.ZodEnum<z.core.util.ToEnum<T[number]>> {
  const allowed = values.join(", ");
  const error =
    later.length === 0 ? allowed : `${allowed} (this version does not do ${later.join(", ")} yet)`;
  return z.enum(values, { error });
}

export function text(pattern: RegExp, error: string): z.ZodString {
  return z.string({ error }).regex(pattern, { error });
}

/** Text of a person, in any script: an owner, a reason, a name. */
export function line(what: string): z.ZodString {
  const error = `${what}: one line of 1 to ${MAX_TEXT} characters, none of them a control character`;
  return z
    .string({ error })
    .refine((value) => value.trim() !== "" && [...value].length <= MAX_TEXT && !UNPRINTABLE.test(value), {
      error,
    });
}

export function ipv4(what: string): z.ZodString {
  const error = `${what}: one IPv4 address, such as 203.0.113.10`;
  return z.string({ error }).refine(isAddress, { error });
}

export function port(what: string): z.ZodInt {
  return whole(1, 65535, what);
}

export function whole(min: number, max: number, what: string): z.ZodInt {
  const error = `${what}: a whole number from ${min} to ${max}, without quotes`;
  return z.int({ error }).min(min, { error }).max(max, { error });
}

export function yesNo(what: string): z.ZodBoolean {
  return z.boolean({ error: `${what}: true or false, without quotes` });
}

/** One certificate or more, as PEM text; what it gives has no other lines. */
export function certificates(what: string): z.ZodPipe<z.ZodString, z.ZodTransform<string, string>> {
  const allowed = `${what}: PEM text, -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----, once or more`;
  return z.string({ error: allowed }).transform((value, context) => {
    const pem = readCertificates(value);
    if (pem !== undefined) return pem;
    context.addIssue({ code: "custom", message: allowed, input: value });
    return z.NEVER;
  });
}

/** A port or a range with its protocol, or one of these words. */
export function ports(words: readonly string[] = []): z.ZodType<string> {
  const error = [...words, PORTS_RULE].join(", ");
  return z.custom<string>(
    (value) => typeof value === "string" && (words.includes(value) || parsePorts(value) !== undefined),
    { error },
  );
}

const LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
// The last label of a name has a letter: what consists of numbers only is a mistyped address.
const DNS_NAME = new RegExp(`^(?=.{1,253}$)(?:${LABEL}\\.)*(?=[0-9-]*[A-Za-z])${LABEL}$`);

export function isHostAddress(value: string): boolean {
  return isAddress(value) || DNS_NAME.test(value);
}

/** Where sshd is dialled. */
export function hostAddress(): z.ZodString {
  const error = "an IPv4 address or a DNS name, such as 203.0.113.10";
  return z.string({ error }).refine(isHostAddress, { error });
}

/** `scheme://host[:port]` and nothing after it. */
export function origin(schemes: readonly string[], error: string): z.ZodString {
  const pattern = new RegExp(`^(?:${schemes.join("|")})://([^/:?#@]+)(?::([1-9]\\d{0,4}))?$`);
  return z.string({ error }).refine(
    (value) => {
      const [, host, portText = "1"] = pattern.exec(value) ?? [];
      return host !== undefined && isHostAddress(host) && Number(portText) <= 65535;
    },
    { error },
  );
}

/** An SSH host key, without its comment. */
export function hostKey(): z.ZodPipe<z.ZodString, z.ZodTransform<string, string>> {
  const allowed = "ssh-ed25519 AAAA… or ecdsa-sha2-nistp256 AAAA… (or 384, 521)";
  return z
    .string({
      error: (issue) =>
        issue.input === undefined
          ? `${allowed}; required, because without it any machine that answers at the address would be trusted\n${GET_HOST_KEY}`
          : `${allowed}\n${GET_HOST_KEY}`,
    })
    .transform((value, context) => {
      const wrong = hostKeyProblem(value);
      if (wrong === undefined) return withoutComment(value);
      const params = { problem: wrong.problem };
      context.addIssue({ code: "custom", message: `${allowed}\n${wrong.next}`, params, input: value });
      return z.NEVER;
    });
}
