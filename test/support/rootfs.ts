import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { HostOptions, User } from "./hostOptions";
import type { Image } from "./image";
import { LEQI_NAME } from "./leqi";
import { mustRun } from "./programs";

/** What a host knows of the lab that it is in. */
export interface Surroundings {
  readonly name: string;
  readonly address: string;
  readonly leqiAddress: string;
  readonly mirrorUrl: string;
  /** PEM. */
  readonly ca: string;
  /** The operator's public key, as in authorized_keys. */
  readonly operatorKey: string;
}

/** A host's disk: an image underneath, and all that is the host's own on top. */
export async function makeRoot(
  folder: string,
  image: Image,
  around: Surroundings,
  options: HostOptions,
): Promise<string> {
  const root = join(folder, "root");
  for (const part of ["root", "upper", "work"]) {
    mkdirSync(join(folder, part), { recursive: true });
  }
  const layers = `lowerdir=${image.root},upperdir=${join(folder, "upper")},workdir=${join(folder, "work")}`;
  // volatile: a host's fsync costs nothing, for nobody needs its disk after this machine has crashed.
  await mustRun("mount", ["-t", "overlay", "overlay", "-o", `${layers},volatile`, root]);
  nameIt(root, around);
  await trust(root, around.ca);
  writeFileSync(join(root, "etc/apt/sources.list"), `deb [trusted=yes] ${around.mirrorUrl} ./\n`);
  rmSync(join(root, "etc/apt/sources.list.d"), { recursive: true, force: true });
  await letIn(root, around, options);
  await setUpFirewalld(root, options);
  if (options.kind === "old") {
    rmSync(join(root, "bin/sh"));
    symlinkSync("bash", join(root, "bin/sh"));
  }
  const locale = options.kind === "old" ? "C" : "C.UTF-8";
  writeFileSync(join(root, "etc/default/locale"), `LANG=${locale}\n`);
  return root;
}

function nameIt(root: string, { name, address, leqiAddress }: Surroundings): void {
  writeFileSync(join(root, "etc/hostname"), `${name}\n`);
  writeFileSync(
    join(root, "etc/hosts"),
    `127.0.0.1 localhost\n::1 localhost\n${address} ${name}\n${leqiAddress} ${LEQI_NAME}\n`,
  );
  rmSync(join(root, "etc/machine-id"), { force: true });
  writeFileSync(join(root, "etc/machine-id"), "");
}

/** What update-ca-certificates would do, in a hundredth of its time; and it finds ours when it runs there later. */
async function trust(root: string, ca: string): Promise<void> {
  const file = join(root, "usr/local/share/ca-certificates/lab.crt");
  writeFileSync(file, ca);
  appendFileSync(join(root, "etc/ssl/certs/ca-certificates.crt"), ca);
  const hash = (await mustRun("openssl", ["x509", "-hash", "-noout", "-in", file])).trim();
  symlinkSync("/usr/local/share/ca-certificates/lab.crt", join(root, "etc/ssl/certs", `${hash}.0`));
}

async function letIn(root: string, around: Surroundings, { sshd, users = [] }: HostOptions): Promise<void> {
  // First in the files that sshd_config includes, and with sshd the first one to say something is right.
  const port = sshd?.port === undefined ? [] : [`Port ${String(sshd.port)}`];
  writeFileSync(
    join(root, "etc/ssh/sshd_config.d/00-lab.conf"),
    [...port, ...(sshd?.lines ?? []), ""].join("\n"),
  );
  const keys = (["ed25519", "ecdsa", "rsa"] as const).map(async (type) =>
    mustRun("ssh-keygen", [
      // RSA's default size takes half a second to find.
      ...["-q", "-t", type, ...(type === "rsa" ? ["-b", "2048"] : []), "-N", "", "-C", around.name],
      ...["-f", join(root, `etc/ssh/ssh_host_${type}_key`)],
    ]),
  );
  await Promise.all(keys);
  authorize(join(root, "root"), around.operatorKey);
  for (const user of users) {
    await addUser(root, user, around.operatorKey);
  }
}

async function addUser(
  root: string,
  { name, password, sudo = "none", key = true }: User,
  operatorKey: string,
): Promise<void> {
  if (name !== "root") {
    await mustRun("chroot", [root, "useradd", "--create-home", "--shell", "/bin/bash", name]);
    if (key) {
      authorize(join(root, "home", name), operatorKey);
    }
    await mustRun("chroot", [root, "chown", "-R", `${name}:${name}`, `/home/${name}`]);
  }
  if (password !== undefined) {
    await mustRun("chroot", [root, "chpasswd"], { input: `${name}:${password}\n` });
  }
  const rule = { none: "", nopasswd: `${name} ALL=(ALL) NOPASSWD: ALL`, password: `${name} ALL=(ALL) ALL` };
  const lines = sudo in rule ? rule[sudo as keyof typeof rule] : sudo;
  writeFileSync(join(root, "etc/sudoers.d", name), `${lines}\n`, { mode: 0o440 });
}

function authorize(home: string, key: string): void {
  mkdirSync(join(home, ".ssh"), { recursive: true, mode: 0o700 });
  writeFileSync(join(home, ".ssh/authorized_keys"), `${key}\n`, { mode: 0o600 });
  chmodSync(join(home, ".ssh"), 0o700);
}

async function setUpFirewalld(root: string, { kind, firewalld }: HostOptions): Promise<void> {
  if (kind === "old") {
    const path = join(root, "etc/firewalld/firewalld.conf");
    const settings = { FirewallBackend: "iptables", AllowZoneDrifting: "yes" };
    writeFileSync(path, withSettings(readFileSync(path, "utf8"), settings));
  }
  if (firewalld === "running") {
    await mustRun("systemctl", [`--root=${root}`, "--quiet", "enable", "firewalld.service"]);
  }
}

function withSettings(text: string, settings: Readonly<Record<string, string>>): string {
  const kept = text
    .split("\n")
    .filter((line) => !Object.keys(settings).some((key) => line.startsWith(`${key}=`)));
  return [...kept, ...Object.entries(settings).map(([key, value]) => `${key}=${value}`), ""].join("\n");
}

/** The public half of a host's key, `ssh-ed25519 AAAA…`, without the comment. */
export function publicHostKey(root: string, type: "ed25519" | "ecdsa" | "rsa"): string {
  const path = join(root, `etc/ssh/ssh_host_${type}_key.pub`);
  if (!existsSync(path)) {
    throw new Error(`the host has no ${type} host key`);
  }
  return readFileSync(path, "utf8").split(" ").slice(0, 2).join(" ");
}
