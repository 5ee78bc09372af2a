import type { HostConfig, StackConfig } from "../../config/types";
import { withConsent } from "../../documents/document";
import { renderBrought, renderCall, renderStdin } from "../../documents/remoteShell";
import { lqptctl } from "../../documents/tool";
import { applyWords, installWords } from "../../documents/toolCalls";
import { toPrintable } from "../../documents/report";
import type { ProjectFolder } from "../../config/projectFolder";
import { loginSecretsOf } from "../loginSecrets";
import { pooled } from "../pool";
import { type SecretsByName, Session } from "../session";
import { isDrift } from "./judge";
import type { HostRead, StackRead } from "./readBack";

/** What became of making one host equal to its stack's state again. */
export interface Repaired {
  readonly stack: string;
  readonly host: string;
  /** Why it was not done; undefined where it was. */
  readonly problem: string | undefined;
}

const POOL = 8;
/** As long as a run on a host may take at all. */
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
  const wrong = reads.flatMap(({ stack, config, hosts }) =>
    config === undefined
      ? []
      : hosts.filter(({ findings }) => findings.some(isDrift)).map((read) => ({ stack, config, read })),
  );
  return pooled(wrong, POOL, async ({ stack, config, read }) => {
    const problem = refusal(read) ?? (await makeEqual(folder, config, read, consent));
    const one = { stack, host: read.host, problem };
    told(one);
    return one;
  });
}

function refusal({ findings, kept }: HostRead): string | undefined {
  const has = (kind: string): boolean => findings.some((finding) => finding.kind === kind);
  if (kept?.document === undefined || has("never") || has("unfinished")) {
    return "its last `pulumi up` did not come to its end, so nobody knows which document it is to have: run pulumi up";
  }
  if (has("stranger"))
    return "another owner holds it; whichever of the two is right, the other must give it up";
  if (has("closed")) return "a person closed it; find out why, then run lqptctl open there";
  const { version } = lqptctl();
  if (kept.tool !== `lqptctl ${version}`) {
    return `its stack has ${kept.tool ?? "no lqptctl"}, and this program brings lqptctl ${version}: run pulumi up, or this with the program as it was`;
  }
  return undefined;
}

/** @returns why it did not come about. */
async function makeEqual(
  folder: ProjectFolder,
  config: StackConfig,
  { host: name, kept }: HostRead,
  consent: readonly string[],
): Promise<string | undefined> {
  const host = config.hosts.find((one) => one.name === name);
  if (host === undefined) return "the file has no such host any more";
  try {
    const secrets = await loginSecretsOf(folder.path, config.stack, [host]);
    const { packed, version } = lqptctl();
    const { sudo } = host;
    await call(host, secrets, renderBrought({ sudo, words: installWords(config, host) }), packed);
    const line = renderCall({ sudo, words: applyWords(version) });
    const document = withConsent(kept?.document ?? "", consent, "agreed to by lqpt drift --repair");
    // The second dial is the new connection that an armed firewall waits for.
    if ((await call(host, secrets, line, document, [0, ARMED])) === ARMED) {
      await call(host, secrets, line, document);
    }
    return undefined;
  } catch (error) {
    return toPrintable(error instanceof Error ? error.message : String(error));
  }
}

async function call(
  host: HostConfig,
  secrets: SecretsByName,
  line: string,
  content: string,
  fine: readonly number[] = [0],
): Promise<number> {
  const password = host.sudo === "password" ? (secrets[host.name]?.sudoPassword ?? "") : undefined;
  const session = await Session.dial(host, secrets);
  try {
    const { status, stderr } = await session.run(line, renderStdin(content, password), SECONDS);
    if (fine.includes(status)) return status;
    throw new Error(`lqptctl ended with ${status}: ${stderr.trim().split("\n").slice(-3).join("; ")}`);
  } finally {
    session.close();
  }
}
