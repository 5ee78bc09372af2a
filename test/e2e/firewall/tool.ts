import { quoteWord } from "../../../documents/toolCalls";
import type { FirewallConfig } from "../../../config/types";
import { renderDocument } from "../../../documents/document";
import { lqptctl } from "../../../documents/tool";
import { PORT } from "../../support/samples";
import type { Host } from "../../support/lab";
import type { ProgramResult } from "../../support/programs";
import { sampleConfig, sampleFirewall, sampleHost, source } from "../../unit/sampleConfig";

export const LQPTCTL = "/usr/local/sbin/lqptctl";
export const SITE = "/etc/nginx/conf.d/lqpt.conf";

const SAMPLE = sampleConfig();

/** The document of the sample stack's host with these sources, without Pulumi. */
export function documentFor(
  host: Host,
  sources: readonly string[],
  firewall: Partial<FirewallConfig> = {},
): string {
  const config = sampleConfig({
    sources: sources.map((cidr) => source(cidr)),
    firewall: { ...sampleFirewall, ...firewall },
  });
  return renderDocument(config, { ...sampleHost, name: host.name }).text;
}

/** A whole `lqptctl apply` over an SSH connection of its own, as `pulumi up` dials it. */
export async function apply(host: Host, document: string): Promise<ProgramResult> {
  await host.write("/run/document", document, "600");
  return host.ssh(applyLine());
}

/** The same, and an error where it does not end with 0. */
export async function mustApply(host: Host, document: string): Promise<void> {
  await succeeds(apply(host, document));
}

/** The line that applies what `apply` or a test wrote to the host. */
export function applyLine(): string {
  return `${LQPTCTL} apply --tool ${quoteWord(lqptctl().version)} </run/document`;
}

/** Brings nginx and the tool, as the stack's first Command does. */
export async function bring(host: Host): Promise<void> {
  await host.write("/root/lqptctl", lqptctl().text, "700");
  const { id } = SAMPLE;
  await succeeds(
    host.ssh(
      `sh /root/lqptctl install --owner ${id} --host ${host.name} --port ${PORT}; s=$?; rm /root/lqptctl; exit $s`,
    ),
  );
}

/** `lqptctl VERB` as a person at the console calls it. */
export async function atConsole(host: Host, words: string): Promise<ProgramResult> {
  return host.exec(`${LQPTCTL} ${words}`);
}

/** The same, and an error where it does not end with 0; what it printed. */
export async function mustAtConsole(host: Host, words: string): Promise<string> {
  return (await succeeds(atConsole(host, words))).stdout;
}

/** `lqptctl status`, as far as tests look at it. */
export interface Status {
  readonly equal: boolean | null;
  readonly deviations: readonly string[];
  readonly closed: string | null;
  readonly mode: string;
  readonly zone: string;
  readonly port: number;
  readonly whitelist: readonly {
    readonly source: string;
    readonly since: string | null;
    readonly until: number | null;
    readonly firstSeen: string | null;
    readonly lastSeen: string | null;
    readonly requests: number;
  }[];
  readonly refusedByNginx: readonly { readonly peer: string; readonly requests: number }[];
}

export async function status(host: Host): Promise<Status> {
  return JSON.parse(await mustAtConsole(host, "status")) as Status;
}

async function succeeds(run: Promise<ProgramResult>): Promise<ProgramResult> {
  const result = await run;
  if (result.exitCode !== 0) {
    throw new Error(`lqptctl ended with ${result.exitCode}, expected 0:\n${result.all}`);
  }
  return result;
}
