import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Runner } from "../../../support/engine";
import type { Host, Lab } from "../../../support/lab";
import { bringProgram } from "../../../support/prepare";

/** Installs Debian's Ansible where there is none; takes a minute once. Errors: what to install by hand. */
export async function bringAnsible(): Promise<void> {
  await bringProgram(console.error, "ansible-playbook", "ansible");
}

/** A host, and what is dialled to reach it. */
export interface Reached {
  readonly host: Host;
  readonly address: string;
}

/** What an administrator has who keeps hosts with Ansible: an inventory, the list in a file of it, our playbook. */
export class Ansible {
  private readonly inventory: string;
  private readonly home: string;
  private runs = 0;

  constructor(
    lab: Lab,
    private readonly runner: Runner,
    /** All are changed at a time. */
    private readonly machines: readonly Reached[],
    /** One of the configurations beside this file. */
    private readonly configuration: "defaults" | "tuned",
  ) {
    this.home = join(lab.folder, `ansible-${configuration}`);
    this.inventory = join(this.home, "inventory");
    mkdirSync(join(this.inventory, "group_vars"), { recursive: true });
    const knownHosts = join(this.home, "known_hosts");
    const known = machines.map(({ host, address }) => `${address} ${host.hostKey("ed25519")}\n`);
    writeFileSync(knownHosts, known.join(""));
    const hosts = machines.map(({ host, address }) => [
      host.name,
      {
        ansible_host: address,
        ansible_user: "root",
        ansible_ssh_private_key_file: lab.operatorKeyFile,
        ansible_ssh_common_args: `-F none -o UserKnownHostsFile=${knownHosts}`,
      },
    ]);
    writeJson(join(this.inventory, "hosts.json"), {
      proxies: { hosts: Object.fromEntries(hosts) as object },
    });
  }

  write(allow: readonly string[]): void {
    writeJson(join(this.inventory, "group_vars", "proxies.json"), { allow });
  }

  /**
   * `ansible-playbook`, which makes the hosts equal to the list, over connections that are its own: whoever changes an
   * IP has none open from the last time. Errors: its own words.
   */
  async apply(): Promise<void> {
    this.runs += 1;
    const env = {
      ANSIBLE_CONFIG: join(__dirname, `${this.configuration}.cfg`),
      ANSIBLE_HOME: this.home,
      ANSIBLE_SSH_CONTROL_PATH_DIR: join(this.home, "cp", String(this.runs)),
    };
    const { exitCode, all } = await this.runner.run(
      "ansible-playbook",
      [
        ...["-i", join(this.inventory, "hosts.json"), "--forks", String(this.machines.length)],
        join(__dirname, "playbook.yaml"),
      ],
      { cwd: this.home, env },
    );
    if (exitCode !== 0) {
      throw new Error(`ansible-playbook ended with ${exitCode}, expected 0:\n${all}`);
    }
  }
}

function writeJson(file: string, value: unknown): void {
  writeFileSync(file, JSON.stringify(value, undefined, 2));
}
