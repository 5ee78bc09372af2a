import type { FirewallConfig, StackConfig } from "../../../config/types";
import { renderDocument } from "../../../documents/document";
import { lqptctl } from "../../../documents/tool";
import type { Client, Host } from "../../support/lab";
import type { Figures, Watched } from "../../support/agents/watch";
import { nft } from "../../support/nft";
import { PORT } from "../../support/samples";
import type { ProgramResult } from "../../support/programs";
import { sampleConfig, sampleHost, source } from "../../unit/sampleConfig";

/** The exit status of a program that SIGKILL ended. */
export const KILLED = 137;
/** lqptctl's own: firewalld was started and waits for a new SSH connection. */
export const ARMED = 13;

const OWNER = "--owner acme-7f3a --host proxy-1";
const TOOL = "/usr/local/sbin/lqptctl";
/** Longer than anything here takes on a busy machine. */
const RUN_MS = 300_000;

/** What a document of these tests may differ in. */
export interface Wanted {
  readonly allow: readonly string[];
  readonly port?: number;
  readonly remove?: readonly string[];
  readonly rollbackSeconds?: number;
  readonly mode?: FirewallConfig["mode"];
  readonly closes?: readonly string[];
}

/** The document of `proxy-1`, as its stack would render it. */
export function documentOf(wanted: Wanted): string {
  const { allow, port = PORT, remove = [], rollbackSeconds = 300, mode = "firewalld", closes = [] } = wanted;
  const base = sampleConfig();
  const config: StackConfig = {
    ...base,
    sources: allow.map((cidr) => source(cidr)),
    removals: remove.map((what) => ({ what, why: "is to go", from: "Pulumi.acme-prod.yaml" })),
    listen: { ...base.listen, port },
    firewall: { ...base.firewall, rollbackSeconds, mode, closes },
  };
  return renderDocument(config, sampleHost).text;
}

/** lqptctl on one host, called as a stack calls it, but without a stack. */
export class Tool {
  constructor(readonly host: Host) {}

  /** Brings the tool and nginx. `dieAt`: the step at which it ends itself; 0 for never. */
  async install(dieAt = 0): Promise<ProgramResult> {
    await this.host.write("/root/lqptctl", lqptctl().text);
    return this.run(`sh /root/lqptctl install ${OWNER} --port ${String(PORT)}`, dieAt);
  }

  async uninstall(dieAt = 0): Promise<ProgramResult> {
    return this.run(`${TOOL} uninstall ${OWNER}`, dieAt);
  }

  async remove(dieAt = 0): Promise<ProgramResult> {
    return this.run(`${TOOL} remove ${OWNER}`, dieAt);
  }

  async apply(wanted: Wanted, dieAt = 0): Promise<ProgramResult> {
    return this.run(`${TOOL} apply --tool ${lqptctl().version}`, dieAt, documentOf(wanted));
  }

  /** The same over an SSH connection of its own, without which a start of firewalld is never confirmed. */
  async dial(wanted: Wanted, dieAt = 0): Promise<ProgramResult> {
    await this.host.write("/root/document", documentOf(wanted));
    return this.host.ssh(
      `LQPT_DIE_AT=${String(dieAt)} ${TOOL} apply --tool ${lqptctl().version} </root/document`,
    );
  }

  /** `lqptctl VERB` as a person at the console calls it. */
  async at(words: string, dieAt = 0): Promise<ProgramResult> {
    return this.run(`${TOOL} ${words}`, dieAt);
  }

  /** Applies until the host has it, as an `up` does: over a second connection where firewalld was started. */
  async converge(wanted: Wanted): Promise<ProgramResult> {
    const first = await this.dial(wanted);
    return first.exitCode === ARMED ? this.dial(wanted) : first;
  }

  private async run(line: string, dieAt: number, input = ""): Promise<ProgramResult> {
    return this.host.exec(`LQPT_DIE_AT=${String(dieAt)} ${line}`, { input, timeoutMs: RUN_MS });
  }

  /** `status`, asked again for a minute, as it bids, while a timer's run is at work: on a busy machine one takes long. */
  private async statusAtRest(): Promise<ProgramResult> {
    for (let asked = 1; ; asked += 1) {
      const status = await this.host.exec(`${TOOL} status`);
      if (asked === 6 || !status.all.includes("another lqptctl is at work")) return status;
    }
  }

  /**
   * What is wrong where the host is to equal this document, one sentence a line: whom the kernel lets in, whom the zones'
   * files let in after a restart, and what the tool itself says.
   */
  async deviations({ allow, port = PORT }: Wanted): Promise<string[]> {
    const expected = [...allow].sort().join(" ");
    const inForce = await sourcesInForce(this.host, port);
    const status = await this.statusAtRest();
    const { equal, deviations } = (status.exitCode === 0 ? JSON.parse(status.stdout) : {}) as {
      equal?: boolean;
      deviations?: string[];
    };
    return [
      ...Object.entries(inForce)
        .filter(([, found]) => found !== expected)
        .map(([where, found]) => `${where}: ${found}; expected ${expected}`),
      ...(equal === true ? [] : [`status: ${(deviations ?? [status.all]).join("; ")}`]),
    ];
  }
}

