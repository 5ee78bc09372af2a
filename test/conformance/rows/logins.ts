import { type Context, type Row, connection, makeProject, passwordConnection } from "../context";
import type { Program, Run } from "../project";
import { PASSPHRASE, PASSWORD, PORTS, failedLogins } from "../sshd";

/** Many ways to log in, tried side by side in one `up` that goes on after an error. */
export interface Logins {
  readonly run: Run;
  /** Failed logins that sshd logged, by the Command that tried; its user has the Command's name. */
  readonly failed: Readonly<Record<string, number>>;
}

const WRONG = "wrong-password-55aa";

/** What a wrong password is tried with: where, and which limit. */
const WRONG_PASSWORDS = {
  once: ["plain", { dialErrorLimit: 0 }],
  usual: ["plain", { dialErrorLimit: undefined }],
  twoways: ["both", { dialErrorLimit: 0 }],
  thrice: ["both", { dialErrorLimit: 2 }],
} as const;

function program(context: Context): Program {
  const { keys, host } = context;
  const nowhere = { privateKey: undefined };
  const bastion = connection(context, "plain");
  const ways: Record<string, Readonly<Record<string, unknown>>> = {
    pinned: connection(context, "plain"),
    ecdsa: connection(context, "plain", { hostKey: keys.hostEcdsa }),
    unpinned: connection(context, "plain", { hostKey: undefined }),
    mismatch: connection(context, "plain", { hostKey: keys.hostOther }),
    rsa: connection(context, "plain", { hostKey: keys.hostRsa }),
    nonsense: connection(context, "plain", { hostKey: "nonsense" }),
    passphrase: connection(context, "plain", { privateKey: keys.locked, privateKeyPassword: PASSPHRASE }),
    locked: connection(context, "plain", { privateKey: keys.locked }),
    password: passwordConnection(context, "plain"),
    questions: passwordConnection(context, "questions"),
    fallback: passwordConnection(context, "plain", { privateKey: keys.stranger }),
    stranger: connection(context, "plain", { privateKey: keys.stranger }),
    agent: connection(context, "plain", { ...nowhere, agentSocketPath: context.agent }),
    keyfirst: connection(context, "plain", { privateKey: keys.stranger, agentSocketPath: context.agent }),
    noagent: connection(context, "plain", { ...nowhere, agentSocketPath: "/nonexistent/agent" }),
    closed: connection(context, "plain", { port: 2299, dialErrorLimit: 1 }),
    bastion: connection(context, "both", { proxy: bastion }),
    badbastion: connection(context, "both", { proxy: { ...bastion, privateKey: keys.stranger } }),
    pinnedbastion: connection(context, "both", { proxy: { ...bastion, hostKey: keys.hostOther } }),
    behind: passwordConnection(context, "plain", {
      proxy: connection(context, "both"),
      user: "behind",
      password: WRONG,
      dialErrorLimit: 2,
    }),
    bare: { host: host.address, port: PORTS.plain, password: PASSWORD, user: "conf" },
  };
  for (const [user, [port, limit]] of Object.entries(WRONG_PASSWORDS)) {
    ways[user] = passwordConnection(context, port, { user, password: WRONG, ...limit });
  }
  return Object.fromEntries(
    Object.entries(ways).map(([name, way]) => [
      name,
      { args: { connection: way, create: "echo logged in" } },
    ]),
  );
}

/** Tries them all; some fifteen seconds, most of them the pauses between eleven dials. */
export async function logIn(context: Context): Promise<Logins> {
  const project = await makeProject(context);
  try {
    const run = await project.up(program(context), "--continue-on-error", "--parallel", "64");
    const users = [...Object.keys(WRONG_PASSWORDS), "behind"];
    const counts = await Promise.all(users.map((user) => failedLogins(context.host, user)));
    return { run, failed: Object.fromEntries(users.map((user, index) => [user, counts[index] ?? -1])) };
  } finally {
    project.dispose();
  }
}

function lets(sentence: string, name: string): Row<Logins> {
  return [
    sentence,
    ({ run }) => {
      expect(run.said(name, "error")).toBe("");
      expect(run.said(name, "info")).toContain("logged in");
    },
  ];
}

function refuses(sentence: string, name: string, ...says: readonly RegExp[]): Row<Logins> {
  return [
    sentence,
    ({ run }) => {
      for (const part of says) {
        expect(run.said(name, "error")).toMatch(part);
      }
    },
  ];
}

function counts(sentence: string, user: string, failed: number): Row<Logins> {
  return [sentence, (evidence) => expect(evidence.failed[user]).toBe(failed)];
}

export const LOGINS: readonly Row<Logins>[] = [
  lets("the right host key, pinned, is accepted", "pinned"),
  lets("a pinned ECDSA host key is accepted where sshd has an Ed25519 one too", "ecdsa"),
  lets("without a pinned host key any is accepted", "unpinned"),
  refuses(
    "another host key is refused",
    "mismatch",
    /after 0 failed attempts: ssh: handshake failed: ssh: host key mismatch/,
  ),
  refuses(
    "a pinned RSA host key is refused by a new sshd",
    "rsa",
    /no common algorithm for host key/,
    /we offered: \[ssh-rsa\]/,
  ),
  refuses(
    "a host key that is none is refused before any dial",
    "nonsense",
    /failed to parse host key: ssh: no key found/,
  ),
  lets("a private key under a passphrase logs in", "passphrase"),
  refuses("the same without the passphrase says so", "locked", /this private key is passphrase protected/),
  lets("a password logs in", "password"),
  lets("a password answers keyboard-interactive's question", "questions"),
  lets("a password is tried after a private key that is refused", "fallback"),
  refuses(
    "a private key that is not accepted is refused",
    "stranger",
    /unable to authenticate, attempted methods \[none publickey\]/,
  ),
  lets("an agent named by agentSocketPath logs in", "agent"),
  refuses(
    "an agent is not asked after a private key that was refused",
    "keyfirst",
    /attempted methods \[none publickey\]/,
  ),
  refuses(
    "an agent that is not there is an error",
    "noagent",
    /dial unix \/nonexistent\/agent: connect: no such file/,
  ),
  refuses(
    "a port where nothing listens is tried dialErrorLimit times more",
    "closed",
    /after 1 failed attempts: dial tcp .*: connect: connection refused/,
  ),
  lets("a host behind a bastion is reached", "bastion"),
  refuses(
    "a bastion that refuses the login is named as the proxy",
    "badbastion",
    /proxy: after 0 failed attempts: ssh: handshake failed: ssh: unable to authenticate/,
  ),
  refuses(
    "a bastion's host key is checked too",
    "pinnedbastion",
    /proxy: after 0 failed attempts: .*host key mismatch/,
  ),
  lets("user, port and limits have defaults", "bare"),
  counts("a wrong password with dialErrorLimit 0 is one failed login", "once", 1),
  counts("a wrong password with the default limit is eleven", "usual", 11),
  counts("where sshd has keyboard-interactive too it is two a dial", "twoways", 2),
  counts("and with dialErrorLimit 2 six", "thrice", 6),
  counts("a wrong password behind a bastion is tried once whatever the limit is", "behind", 1),
  refuses(
    "a wrong password says how often it was tried, and by which methods",
    "usual",
    /after 10 failed attempts: ssh: handshake failed: ssh: unable to authenticate, attempted methods \[none password\]/,
  ),
  [
    "no password and no key is in any of it",
    ({ run }) => {
      for (const secret of [WRONG, PASSWORD, PASSPHRASE, "OPENSSH PRIVATE KEY"]) {
        expect(run.all).not.toContain(secret);
      }
    },
  ],
];
