import { checkInFront } from "./inFront";
import { parseWindow } from "./changeWindow";
import { checkBundles, checkRecords } from "./deliveries";
import { ConfigError, type ConfigIssue } from "./errors";
import { checkFirewall, toFirewall } from "./firewall";
import type { StackInput } from "./input";
import { checkEnvironments, type EffectiveLists, readLists } from "./lists";
import { checkListener, toListen } from "./listener";
import { readHosts } from "./logins";
import { readNginx } from "./nginxSource";
import { checkProxy, toProxy } from "./proxy";
import { Findings, Place, readEach } from "./read";
import { requireForHosts } from "./required";
import { stackSchema, type StackValues } from "./schema";
import type { StackConfig, VipConfig } from "./types";
import { readVip } from "./vip";

/** What stands for a secret's text wherever the parser or an error could see it. */
export const SECRET = "[secret]";

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
  checkFirewall(values, input.values, hosts, place);
  checkProxy(values, hosts, place);
  checkRecords(hosts, input, place);
  checkBundles(hosts, values, place);
  const nginx = readNginx(values, hosts, input, place);
  checkListener(values, hosts, place, input.now ?? new Date());
  const vip = readVip(values, hosts, place);
  const lists = readLists(input, values, place);
  checkInFront(values, lists.sources, place);

  const issues = findings.issues.filter((issue) => input.needsSecrets !== false || !isUnset(issue));
  if (issues.length > 0) throw new ConfigError(issues);
  return { ...toConfig(input.stack, values, { hosts, vip, lists }, findings.warnings), nginx };
}

/** A secret that is needed and not there; one that is wrong is found. */
function isUnset({ path, found }: ConfigIssue): boolean {
  return path.startsWith("lqpt:secrets.") && found === undefined;
}

/** What was read apart from the schema. */
interface Checked {
  readonly hosts: StackConfig["hosts"];
  readonly vip: VipConfig | undefined;
  readonly lists: EffectiveLists;
}

/** Only for what has no mistake: every default is in the schema, or stands for a stack without hosts. */
function toConfig(
  stack: string,
  values: StackValues,
  { hosts, vip, lists }: Checked,
  warnings: readonly string[],
): Omit<StackConfig, "nginx"> {
  const listen = toListen(values, hosts, vip);
  const scheme = listen.tls === "none" ? "http" : "https";
  const { customer } = values;
  const serving = hosts.find(({ state }) => state === "in") ?? hosts[0];
  const called = vip?.address ?? serving?.address;
  return {
    stack,
    id: values.id ?? stack,
    environments: values.environments ?? [],
    topology: values.topology ?? "public-cloud",
    leqiId: values.leqiId,
    customer: customer && { name: customer.name, creditCode: customer.creditCode },
    registeredIp: values.registeredIp,
    publicAddress: values.publicAddress ?? (called && `${scheme}://${called}:${listen.port}`),
    ...lists,
    hosts,
    listen,
    ...toProxy(values),
    health: { leqi: values.health?.leqi ?? false },
    firewall: toFirewall(values),
    vip,
    ticket: values.change?.ticket,
    window: values.change?.window === undefined ? undefined : parseWindow(values.change.window),
    warnings,
  };
}