/**
 * Whom the rich rules of all zones let in, sorted, and any other rule as it stands there. Read from the kernel and from
 * files: firewall-cmd costs a whole second of processor for the two lists, and tests ask after each death.
 */
async function sourcesInForce(host: Host, port: number): Promise<Record<"kernel" | "files", string>> {
  const kernel = await host.mustExec(nft("list ruleset"));
  const files = await host.mustExec("cat /etc/firewalld/zones/*.xml 2>/dev/null || true");
  const inKernel = kernel.matchAll(/ip saddr (\S+) (?:meta l4proto tcp )?(\S+ dport \S+) .*accept/g);
  const inFiles = files.matchAll(
    /<rule\b[^>]*>\s*(?:<source address="([^"]*)"\/>\s*<port (?=[^>]*protocol="(\w+)")[^>]*port="(\d+)"[^>]*>\s*<accept\/>|(.*?))\s*<\/rule>/gs,
  );
  const told = (source: string, what: string): string =>
    what === `tcp dport ${String(port)}` ? source : `${source} ${what}`;
  return {
    kernel: [...inKernel]
      .map(([, source = "", what = ""]) => told(source, what))
      .sort()
      .join(" "),
    files: [...inFiles]
      .map(
        ([, source = "", protocol = "", at = "", other]) => other ?? told(source, `${protocol} dport ${at}`),
      )
      .sort()
      .join(" "),
  };
}

export function ruleOf(address: string, port = PORT): string {
  return `rule family="ipv4" source address="${address}" port port="${String(port)}" protocol="tcp" accept`;
}

/** Somebody who tries all the time, and what may not come of it. */
export interface Post {
  readonly client: Client;
  readonly what: Watched;
  /** Which of the watch's figures must stay 0. */
  readonly never?: "handshakes" | "failed" | "succeeded";
  /** How long he may go without an answer, in milliseconds. */
  readonly gapMs?: number;
}

/** One try of somebody listed, and how long he may go without an answer. */
const PATIENCE_MS = 5000;

/** A stranger who must never get a handshake. */
export function outside(client: Client, host: Host, port = PORT, perSecond = 100): Post {
  return { client, what: { address: host.address, port, perSecond }, never: "handshakes" };
}

/** A stranger whom no filter turns away, and who must not get one byte. */
export function silent(client: Client, url: string): Post {
  return { client, what: { url, perSecond: 50 }, never: "succeeded" };
}

/** Somebody listed whose every request must be answered, fifty times a second. */
export function inside(client: Client, url: string): Post {
  return {
    client,
    what: { url, perSecond: 50, timeoutMs: PATIENCE_MS },
    never: "failed",
    gapMs: PATIENCE_MS,
  };
}

/** Somebody listed who is to be answered at one of two places, and where not, is to be soon again. */
export function insideEither(client: Client, url: string, other: string): Post {
  return { client, what: { url, other, perSecond: 20, timeoutMs: PATIENCE_MS }, gapMs: PATIENCE_MS };
}

/** Does something while all of them try, and adds what went wrong for whom to what went wrong in it. */
export async function guarded(posts: readonly Post[], act: () => Promise<string[]>): Promise<string[]> {
  const watches = await Promise.all(posts.map(({ client, what }) => client.watch(what)));
  const stopped: Figures[] = [];
  let wrong: string[] = [];
  try {
    wrong = await act();
  } finally {
    stopped.push(...(await Promise.all(watches.map((watch) => watch.stop()))));
  }
  const told = posts.map((post, index) => wrongAt(post, stopped[index]));
  console.info(posts.map(({ client }, index) => `${client.name}: ${line(stopped[index])}`).join("\n"));
  return [...wrong, ...told.filter((found) => found !== "")];
}

/** What is wrong with what somebody got, or nothing. */
function wrongAt({ client, what, never, gapMs }: Post, figures: Figures | undefined): string {
  if (figures === undefined || figures.attempts < (what.perSecond * figures.durationMs) / 2000) {
    return `${client.name} hardly tried: ${JSON.stringify(figures)}`;
  }
  const harmed =
    (never !== undefined && figures[never] !== 0) || (gapMs !== undefined && figures.longestGapMs >= gapMs);
  return harmed ? `${client.name}: ${never ?? "gaps"} ${JSON.stringify(figures)}` : "";
}

function line(figures: Figures | undefined): string {
  if (figures === undefined) return "nothing";
  const { attempts, handshakes, succeeded, failed, longestGapMs, durationMs } = figures;
  return `attempts ${String(attempts)}, handshakes ${String(handshakes)}, succeeded ${String(succeeded)}, failed ${String(failed)}, longest gap ${String(longestGapMs)} ms, in ${String(Math.round(durationMs / 1000))} s`;
}
