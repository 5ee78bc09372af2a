/** Where the table's sshd runs: a host of the lab. */
export interface SshHost {
  readonly address: string;
  /** Runs a shell script there as root. */
  exec(script: string): Promise<{ readonly exitCode: number; readonly stdout: string; readonly all: string }>;
}

/** Our own sshds on the host, beside its usual one, each with its own idea of a login. */
export const PORTS = {
  /** Passwords without PAM, no keyboard-interactive, accepts no variables; takes files by SFTP. */
  plain: 2201,
  /** Passwords and keyboard-interactive, accepts CONF_* and the previous run's output. */
  both: 2202,
  /** Keyboard-interactive alone, so that the password must be the answer to a question. */
  questions: 2203,
} as const;

export const USER = "conf";
/** Logs in with the same keys, to copy files into a home of its own. */
export const COPIER = "confcopy";
export const COPIER_HOME = `/home/${COPIER}`;
export const PASSWORD = "conf-password-7d1f";
export const PASSPHRASE = "conf-passphrase-93ab";

/** The keys that the host made, as text. */
export interface Keys {
  readonly hostEd25519: string;
  readonly hostEcdsa: string;
  readonly hostRsa: string;
  /** A host key that no sshd here has. */
  readonly hostOther: string;
  /** Accepted for USER. */
  readonly user: string;
  /** The same right, under PASSPHRASE. */
  readonly locked: string;
  /** Accepted for nobody. */
  readonly stranger: string;
}

const FOLDER = "/var/lib/lqpt-conformance";
/** What commands write to say that they ran. */
export const RAN = `${FOLDER}/ran/log`;

const SET_UP = `
set -eu
sshd=$(command -v sshd || echo /usr/sbin/sshd)
mkdir -p ${FOLDER}/ran /run/sshd
cd ${FOLDER}
id ${USER} >/dev/null 2>&1 || useradd -m -s /bin/sh ${USER}
id ${COPIER} >/dev/null 2>&1 || useradd -m -d ${COPIER_HOME} -s /bin/sh ${COPIER}
# COPIER never uses the password, but without PAM a user who has none is locked for a key too.
for user in ${USER} ${COPIER}; do echo "$user:${PASSWORD}" | chpasswd; done
chown ${USER} ran
for type in ed25519 ecdsa rsa; do ssh-keygen -q -t $type -N '' -f host_$type; done
ssh-keygen -q -t ed25519 -N '' -f host_other
ssh-keygen -q -t ed25519 -N '' -f user
ssh-keygen -q -t ed25519 -N '${PASSPHRASE}' -f locked
ssh-keygen -q -t ed25519 -N '' -f stranger
cat user.pub locked.pub > authorized
chmod 755 . && chmod 644 authorized
start() {
  cat > "$1.conf" <<END
Port $1
HostKey ${FOLDER}/host_ed25519
HostKey ${FOLDER}/host_ecdsa
HostKey ${FOLDER}/host_rsa
PidFile ${FOLDER}/$1.pid
AuthorizedKeysFile ${FOLDER}/authorized
UsePAM $2
PasswordAuthentication $3
$kbd $4
MaxStartups 200
LogLevel VERBOSE
$penalties
$5
END
  # By its full path: a session's process opens the log again, from the root folder.
  "$sshd" -f ${FOLDER}/$1.conf -E ${FOLDER}/$1.log
}
knows() { "$sshd" -t -o "$1" -h ${FOLDER}/host_ed25519 2>/dev/null; }
# Older sshds call it by another name; newer ones punish failures, which this table makes many of.
if knows KbdInteractiveAuthentication=no; then kbd=KbdInteractiveAuthentication; else kbd=ChallengeResponseAuthentication; fi
if knows PerSourcePenalties=no; then penalties='PerSourcePenalties no'; else penalties=; fi
start ${PORTS.plain} no yes no 'Subsystem sftp internal-sftp'
start ${PORTS.both} yes yes yes 'AcceptEnv CONF_* PULUMI_COMMAND_*'
start ${PORTS.questions} yes no yes ''
if command -v firewall-cmd >/dev/null && firewall-cmd -q --state 2>/dev/null; then firewall-cmd -q --add-port=2201-2203/tcp; fi
`;

/** Starts the sshds and makes the keys. */
export async function startSshds(host: SshHost): Promise<Keys> {
  await must(host, SET_UP);
  const names = [
    "host_ed25519.pub",
    "host_ecdsa.pub",
    "host_rsa.pub",
    "host_other.pub",
    "user",
    "locked",
    "stranger",
  ];
  const [
    hostEd25519 = "",
    hostEcdsa = "",
    hostRsa = "",
    hostOther = "",
    user = "",
    locked = "",
    stranger = "",
  ] = await Promise.all(names.map((name) => must(host, `cat ${FOLDER}/${name}`)));
  return { hostEd25519, hostEcdsa, hostRsa, hostOther, user, locked, stranger };
}

/** Everything that commands have said in RAN, line by line. */
export async function whatRan(host: SshHost): Promise<string[]> {
  return (await must(host, `cat ${RAN} 2>/dev/null || :`)).split("\n").filter((line) => line !== "");
}

/** A file below a user's home. */
export interface Copied {
  /** SHA-256 of its bytes. */
  readonly hash: string;
  /** Its permissions, such as `644`. */
  readonly mode: string;
}

/** What is in a user's home, by its path there; without the files that a shell is given. */
export async function whatIsCopied(host: SshHost, user: string): Promise<Readonly<Record<string, Copied>>> {
  const lines = await must(
    host,
    `cd ~${user} && find . -type f ! -name '.*' -exec stat -c '%a %n' {} + | sort -k 2 | ` +
      `while read -r mode name; do echo "$mode $(sha256sum < "$name" | cut -c1-64) $name"; done`,
  );
  return Object.fromEntries(
    Array.from(lines.matchAll(/^(\d+) (\w+) \.\/(.*)$/gm), ([, mode = "", hash = "", path = ""]) => [
      path,
      { hash, mode },
    ]),
  );
}

/** Writes over every file of COPIER's, in place, and takes it from all but its owner. */
export async function tamper(host: SshHost, text: string): Promise<void> {
  const each = `for file; do printf '%s' '${text}' > "$file"; chmod 600 "$file"; done`;
  await must(
    host,
    `cd ${COPIER_HOME} && find . -type f ! -name '.*' -exec sh -c '${each.replaceAll("'", "'\\''")}' sh {} +`,
  );
}

/** Makes a folder in COPIER's home. */
export async function makeFolder(host: SshHost, name: string): Promise<void> {
  await must(host, `install -d -o ${COPIER} ${COPIER_HOME}/${name}`);
}

/** How many logins of a user's keys the sshds logged. */
export async function keyLogins(host: SshHost, user: string): Promise<number> {
  const pattern = `Accepted publickey for ${user} from`;
  return Number(await must(host, `cat ${FOLDER}/220?.log | grep -c '${pattern}' || :`));
}

/** How many failed logins of a user the sshds logged, by either way of giving a password. */
export async function failedLogins(host: SshHost, user: string): Promise<number> {
  const pattern = `Failed (password|keyboard-interactive/pam) for (invalid user )?${user} from`;
  return Number(await must(host, `cat ${FOLDER}/220?.log | grep -cE '${pattern}' || :`));
}

async function must(host: SshHost, script: string): Promise<string> {
  const { exitCode, stdout, all } = await host.exec(script);
  if (exitCode !== 0) {
    throw new Error(`a script on the host ended with ${String(exitCode)}, expected 0:\n${all}\n${script}`);
  }
  return stdout;
}
