import type { ProjectFolder } from "../../config/projectFolder";
import { isUntouched } from "../../documents/delivery";
import type { HostConfig } from "../../config/types";
import type { Answer } from "../askHosts";
import { askStatus } from "../askStatus";
import { loginSecretsOf } from "../loginSecrets";
import { pooled } from "../pool";
import type { StackPlan } from "./plan";
import type { Fleet } from "./rendered";

/** When a source that is to go last called, by one host's own log. */
export interface Seen {
  readonly source: string;
  readonly stack: string;
  readonly host: string;
  /** ISO 8601; null where it did not call in as long as the log goes back. */
  readonly lastSeen: string | null;
  readonly requests: number;
  /** Why the host did not say; then nothing is known. */
  readonly problem?: string;
}

/** How many stacks' hosts are asked at a time: Pulumi decrypts each one's secrets in a process of its own. */
const STACKS = 4;

/**
 * Asks the hosts of each stack that cuts a source when that source last called.
 *
 * @param before the older revision: its hosts are those that know
 * @param told is called with each answer as it comes
 * @throws Error where a stack's secrets cannot be had.
 */
export async function whenSeen(
  folder: ProjectFolder,
  stacks: readonly StackPlan[],
  before: Fleet,
  told: (answer: Answer<unknown>) => void,
): Promise<Seen[]> {
  const asked = await pooled(stacks, STACKS, (plan) =>
    seenIn(folder, plan, hostsThatKnow(plan, before), told),
  );
  return asked.flat();
}

/** The hosts of a stack as it was, but for those that nobody dials. */
export function hostsThatKnow({ stack }: StackPlan, before: Fleet): HostConfig[] {
  return (before.get(stack)?.sound?.config.hosts ?? []).filter((host) => !isUntouched(host));
}

/** Stacks where somebody is to be cut who is let in by nothing else. */
export function cutting(stacks: readonly StackPlan[]): StackPlan[] {
  return stacks.filter((plan) => goneFrom(plan).length > 0);
}

function goneFrom({ changes }: StackPlan): string[] {
  return changes
    .filter(({ of, sign, within }) => of === "source" && sign === "-" && within === undefined)
    .map(({ what }) => what);
}

async function seenIn(
  folder: ProjectFolder,
  plan: StackPlan,
  hosts: readonly HostConfig[],
  told: (answer: Answer<unknown>) => void,
): Promise<Seen[]> {
  const { stack } = plan;
  const secrets = await loginSecretsOf(folder.path, stack, hosts);
  const answers = await askStatus(hosts, secrets, told);
  return answers.flatMap(({ host, said, problem }) =>
    goneFrom(plan).map((source): Seen => {
      const nothing = { source, stack, host: host.name, lastSeen: null, requests: 0 };
      if (problem !== undefined) return { ...nothing, problem };
      const list = said.owner === null ? [] : said.whitelist;
      const { lastSeen = null, requests = 0 } = list.find((entry) => entry.source === source) ?? {};
      return { ...nothing, lastSeen, requests };
    }),
  );
}
