import { toolchain } from "../../tools/toolchain";
import { ADDRESSES, sampleSecrets, sampleValues } from "../support/samples";
import { nft } from "../support/nft";
import { Lab, type Client, type Host, type HostOptions } from "../support/lab";
import { FULL } from "./kinds";
import { Stack, type PulumiRun, type StackValues } from "../support/stack";

/** What most end-to-end tests start from: one host, one stack for it, clients of each kind. */
export interface World {
  readonly lab: Lab;
  readonly host: Host;
  readonly stack: Stack;
  /** `ADDRESSES.listed`, named in the stack's own list. */
  readonly listed: Client;
  /** `ADDRESSES.vendor`, inherited from Pulumi.prod.yaml. */
  readonly vendor: Client;
  readonly stranger: Client;
  stop(): Promise<void>;
}

/**
 * A world whose host is named `proxy-1`.
 *
 * @param programStays whether its program runs in a process that stays (`stayingNode`). Default: not with `--full`, and not in `main/`, which says so
 */
export async function makeWorld(options: HostOptions = {}, programStays = !FULL): Promise<World> {
  const lab = await Lab.start();
  try {
    const [host, listed, vendor, stranger] = await Promise.all([
      lab.host("proxy-1", options),
      lab.client(ADDRESSES.listed),
      lab.client(ADDRESSES.vendor),
      lab.client(ADDRESSES.stranger),
    ]);
    const stack = await makeStack(
      lab,
      sampleValues(host),
      sampleSecrets(lab.operatorKey, host),
      programStays,
    );
    return {
      lab,
      host,
      stack,
      listed,
      vendor,
      stranger,
      stop: async () => {
        stack.dispose();
        await lab.stop();
      },
    };
  } catch (error) {
    await lab.stop();
    throw error;
  }
}

export async function makeStack(
  lab: Lab,
  values: StackValues,
  secrets: Record<string, string>,
  programStays = !FULL,
): Promise<Stack> {
  const stayingNode = programStays ? lab.operator.words(process.execPath) : undefined;
  return Stack.create({
    ...{ runner: lab.operator, toolchain: await toolchain() },
    ...{ values, secrets, stayingNode },
  });
}

/** How often somebody has dialled a host's sshd, logged in or not. */
export async function dials(host: Host): Promise<number> {
  const { stdout } = await host.exec(
    "journalctl -t sshd -t sshd-session -o cat | grep -c 'Accepted\\|Connection' || true",
  );
  return Number(stdout);
}

/** The steps of a run that reach a host, sorted. */
export function commandsOf({ steps }: Pick<PulumiRun, "steps">): string[] {
  return steps.filter((step) => /-(tool|piece-[^ ]*|nginx|keys|state)$/.test(step)).sort();
}

/** A run that has to succeed; the error holds all that it printed. */
export async function must(run: Promise<PulumiRun>): Promise<PulumiRun> {
  const result = await run;
  if (result.exitCode !== 0) {
    throw new Error(`pulumi ended with ${String(result.exitCode)}:\n${result.all}`);
  }
  return result;
}

/** What an apply, a refusal or a destroy could have changed on a machine, as text to compare. */
export async function fingerprint(host: Host): Promise<string> {
  return host.mustExec(`
    running() { pgrep -f '^/bin/sh /usr/local/sbin/lqptctl' >/dev/null; }
    # One that a timer calls has a folder of its own there while it runs.
    left="lqptctl does not end"
    for try in $(seq 100); do
      ! running && found=$(ls -A /tmp /root) && ! running && left=$found && break
      sleep 0.1
    done
    folders="/etc/firewalld /etc/nginx /usr/local /etc/systemd/system /etc/logrotate.d"
    dpkg -l | awk '/^[hi]/ { print $2, $3 }'
    ls -lR --time-style=+ $folders /var/lib/lqpt /var/log/lqpt 2>&1
    for folder in $folders; do [ ! -d $folder ] || find $folder -type f -exec sha256sum {} +; done | sort -k 2
    ss -ltun | awk 'NR > 1 { print $1, $5 }' | sort
    for unit in nginx firewalld; do systemctl is-enabled $unit; systemctl is-active $unit; done 2>&1
    firewall-cmd --list-all-zones 2>&1
    firewall-cmd --permanent --list-all-zones 2>&1
    ${nft("list ruleset")} | sed 's/ *counter packets [0-9]* bytes [0-9]*//'
    echo "$left" | sed /systemd-private/d`);
}
