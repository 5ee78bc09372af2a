import type { StackConfig } from "../../config/types";
import { withConsent } from "../../documents/document";
import { lqptctl } from "../../documents/tool";
import { applyWords, installWords } from "../../documents/toolCalls";
import { toPrintable } from "../../documents/report";
import type { ProjectFolder } from "../../config/projectFolder";
import { callOn, type Question, stdoutOf } from "../askHosts";
import { loginSecretsOf } from "../loginSecrets";
import { pooled } from "../pool";
import { isDrift } from "./judge";
import { type HostRead, isWrongHost, type StackRead } from "./readBack";

/** What became of making one host equal to its stack's state again. */
export interface Repaired {
  readonly stack: string;
  readonly host: string;
  /** Undefined where it was done. */
  readonly refusal: Refusal | undefined;
}

/**
 * Why a host was not made equal:
 *
 * - `unfinished`: its last `up` did not come to its end
 * - `stranger`: another owner's document is in force there
 * - `closed`: a person at the console closed it
 * - `tool`: its stack has another lqptctl than this program brings
 * - `failed`: it was tried
 * - `still`: the document was applied anew, and the host is not what its stack says for all that
 */
export interface Refusal {
  readonly kind: "unfinished" | "stranger" | "closed" | "tool" | "failed" | "still";
  /** In the host's own words, or the value in question. */
  readonly detail: string;
  /** Of `tool`: the version that this program brings. */
  readonly brought?: string;
}

const POOL = 8;
/** As long as a run on a host may take at all, and a minute for the way. */
const SECONDS = 960;
/** firewalld was started and waits for a new connection. */
const ARMED = 13;

/**
 * Makes hosts equal again to what their stack's state says: the same document, through the same lqptctl, as the last
 * `up` did it. Hosts where that is not the answer are left alone, each with why.
 *
 * @param consent what somebody put there by hand and may be taken away, as under lqpt:remove: without it lqptctl refuses
 */
export async function repair(
  folder: ProjectFolder,
  reads: readonly StackRead[],
  consent: readonly string[],
  told: (one: Repaired) => void,
): Promise<Repaired[]> {
  const repaired = await pooled(reads, POOL, async ({ stack, config, hosts }) => {
    const all: Repaired[] = [];
    if (config === undefined) return all;
    // One after the other, as an `up` changes them, so that the others serve meanwhile.
    for (const read of hosts.filter(({ findings }) => findings.some(isDrift))) {
      const refusal = refusalOf(read) ?? (await makeEqual(folder, config, read, consent));
      const one = { stack, host: read.host, refusal };
      told(one);
      all.push(one);
    }
    return all;
  });
  return repaired.flat();
}

/** The same once the hosts were read back: lqptctl's word that it is done is not taken for it. */
export function proved(repairs: readonly Repaired[], reads: readonly StackRead[]): Repaired[] {
  return repairs.map((one) => {
    const read = reads.find(({ stack }) => stack === one.stack);
    const host = read?.hosts.find(({ host: name }) => name === one.host);
    const isEqual = host !== undefined && !isWrongHost(host);
    return one.refusal !== undefined || isEqual ? one : { ...one, refusal: { kind: "still", detail: "" } };
  });
}

function refusalOf({ findings, kept }: HostRead): Refusal | undefined {
  const has = (kind: string): boolean => findings.some((finding) => finding.kind === kind);
  if (kept?.document === undefined || has("never") || has("unfinished")) {
    return { kind: "unfinished", detail: "" };
  }
  if (has("stranger")) return { kind: "stranger", detail: "" };
  if (has("closed")) return { kind: "closed", detail: "" };
  const { version } = lqptctl();
  return kept.tool === `lqptctl ${version}`
    ? undefined
    : { kind: "tool", detail: kept.tool ?? "", brought: version };
}

/** @returns why it did not come about. */
async function makeEqual(
  folder: ProjectFolder,
  config: StackConfig,
  { host: name, kept }: HostRead,
  consent: readonly string[],
): Promise<Refusal | undefined> {
  const host = config.hosts.find((one) => one.name === name);
  if (host === undefined) return { kind: "failed", detail: "the file has no such host any more" };
  try {
    const secrets = await loginSecretsOf(folder.path, config.stack, [host]);
    const { packed, version } = lqptctl();
    const call = async (question: Omit<Question, "seconds">, fine: readonly number[]): Promise<number> => {
      const ran = await callOn(host, secrets, { ...question, seconds: SECONDS });
      stdoutOf(ran, fine);
      return ran.status;
    };
    await call({ words: installWords(config, host), tool: packed }, [0]);
    const document = withConsent(kept?.document ?? "", consent, "agreed to by lqpt drift --repair");
    const apply = { words: applyWords(version), stdin: document };
    // The second dial is the new connection that an armed firewall waits for.
    if ((await call(apply, [0, ARMED])) === ARMED) await call(apply, [0]);
    return undefined;
  } catch (error) {
    return { kind: "failed", detail: toPrintable(error instanceof Error ? error.message : String(error)) };
  }
}
