import { ConfigError } from "./errors";
import { toFirewall } from "./firewall";
import { type ForeignList, guardSources, type Limits, warnOfExamples } from "./guards";
import type { BaseFile, StackInput } from "./input";
import { keepChecksApart, keepFrontendsApart } from "./inFront";
import { Findings, Place, readEach } from "./read";
import { joinRemovals, readRemovals, type RemovalEntry } from "./removals";
import { baseSchema, MIN_WIDEST, type StackValues } from "./schema";
import { type Entry, joinSources, readAllow, SOURCE_RULE } from "./sources";
import type { Environment, StackConfig } from "./types";

export type EffectiveLists = Pick<StackConfig, "sources" | "removals">;

/** The whitelist as one file says it. */
interface Lists {
  readonly allow: readonly Entry[];
  readonly removals: readonly RemovalEntry[];
}

const ENVIRONMENTS: readonly Environment[] = ["sandbox", "prod"];

/** Reads who may reach the port and what is to go, from the stack's file and those that it inherits. */
export function readLists(input: StackInput, values: StackValues, place: Place): EffectiveLists {
  const before = place.findings.issues.length;
  const own = listsOf(values, place);
  const inherited = inherits(input.stack, values)
    ? (values.environments ?? []).map((environment) => readBase(input, environment, place.findings))
    : [];
  const limits = limitsOf(input, values, place.findings);
  const ownAllow = guardSources(own.allow, limits);
  const inheritedAllow = inherited.flatMap(({ allow }) => guardSources(allow, limits));
  const written = [...ownAllow, ...inheritedAllow];
  keepFrontendsApart(written);
  keepChecksApart(written);
  const sources = joinSources(ownAllow, inheritedAllow, place.at("allow"));
  warnOfExamples(written, place.at("allow"));
  const removals = joinRemovals(
    [own, ...inherited].flatMap((lists) => lists.removals),
    sources,
  );
  const allRead = values.environments !== undefined && place.findings.issues.length === before;
  if (sources.every(({ kind }) => kind === "healthcheck") && allRead) {
    place.at("allow").wrong(input.values["allow"], {
      problem: "nobody would be allowed to reach the proxy",
      allowed: `at least one source: ${SOURCE_RULE}`,
      next: "name each back end that calls this proxy, by the address that the proxy sees it come from",
    });
  }
  return { sources, removals };
}

export function checkEnvironments(
  stack: string,
  written: BaseFile["values"],
  { environments }: Pick<StackValues, "environments">,
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

/** A private cloud's proxy is for the customer's own back ends; an environment's own stack is what others inherit. */
function inherits(stack: string, values: StackValues): boolean {
  return values.topology !== "private-cloud" && !isEnvironment(stack);
}

/** Whether a stack is one of the lists that others inherit, rather than a customer's. */
export function isEnvironment(stack: string): stack is Environment {
  return stack === "prod" || stack === "sandbox";
}

/** What a mistake leaves unknown is not guarded: that mistake is told, and this would only follow from it. */
function limitsOf(input: StackInput, values: StackValues, findings: Findings): Limits {
  const unknown = input.values["topology"] !== undefined && values.topology === undefined;
  return {
    topology: unknown ? undefined : (values.topology ?? "public-cloud"),
    widest: unknown || values.firewall === undefined ? MIN_WIDEST : toFirewall(values).widest,
    foreign: unknown ? [] : readForeign(input, values, findings),
  };
}

/** The environments whose addresses have no business in a stack: in a private cloud all of them. */
export function strangers(
  environments: readonly Environment[],
  topology: StackConfig["topology"] | undefined,
): Environment[] {
  return ENVIRONMENTS.filter((one) => topology === "private-cloud" || !environments.includes(one));
}

/** What their lists hold. */
function readForeign(input: StackInput, values: StackValues, findings: Findings): ForeignList[] {
  const { environments, topology } = values;
  if (environments === undefined) return [];
  return strangers(environments, topology).flatMap((environment) => {
    if (environment === input.stack) return [];
    try {
      const base = input.others(environment);
      if (base === undefined) return [];
      // Mistakes in a list that this stack has no part in are that list's own.
      const place = new Place(base.file, new Findings());
      return [{ environment, entries: listsOf(readEach(baseSchema, base.values, place), place).allow }];
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      const [issue] = error.issues;
      findings.warnings.push(
        `the list of ${environment} could not be read, so nobody can tell whether an address here is one of its: ` +
          `${issue?.file ?? ""}, ${issue?.path ?? ""}: ${issue?.problem ?? `allowed is ${issue?.allowed ?? ""}`}`,
      );
      return [];
    }
  });
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
