import type { z } from "zod";
import { ConfigError, type ConfigIssue } from "./errors";
import { readHosts } from "./logins";
import { Findings, Place, readEach } from "./read";
import { joinRemovals, readRemovals, type RemovalEntry } from "./removals";
import { requireForHosts } from "./required";
import { baseSchema, DEFAULT_ENDPOINT, DEFAULT_PORT, stackSchema } from "./schema";
import { type Entry, joinSources, readAllow, SOURCE_RULE } from "./sources";
import type { Environment, StackConfig } from "./types";

/** What stands for a secret's text wherever the parser or an error could see it. */
export const SECRET = "[secret]";

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
  /** What whoever read the values found already; told together with the rest. */
  readonly findings?: { readonly issues: readonly ConfigIssue[]; readonly warnings: readonly string[] };
}

type StackValues = Partial<z.output<typeof stackSchema>>;

type EffectiveLists = Pick<StackConfig, "sources" | "removals">;

/** The whitelist as one file says it. */
interface Lists {
  readonly allow: readonly Entry[];
  readonly removals: readonly RemovalEntry[];
}

/**
 * Checks a stack's config, fills in what it inherits and the defaults.
 *
 * @throws ConfigError with all mistakes of all files at once.
 */
export function parseStack(input: StackInput): StackConfig {
  const findings = new Findings();
  input.findings?.issues.forEach((issue) => findings.add(issue));
  findings.warnings.push(...(input.findings?.warnings ?? []));
  const place = new Place(input.file, findings);

  const values = readEach(stackSchema, input.values, place);
  checkEnvironments(input.stack, input.values, values, place);
  const hosts = readHosts(
    { hosts: values.hosts ?? {}, bastions: values.bastions ?? {}, secrets: values.secrets ?? {} },
    place,
  );
  if (input.values["hosts"] !== undefined) requireForHosts(values, input.values, hosts, place);
  const lists = readLists(input, values, place);

  if (findings.issues.length > 0) throw new ConfigError(findings.issues);
  return toConfig(input.stack, values, hosts, lists, findings.warnings);
}

function checkEnvironments(
  stack: string,
  written: BaseFile["values"],
  { environments }: StackValues,
  place: Place,
): void {
  if (written["environments"] === undefined) {
    place.at("environments").wrong(undefined, {
      allowed: "[prod], [sandbox], or [sandbox, prod] where one machine serves both",
    });
  } else if (isEnvironment(stack) && environments !== undefined && environments.join() !== stack) {
    place.at("environments").wrong(environments, {
      problem: `the stack ${stack} is that environment's own list, which others inherit`,
      allowed: `[${stack}]`,
    });
  }
}

function readLists(input: StackInput, values: StackValues, place: Place): EffectiveLists {
  const before = place.findings.issues.length;
  const own = listsOf(values, place);
  const inherited = inherits(input.stack, values)
    ? (values.environments ?? []).map((environment) => readBase(input, environment, place.findings))
    : [];
  const sources = joinSources(
    own.allow,
    inherited.flatMap(({ allow }) => allow),
    place.at("allow"),
  );
  const removals = joinRemovals(
    [own, ...inherited].flatMap((lists) => lists.removals),
    sources,
  );
  const allRead = values.environments !== undefined && place.findings.issues.length === before;
  if (sources.length === 0 && allRead) {
    place.at("allow").wrong(input.values["allow"], {
      problem: "nobody would be allowed to reach the proxy",
      allowed: `at least one source: ${SOURCE_RULE}`,
      next: "name each back end that calls this proxy, by the address that the proxy sees it come from",
    });
  }
  return { sources, removals };
}

/** A private cloud's proxy is for the customer's own back ends; an environment's own stack is what others inherit. */
function inherits(stack: string, values: StackValues): boolean {
  return values.topology !== "private-cloud" && !isEnvironment(stack);
}

function isEnvironment(stack: string): stack is Environment {
  return stack === "prod" || stack === "sandbox";
}

function listsOf(values: Pick<StackValues, "allow" | "remove">, place: Place): Lists {
  return {
    allow: readAllow(values.allow ?? {}, place.at("allow")),
    removals: readRemovals(values.remove ?? {}, place.at("remove")),
  };
}

function readBase(input: StackInput, environment: Environment, findings: Findings): Lists {
  try {
    const base = input.bases(environment);
    const place = new Place(base.file, findings);
    const values = readEach(baseSchema, base.values, place);
    checkEnvironments(environment, base.values, values, place);
    if (base.values["allow"] === undefined) {
      place.at("allow").wrong(undefined, { allowed: "the environment's egress IPs, each with its owner" });
    }
    return listsOf(values, place);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    error.issues.forEach((issue) => findings.add(issue));
    return { allow: [], removals: [] };
  }
}

/** Only for what has no mistake: every default is in the schema, or stands for a stack without hosts. */
function toConfig(
  stack: string,
  values: StackValues,
  hosts: StackConfig["hosts"],
  lists: EffectiveLists,
  warnings: readonly string[],
): StackConfig {
  const listen = { port: DEFAULT_PORT, bind: "0.0.0.0", ...values.listen, tls: values.listen?.tls ?? "none" };
  const { customer, site, leqi } = values;
  const endpoint = /^https:\/\/([^:]+)(?::(\d+))?$/.exec(leqi?.endpoint ?? DEFAULT_ENDPOINT);
  const [first] = hosts;
  return {
    stack,
    id: values.id ?? stack,
    environments: values.environments ?? [],
    topology: values.topology ?? "public-cloud",
    leqiId: values.leqiId,
    customer: customer && { name: customer.name, creditCode: customer.creditCode },
    registeredIp: values.registeredIp,
    publicAddress: values.publicAddress ?? (first && `http://${first.address}:${listen.port}`),
    ...lists,
    hosts,
    listen,
    site: { paths: site?.paths ?? [], methods: site?.methods ?? [] },
    nginx: { source: "package" },
    leqi: {
      host: endpoint?.[1] ?? "",
      port: Number(endpoint?.[2] ?? 443),
      addresses: leqi?.addresses ?? [],
    },
    firewall: { zone: values.firewall?.zone },
    ticket: values.change?.ticket,
    warnings,
  };
}
