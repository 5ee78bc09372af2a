import type { HostKind } from "../../support/hostOptions";
import { ARMED, type Tool, type Wanted } from "./direct";
import { AFTER, BEFORE } from "./standing";

/** What an apply ends with while something is broken, and says. */
interface Outcome {
  readonly exit: number;
  readonly says: readonly string[];
  /** Default: every request is answered. */
  readonly listed?: "cut off";
}

/** Something that is broken on a host that stands, while its list is to change. */
export interface Fault extends Outcome {
  readonly name: string;
  readonly inject: string | ((tool: Tool) => Promise<void>);
  readonly mend: string;
  /** The same on hosts where firewalld, or what is beside it, takes it in another way. */
  readonly on?: Partial<Record<HostKind, Outcome>>;
  /** What `lqptctl status` says, apply or no apply. */
  readonly status?: RegExp;
  /** Without a filter he gets a handshake, and then not one byte. Default: not even that. */
  readonly stranger?: "handshake";
  /** Whoever was to go is cut although the apply failed. */
  readonly gone?: true;
  /** Over 40 s, so only with --full. */
  readonly slow?: true;
}

const STOPPED = "systemctl stop firewalld";
const STARTED = "systemctl start firewalld && firewall-cmd --state";
const PROGRAMS = "/usr/bin/firewall-cmd /usr/bin/firewall-offline-cmd /usr/sbin/firewalld";
const aside = (files: string) => `for file in ${files}; do mv $file $file.aside; done`;
const back = (files: string) => `for file in ${files}; do mv $file.aside $file; done`;
/** A disk with no room for `path`, with the same content. */
const full = (path: string) =>
  // A timer's run may take its own folder away meanwhile.
  `{ cp -a ${path} /root/full 2>/dev/null || true; } && mount -t tmpfs -o size=256k,mode=700 none ${path} && cp -a /root/full/. ${path}/ && ! dd if=/dev/zero of=${path}/filler bs=4k 2>/dev/null`;
const roomy = (path: string) => `umount ${path} && rm -rf /root/full`;
const EXPOSED = /EXPOSED: firewalld does not filter/;

/** firewalld 0.9 starts all the same, and filters. */
const STARTS_ALL_THE_SAME = { exit: ARMED, says: ["EXPOSED: firewalld did not run here", "E_CONFIRM"] };
/** firewalld is a service with mounts of its own there, and to it /etc is writable. */
const WRITTEN_IN_SPITE = { exit: 11, says: ["E_ROLLED_BACK", "lqpt.conf cannot be written"] };
/** It passes over the broken file, and its own zone lists nobody until the same change has been dialled again. */
const STARTS_WITHOUT_THE_LIST = { ...STARTS_ALL_THE_SAME, listed: "cut off" } as const;

