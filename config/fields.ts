import { parseWindow, WINDOW_RULE } from "./changeWindow";
import * as v from "valibot";
import { isAddress, parseAddress } from "./addresses";
import { readCertificates } from "./certificates";
import { UNPRINTABLE } from "./errors";
import { GET_HOST_KEY, hostKeyProblem, withoutComment } from "./hostKey";
import { hostAddressProblem, isHostAddress } from "./hostAddress";
import { parsePorts, PORTS_RULE } from "./ports";
import { isMapping, keysRule, type Mapping, type ObjectSchema } from "./read";
import { fullWidthProblem, type Misspelling } from "./spelling";

// Every schema's one error text is its rule: what is allowed there, after a line feed what to do next, and after
// another what is wrong with the value. The reader (read.ts) adds file, path and what was found.

type Text = v.GenericSchema<string>;

const MAX_TEXT = 200;

/** A mapping with these keys and no others (the reader tells others). */
export function object<E extends v.ObjectEntries>(entries: E): ObjectSchema<E> {
  return v.object(entries, (issue) => ruleOfMissing(entries, issue) ?? keysRule(entries));
}

/** Where a key is missing, what its own schema says of that. */
function ruleOfMissing(entries: v.ObjectEntries, issue: v.ObjectIssue): string | undefined {
  const key = issue.path?.[0].key;
  const entry = typeof key === "string" ? entries[key] : undefined;
  return entry === undefined ? undefined : v.safeParse(entry, undefined).issues?.[0].message;
}

/** A mapping from names that the user chooses, read one by one elsewhere; `shown` says what they are. */
export function mapping(shown: string): v.GenericSchema<Mapping> {
  return v.custom<Mapping>(isMapping, `a mapping ${shown}`);
}

/** A list of at least one, none twice. */
export function list<T extends v.GenericSchema>(
  item: T,
  shown: string,
): v.GenericSchema<v.InferInput<T>[], v.InferOutput<T>[]> {
  const rule = `a list of ${shown}, at least one, none twice`;
  return v.pipe(optionalList(item, rule), v.minLength(1, rule));
}

/** A list, none twice. */
export function optionalList<T extends v.GenericSchema>(
  item: T,
  rule: string,
): v.GenericSchema<v.InferInput<T>[], v.InferOutput<T>[]> {
  return v.pipe(
    v.array(item, rule),
    v.check((items) => new Set(items).size === items.length, rule),
  );
}

/** One of these words; `later` are those that the contract knows and this version does not do. */
export function choice<const T extends readonly string[]>(
  values: T,
  later: readonly string[] = [],
): v.PicklistSchema<T, Spelt> {
  const allowed = values.join(", ");
  const rule = later.length === 0 ? allowed : `${allowed} (this version does not do ${later.join(", ")} yet)`;
  return v.picklist(
    values,
    spelt(
      rule,
      fullWidth((plain) => values.includes(plain)),
    ),
  );
}

export function text(pattern: RegExp, rule: string): Text {
  return v.pipe(
    v.string(rule),
    v.regex(
      pattern,
      spelt(
        rule,
        fullWidth((plain) => pattern.test(plain)),
      ),
    ),
  );
}

/** Text of a person, in any script: an owner, a reason, a name. */
export function line(what: string): Text {
  return checked(
    (value) => value.trim() !== "" && [...value].length <= MAX_TEXT && !UNPRINTABLE.test(value),
    `${what}: one line of 1 to ${MAX_TEXT} characters, none of them a control character`,
    // Full-width characters are what Chinese is written in.
    () => undefined,
  );
}

export function ipv4(what: string): Text {
  return checked(isAddress, `${what}: one IPv4 address, such as 203.0.113.10`, parseAddress);
}

export function port(what: string): v.GenericSchema<number> {
  return whole(1, 65535, what);
}

