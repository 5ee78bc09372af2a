import type { ProjectFolder } from "../config/projectFolder";
import type { HostConfig, StackConfig } from "../config/types";
import type { HistoryEntry } from "../documents/historyReport";
import { STATUS_WORDS } from "../words/status";
import type { Answer } from "./askHosts";
import { askHistory, askStatus } from "./askStatus";
import { strangerOf } from "./findings";
import { loginSecretsOf } from "./loginSecrets";
import { recordedOf } from "./remarks";

/** Until a host must have told its history. */
const SECONDS = 120;

/** What was read from one host, or recorded of it. */
export interface HostEvidence {
  readonly name: string;
  readonly address: string;
  /** Whether it was asked now, or this is what it reported some time ago. */
  readonly from: "host" | "record";
  /** Who may reach it, with since when where that is known. */
  readonly whitelist: readonly { readonly source: string; readonly since: string | null }[];
  /** Oldest first. */
  readonly history: readonly HistoryEntry[];
}

/** @throws Error where the application would have gaps. */
export function refuseGaps({ customer, registeredIp, stack, hosts, firewall }: StackConfig): void {
  if (firewall.mode === "external") {
    throw new Error(
      `${stack} has lqpt:firewall.mode external, so anybody may get a handshake on the port, and the application would say that nobody does; write it yourself, or let firewalld be the lock`,
    );
  }
  const gaps = [
    ...(customer === undefined ? ["lqpt:customer"] : []),
    ...(registeredIp === undefined ? ["lqpt:registeredIp"] : []),
    ...(hosts.length === 0 ? ["lqpt:hosts"] : []),
  ];
  if (gaps.length === 0) return;
  throw new Error(
    `${stack} has no ${gaps.join(", ")}; expected them in its file: the application names them`,
  );
}

/**
 * What the hosts say of themselves, where it may be sworn to.
 *
 * @param told is called with each answer as it comes
 * @throws Error where a host does not answer, is held as another, or is not as its document says.
 */
export async function evidenceOf(
  folder: ProjectFolder,
  config: StackConfig,
  hosts: readonly HostConfig[],
  told: (answer: Answer<unknown>) => void,
): Promise<HostEvidence[]> {
  const secrets = await loginSecretsOf(folder.path, config.stack, hosts);
  const statuses = await askStatus(hosts, secrets, told);
  const histories = await askHistory(hosts, secrets, SECONDS);
  return statuses.map(({ host, said, problem }, index) => {
    const history = histories[index];
    if (said === undefined) throw new Error(`${host.name}: ${problem}`);
    if (history?.said === undefined) throw new Error(`${host.name}: ${history?.problem ?? "no history"}`);
    if (said.owner === null) {
      throw new Error(
        `${host.name}: nothing is in force there, so nobody knows who gets in; pulumi up first`,
      );
    }
    // The application is about this machine, and says that the port is open to nobody else: that must be true when it is stamped.
    const stranger = strangerOf(config, host, said);
    if (stranger !== undefined)
      throw new Error(`${host.name}: ${STATUS_WORDS.en.findings.stranger(stranger)}`);
    const [deviation] = said.deviations;
    if (deviation !== undefined) {
      throw new Error(`${host.name}: ${deviation}. Mend that first: lqpt drift ${config.stack} --repair`);
    }
    const { name, address } = host;
    return { name, address, from: "host", whitelist: said.whitelist, history: history.said };
  });
}

/** @throws Error where nothing is known of it. */
export function recordedEvidence(folder: ProjectFolder, config: StackConfig, host: HostConfig): HostEvidence {
  const record = recordedOf(folder, config, host);
  if (record === undefined) {
    throw new Error(
      `${host.name}: nobody dials it, and nothing is recorded of it, so nobody knows who gets in there. Have its report sent and recorded (lqpt record), or take it out of the file where it is gone for good`,
    );
  }
  const whitelist = record.whitelist.map((source) => ({ source, since: null }));
  return { name: host.name, address: host.address, from: "record", whitelist, history: [] };
}