export const FAULTS: readonly Fault[] = [
  {
    name: "firewalld stopped",
    inject: STOPPED,
    mend: "true",
    exit: ARMED,
    says: ["EXPOSED: firewalld did not run here", "E_CONFIRM"],
    status: EXPOSED,
    stranger: "handshake",
  },
  {
    name: "firewalld stopped and masked",
    inject: `${STOPPED}; systemctl mask firewalld`,
    mend: `systemctl unmask firewalld && systemctl enable firewalld && ${STARTED}`,
    exit: 10,
    says: ["EXPOSED: firewalld did not run here", "E_FIREWALLD", "masked"],
    status: EXPOSED,
    stranger: "handshake",
  },
  {
    name: "firewalld uninstalled",
    inject: `${STOPPED}; ${aside(PROGRAMS)}`,
    mend: `${back(PROGRAMS)}; ${STARTED}`,
    exit: 10,
    says: ["EXPOSED: firewalld did not run here", "E_COMMANDS", "firewall-cmd"],
    status: EXPOSED,
    stranger: "handshake",
  },
  {
    name: "firewalld stopped, and unable to start (no /etc/protocols)",
    inject: `${STOPPED}; ${aside("/etc/protocols")}`,
    mend: `${back("/etc/protocols")}; ${STARTED}`,
    exit: 10,
    says: ["EXPOSED: firewalld did not run here", "E_FIREWALLD", "names no zone"],
    on: { bullseye: STARTS_ALL_THE_SAME, old: STARTS_ALL_THE_SAME },
    status: EXPOSED,
    stranger: "handshake",
  },
  {
    name: "firewalld stopped, and dying after each start",
    inject: `${STOPPED}; mkdir -p /etc/systemd/system/firewalld.service.d; printf '[Service]\\nExecStartPost=/bin/kill -KILL $MAINPID\\n' >/etc/systemd/system/firewalld.service.d/dies.conf; systemctl daemon-reload`,
    mend: `rm /etc/systemd/system/firewalld.service.d/dies.conf; systemctl daemon-reload; systemctl reset-failed firewalld; ${STARTED}`,
    exit: 11,
    says: ["EXPOSED: firewalld did not run here", "E_FIREWALLD", "does not filter"],
    status: EXPOSED,
    stranger: "handshake",
    listed: "cut off",
  },
  {
    name: "firewalld hanging on D-Bus",
    inject: "systemctl kill -s STOP --kill-who=main firewalld",
    mend: "systemctl kill -s CONT --kill-who=main firewalld && firewall-cmd --state",
    exit: 10,
    says: ["E_FIREWALLD", "does not answer"],
    slow: true,
  },
  {
    name: "firewalld stopped, with a broken file of its zone",
    inject: `${STOPPED}; cp -a /etc/firewalld/zones /root/zones; echo '<zone><rule' >/etc/firewalld/zones/public.xml`,
    mend: `${STOPPED}; rm -rf /etc/firewalld/zones && mv /root/zones /etc/firewalld/zones && ${STARTED}`,
    exit: 10,
    says: ["EXPOSED: firewalld did not run here", "E_FIREWALLD", "names no zone"],
    on: { bullseye: STARTS_WITHOUT_THE_LIST, old: STARTS_WITHOUT_THE_LIST },
    status: EXPOSED,
    stranger: "handshake",
  },
  {
    name: "no room for what the tool keeps",
    inject: full("/var/lib/lqpt"),
    mend: roomy("/var/lib/lqpt"),
    exit: 10,
    says: ["E_STATE", "cannot be written"],
  },
  {
    name: "no room in /tmp",
    inject: full("/tmp"),
    mend: roomy("/tmp"),
    exit: 10,
    says: ["/tmp has no room"],
  },
  {
    name: "no room for lqpt.conf",
    inject: full("/etc/nginx/conf.d"),
    mend: roomy("/etc/nginx/conf.d"),
    exit: 11,
    says: ["E_ROLLED_BACK", "lqpt.conf cannot be written"],
    gone: true,
  },
  {
    name: "a read-only /etc",
    inject: "mount --bind /etc /etc && mount -o remount,bind,ro /etc",
    mend: "umount /etc",
    exit: 12,
    says: ["E_NOT_ROLLED_BACK", "firewalld refused to remove a source"],
    on: { trixie: WRITTEN_IN_SPITE },
    gone: true,
  },
  {
    name: "nginx with a mistake in another site of the machine",
    inject: "echo 'no such directive;' >/etc/nginx/conf.d/broken.conf",
    mend: "rm /etc/nginx/conf.d/broken.conf",
    exit: 11,
    says: ["E_ROLLED_BACK", "unknown directive"],
    gone: true,
  },
  {
    name: "the lock held for long",
    inject: "systemd-run --unit=holder flock /run/lqpt.lock sleep 600",
    mend: "systemctl stop holder",
    exit: 10,
    says: ["E_LOCK", "/run/lqpt.lock"],
    slow: true,
  },
  {
    name: "the lock held for a moment",
    // Until the apply waits for it.
    inject: `systemd-run --unit=holder flock /run/lqpt.lock sh -c 'until pgrep -f "^flock -w 120 9"; do sleep 0.1; done; sleep 3'`,
    mend: "true",
    exit: 0,
    says: ["another lqptctl is at work"],
    gone: true,
  },
  {
    name: "another owner's mark",
    inject: "cp /var/lib/lqpt/owner /root/owner; echo other-1a2b proxy-1 >/var/lib/lqpt/owner",
    mend: "mv /root/owner /var/lib/lqpt/owner",
    exit: 10,
    says: ["E_OWNER", "other-1a2b"],
  },
  {
    name: "the default zone changed",
    inject: "firewall-cmd --set-default-zone=internal",
    mend: "firewall-cmd --set-default-zone=public",
    exit: 0,
    says: ['"zone":"internal"'],
    listed: "cut off",
    gone: true,
  },
  {
    name: "the interface moved to the zone trusted",
    inject: "firewall-cmd --zone=trusted --change-interface=eth0",
    // The kernel keeps the chains of a zone that was entered once until firewalld is reloaded.
    mend: "firewall-cmd --zone=trusted --remove-interface=eth0 && firewall-cmd --reload",
    exit: 10,
    says: ["E_FOREIGN_OPENING", "trusted"],
    status: /EXPOSED/,
    stranger: "handshake",
  },
  {
    name: "the same run cut off, and all that it had noted damaged",
    inject: (tool) => cutOff(tool, AFTER),
    mend: "true",
    exit: 0,
    says: ["cut off in the middle"],
    gone: true,
  },
  {
    name: "another run cut off, and all that it had noted damaged",
    inject: (tool) => cutOff(tool, { allow: [...BEFORE.allow, "198.51.100.22"] }),
    mend: "cp /var/lib/lqpt/site.conf /etc/nginx/conf.d/lqpt.conf",
    exit: 10,
    says: ["E_FOREIGN_SITE"],
  },
];

/** A run killed when its site is written, its notes emptied. */
async function cutOff(tool: Tool, wanted: Wanted): Promise<void> {
  for (let step = 1; ; step += 1) {
    const { all } = await tool.apply(wanted, step);
    if (all.includes("lqpt.conf is written")) break;
  }
  await tool.host.mustExec("find /var/lib/lqpt/pending -type f -exec truncate -s 0 {} +");
}
