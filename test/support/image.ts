import { createHash } from "node:crypto";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { quoteWord } from "../../documents/toolCalls";
import type { HostKind } from "./hostOptions";
import { withLock } from "./lock";
import { run } from "./programs";

export const SUITES = ["bullseye", "bookworm", "trixie"] as const;
/** A Debian release that hosts can run. */
export type Suite = (typeof SUITES)[number];

/** The suite that a kind of host runs. */
export function suiteOf(kind: HostKind): Suite {
  return kind === "old" ? "bullseye" : kind;
}

export type Log = (line: string) => void;

/** A built image. Nothing in it is ever written to. */
export interface Image {
  /** The root file system, without nginx and logrotate; the libraries that they need are there, as on most machines. */
  readonly root: string;
  /** nginx, logrotate, tcsh and those libraries, as a flat apt repository. */
  readonly packages: string;
  /** Another, of bookworm alone: dnf, and what makes RPM packages and repositories. */
  readonly dnf: string;
}

const PACKAGES = [
  ...["systemd", "systemd-sysv", "dbus", "openssh-server", "sudo", "procps", "iproute2", "curl", "openssl"],
  // netbase: without /etc/protocols firewalld dies right after its start
  ...["firewalld", "netbase", "ca-certificates", "keepalived", "conntrack", "busybox-static"],
  // Ansible, a peer in benchmarks, needs it on the host
  "python3-apt",
];

// Timers that would want the internet; and host keys, which each host gets afresh. firewalld is off, as on a new VM.
const TIDY = `
set -eu
systemctl --root="$1" --quiet disable firewalld.service apt-daily.timer apt-daily-upgrade.timer
systemctl --root="$1" --quiet mask systemd-networkd.service systemd-resolved.service systemd-timesyncd.service
rm -f "$1"/etc/ssh/ssh_host_*
`;

// Fetched with the image's own apt, so exactly what such a host is missing. The libraries that nginx needs are then put
// into the image: on Debian 11 it wants 26, which each of a hundred hosts would unpack for three seconds.
const FETCH = `
set -eu
root=$1 beside=$2
fetch() {
	folder=$1
	shift
	mkdir -p "$root/$folder/partial"
	chroot "$root" apt-get -qq --download-only --no-install-recommends -o Dir::Cache::archives="/$folder" install "$@"
	rm -rf "$root/$folder/partial" "$root/$folder/lock"
	cd "$root/$folder"
	chmod 644 ./*.deb
	apt-ftparchive packages . >Packages
	apt-ftparchive release . >Release.new
	mv Release.new Release
}
fetch packages nginx logrotate tcsh
chroot "$root" dpkg --install $(ls ./*.deb | grep -v nginx | grep -Ev "^./(logrotate|tcsh)_" | sed 's|^.|/packages|') >/dev/null
mv "$root/packages" "$beside/packages"
[ "$3" != bookworm ] || { fetch dnf dnf createrepo-c rpm && mv "$root/dnf" "$beside/dnf"; }
`;

const RECIPE = createHash("sha256")
  .update(JSON.stringify([PACKAGES, TIDY, FETCH]))
  .digest("hex")
  .slice(0, 12);

/** What a build took on two quiet cores, to tell whoever waits. */
const ABOUT_SECONDS = 50;

/** The image of this suite, built if there is none by this recipe. Errors: mmdebstrap's own words. */
export async function image(suite: Suite, log: Log): Promise<Image> {
  const folder = join(cacheFolder(), "images", `${suite}-${RECIPE}`);
  if (!existsSync(folder)) {
    const lock = join(cacheFolder(), "images", `${suite}.lock`);
    mkdirSync(join(cacheFolder(), "images"), { recursive: true });
    await withLock(
      lock,
      async () => {
        if (!existsSync(folder)) {
          await build(suite, folder, log);
        }
      },
      () => {
        log(`waiting for another run, which builds the ${suite} image`);
      },
    );
  }
  return { root: join(folder, "root"), packages: join(folder, "packages"), dnf: join(folder, "dnf") };
}

async function build(suite: Suite, folder: string, log: Log): Promise<void> {
  const unfinished = `${folder}.unfinished`;
  const began = Date.now();
  const progress = (): void => {
    log(
      `building the ${suite} image: ${minutes((Date.now() - began) / 1000)} of about ${minutes(ABOUT_SECONDS)}`,
    );
  };
  // What a killed build left behind; nothing is mounted there, for mmdebstrap mounts in a namespace of its own.
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished);
  progress();
  const timer = setInterval(progress, 10_000);
  const { exitCode, all } = await run(
    "mmdebstrap",
    [
      ...["--variant=minbase", "--mode=root", `--include=${PACKAGES.join(",")}`],
      `--customize-hook=${TIDY}`,
      `--customize-hook=set -- "$1" ${quoteWord(unfinished)} ${suite}; ${FETCH}`,
      ...[suite, join(unfinished, "root")],
    ],
    { env: { LC_ALL: "C.UTF-8", DEBIAN_FRONTEND: "noninteractive" } },
  );
  clearInterval(timer);
  if (exitCode !== 0) {
    const end = all.split("\n").slice(-25).join("\n");
    throw new Error(
      `building the ${suite} image: mmdebstrap ended with ${String(exitCode)}, expected 0. Its last words:\n${end}`,
    );
  }
  renameSync(unfinished, folder);
  log(`built the ${suite} image in ${minutes((Date.now() - began) / 1000)}`);
}

function minutes(seconds: number): string {
  const whole = Math.round(seconds);
  return `${String(Math.floor(whole / 60))}m${String(whole % 60).padStart(2, "0")}s`;
}

function cacheFolder(): string {
  const caches = process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache");
  return process.env["LQPT_CACHE"] || join(caches, "lqpt");
}
