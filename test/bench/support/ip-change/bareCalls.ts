import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { quoteWord } from "../../../../documents/toolCalls";
import type { Runner } from "../../../support/engine";
import type { Host, Lab } from "../../../support/lab";
import { SITE, ruleOf } from "./verify";

/**
 * One source put in another's place by one ssh and the least that could do it: nothing is checked before, nothing read
 * back after. Four calls of firewall-cmd, for it does not remove and add in one.
 */
export class BareCalls {
  private readonly folder: string;
  private readonly knownHosts: string;

  constructor(
    private readonly lab: Lab,
    private readonly runner: Runner,
    private readonly host: Host,
    /** What is dialled to reach it. */
    private readonly address: string,
  ) {
    this.folder = lab.folder;
    this.knownHosts = join(lab.folder, "bare-known-hosts");
    writeFileSync(this.knownHosts, `${address} ${host.hostKey("ed25519")}\n`);
  }

  /** Errors: the calls' own words; or that the lists differ by something else than one source. */
  async change(before: readonly string[], after: readonly string[]): Promise<void> {
    const from = theOneNotIn(after, before);
    const to = theOneNotIn(before, after);
    const site = join(this.folder, "bare-site");
    const text = await this.host.readFile(SITE);
    writeFileSync(site, text.replace(`    ${from} 1;\n`, `    ${to} 1;\n`));
    const calls = [
      ...["firewall-cmd", "firewall-cmd --permanent"].flatMap((command) => [
        `${command} --remove-rich-rule=${quoteWord(ruleOf(from))}`,
        `${command} --add-rich-rule=${quoteWord(ruleOf(to))}`,
      ]),
      `cat >${SITE}`,
      "nginx -t",
      "systemctl reload nginx",
    ];
    const { exitCode, all } = await this.runner.run(
      "sh",
      ["-c", 'site=$1; shift; exec ssh "$@" <"$site"', "sh", site, ...this.login(), calls.join(" && ")],
      { cwd: this.folder, env: {} },
    );
    if (exitCode !== 0) {
      throw new Error(`the bare calls over ssh ended with ${exitCode}, expected 0:\n${all}`);
    }
  }

  private login(): string[] {
    return [
      ...["-F", "none", "-i", this.lab.operatorKeyFile, "-o", "BatchMode=yes"],
      ...["-o", `UserKnownHostsFile=${this.knownHosts}`, `root@${this.address}`],
    ];
  }
}

function theOneNotIn(others: readonly string[], list: readonly string[]): string {
  const [one, ...more] = list.filter((source) => !others.includes(source));
  if (one === undefined || more.length > 0) {
    throw new Error(`found ${list.join(" ")} beside ${others.join(" ")}, expected one source to differ`);
  }
  return one;
}