export function whole(min: number, max: number, what: string): v.GenericSchema<number> {
  const rule = `${what}: a whole number from ${min} to ${max}, without quotes`;
  const fits = (plain: string): boolean => Number(plain) >= min && Number(plain) <= max;
  return v.pipe(
    v.number(spelt(rule, fullWidth(fits))),
    v.integer(rule),
    v.minValue(min, rule),
    v.maxValue(max, rule),
  );
}

export function yesNo(what: string): v.BooleanSchema<string> {
  return v.boolean(`${what}: true or false, without quotes`);
}

/** One certificate or more, as PEM text; what it gives has no other lines. */
export function certificates(what: string): Text {
  const rule = `${what}: PEM text, -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----, once or more`;
  return v.pipe(
    v.string(rule),
    v.rawTransform(({ dataset, addIssue, NEVER }) => {
      const pem = readCertificates(dataset.value);
      if (pem !== undefined) return pem;
      addIssue({ message: rule });
      return NEVER;
    }),
  );
}

/** When a rollout may change something. */
export function changeWindow(): Text {
  return checked((value) => parseWindow(value) !== undefined, WINDOW_RULE);
}

/** A port or a range with its protocol, or one of these words. */
export function ports(words: readonly string[] = []): v.GenericSchema<string> {
  const holds = (value: string): boolean => words.includes(value) || parsePorts(value) !== undefined;
  return v.custom<string>(
    (value) => typeof value === "string" && holds(value),
    spelt([...words, PORTS_RULE].join(", "), fullWidth(holds)),
  );
}

/** Where sshd is dialled. */
export function hostAddress(): Text {
  return checked(isHostAddress, "an IPv4 address or a DNS name, such as 203.0.113.10", hostAddressProblem);
}

/** `scheme://host[:port]` and nothing after it. */
export function origin(schemes: readonly string[], rule: string): Text {
  const pattern = new RegExp(`^(?:${schemes.join("|")})://([^/:?#@]+)(?::([1-9]\\d{0,4}))?$`);
  return checked((value) => {
    const [, host, portText = "1"] = pattern.exec(value) ?? [];
    return host !== undefined && isHostAddress(host) && Number(portText) <= 65535;
  }, rule);
}

/** An SSH host key, without its comment. */
export function hostKey(): Text {
  const allowed = "ssh-ed25519 AAAA… or ecdsa-sha2-nistp256 AAAA… (or 384, 521)";
  return v.pipe(
    v.string((issue) =>
      issue.input === undefined
        ? `${allowed}; required, because without it any machine that answers at the address would be trusted\n${GET_HOST_KEY}`
        : `${allowed}\n${GET_HOST_KEY}`,
    ),
    v.rawTransform(({ dataset, addIssue, NEVER }) => {
      const wrong = hostKeyProblem(dataset.value);
      if (wrong === undefined) return withoutComment(dataset.value);
      addIssue({ message: `${allowed}\n${wrong.next}\n${wrong.problem}` });
      return NEVER;
    }),
  );
}

/** A text that holds to something, with what is wrong where it does not. */
export function checked(holds: (value: string) => boolean, rule: string, reasonOf?: ReasonOf): Text {
  return v.pipe(v.string(rule), v.check(holds, spelt(rule, reasonOf ?? fullWidth(holds))));
}

/** Why a text does not hold, where that can be told. */
type ReasonOf = (value: string) => Partial<Misspelling> | undefined;

/** An error text that depends on what was written, and the rule in it. */
type Spelt = ((issue: { readonly input: unknown }) => string) & { readonly rule: string };

function spelt(rule: string, reasonOf: ReasonOf): Spelt {
  const message = ({ input }: { readonly input: unknown }): string => {
    const wrong = typeof input === "string" ? reasonOf(input) : undefined;
    return wrong === undefined ? rule : [rule, wrong.next ?? "", wrong.problem ?? ""].join("\n");
  };
  return Object.assign(message, { rule });
}

/** The reason that any text may have: what an input method made of it. */
function fullWidth(holds: (plain: string) => boolean): ReasonOf {
  return (value) => fullWidthProblem(value, holds);
}
