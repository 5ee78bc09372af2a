import { stackInputFromFile } from "../../config/fromYaml";
import { parseStack } from "../../config/parse";
import type { ProjectFolder } from "../../config/projectFolder";
import type { HostConfig, StackConfig } from "../../config/types";
import { type DeliveryRemark, isUntouched } from "../../documents/delivery";
import type { HostRecord } from "../../documents/record";
import type { StatusInForce } from "../../documents/statusReport";
import { lqptctl } from "../../documents/tool";
import { askStatus } from "../askStatus";
import type { LoginRefusal } from "../dialErrors";
import { holderFindings } from "../holders";
import { loginSecretsOf } from "../loginSecrets";
import { pooled } from "../pool";
import { pulumiPrints } from "../pulumi";
import { readRecord, remarkOn } from "../remarks";
import { type HostKept, hostsInState } from "../stateOf";
import { type Finding, isDrift, judge } from "./judge";

/** A stack, read back. */
export interface StackRead {
  readonly stack: string;
  /** Undefined where its file has a mistake. */
  readonly config: StackConfig | undefined;
  /** Why nothing could be read of all of it. */
  readonly problem: string | undefined;
  readonly hosts: readonly HostRead[];
  /** What the state holds of hosts that the file does not name: an `up` would take lqpt away from them. */
  readonly others: ReadonlyMap<string, HostKept>;
}

/** One machine, read back. */
export interface HostRead {
  readonly host: string;
  readonly address: string;
  /** `recorded`: nobody dials it, and this is what its administrator sent last. */
  readonly how: "asked" | "silent" | "recorded" | "out";
  readonly findings: readonly Finding[];
  /** Why it did not answer. */
  readonly problem: string | undefined;
  /** Where it did not let a password in. */
  readonly refusal: LoginRefusal | undefined;
  /** What there is to say of a host that nobody dials. */
  readonly remark: DeliveryRemark | undefined;
  readonly status: StatusInForce | undefined;
  readonly record: HostRecord | undefined;
  /** What the stack's state says of it. */
  readonly kept: HostKept | undefined;
}

/** By host, what the state of a stack says; undefined where that is not known. */
type KeptOf = (stack: string) => ReadonlyMap<string, HostKept> | undefined;

/** Pulumi exports each stack's state in a process of its own. */
const STACKS = 4;

/**
 * Reads every host of some stacks back, and compares it with what the stack's state says. Nothing is changed anywhere. The
 * host is asked by an lqptctl that comes with the question: the one that is installed there may have been edited.
 *
 * @param told is called with each stack once all of it was read
 * @param keptOf what a stack's state says of its hosts, where that is known; default: Pulumi is asked
 */
export async function readBack(
  folder: ProjectFolder,
  stacks: readonly string[],
  told: (read: StackRead) => void = () => undefined,
  keptOf: KeptOf = () => undefined,
): Promise<StackRead[]> {
  return pooled(stacks, STACKS, async (stack) => {
    const read = await readStack(folder, stack, keptOf);
    told(read);
    return read;
  });
}

/** Whether something of a stack is not as it should be. */
export function isWrong({ problem, hosts }: StackRead): boolean {
  return problem !== undefined || hosts.some(isWrongHost);
}

/** The same of one host. */
export function isWrongHost({ how, remark, findings }: HostRead): boolean {
  return how === "silent" || remark?.outstanding === true || findings.some(isDrift);
}

async function readStack(folder: ProjectFolder, stack: string, keptOf: KeptOf): Promise<StackRead> {
  let config: StackConfig | undefined;
  try {
    config = parseStack(stackInputFromFile(folder, stack));
    return { stack, config, problem: undefined, ...(await readHosts(folder, config, keptOf)) };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return { stack, config, problem, hosts: [], others: new Map() };
  }
}

async function readHosts(
  folder: ProjectFolder,
  config: StackConfig,
  keptOf: KeptOf,
): Promise<Pick<StackRead, "hosts" | "others">> {
  const { stack, hosts } = config;
  if (hosts.length === 0) return { hosts: [], others: new Map() };
  const dialled = hosts.filter((host) => !isUntouched(host));
  const [kept, secrets] = await Promise.all([
    keptOf(stack) ?? keptInState(folder, stack),
    loginSecretsOf(folder.path, stack, dialled),
  ]);
  const asked = await askStatus(dialled, secrets, undefined, lqptctl().packed);
  const answers = new Map(asked.map((answer) => [answer.host.name, answer]));
  const ofPair = holderFindings(
    config,
    asked.map(({ host, said }) => ({ host: host.name, status: said })),
  );
  const others = new Map([...kept].filter(([name]) => !hosts.some((host) => host.name === name)));
  const reads = hosts.map((host): HostRead => {
    const answer = answers.get(host.name);
    if (answer === undefined) return untouched(folder, config, host);
    const known = { ...named(host), remark: undefined, record: undefined, kept: kept.get(host.name) };
    const { said, problem, refusal } = answer;
    if (said === undefined) {
      return { ...known, how: "silent", findings: [], problem, refusal, status: undefined };
    }
    const judged = judge({ id: config.id, host: host.name }, known.kept, said, Date.now());
    const findings = [...judged, ...ofPair];
    const status = said.owner === null ? undefined : said;
    return { ...known, how: "asked", findings, problem, refusal, status };
  });
  return { hosts: reads, others };
}

async function keptInState({ path }: ProjectFolder, stack: string): Promise<ReadonlyMap<string, HostKept>> {
  return hostsInState(await pulumiPrints(path, ["stack", "export", "--stack", stack]));
}

function named({ name, address }: HostConfig): Pick<HostRead, "host" | "address"> {
  return { host: name, address };
}

function untouched(folder: ProjectFolder, config: StackConfig, host: HostConfig): HostRead {
  return {
    ...{ ...named(host), how: host.state === "out" ? "out" : "recorded", findings: [] },
    ...{ problem: undefined, refusal: undefined, status: undefined, kept: undefined },
    remark: remarkOn(folder, config, host),
    record: readRecord(folder, config, host),
  };
}
