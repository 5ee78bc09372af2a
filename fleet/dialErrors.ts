import { fingerprint } from "../config/fingerprint";
import type { Login } from "../config/types";
import { shortened } from "./lastWords";

const NOT_LET_IN = "it does not let us in";

/**
 * What became of a password that was tried:
 *
 * - `refused`: it did not let in; the account is not tried again elsewhere, or it would be locked
 * - `late`: nobody said so in time
 * - `sudo`: it let in, and sudo then did nothing as root, be it for the password or for its rules
 */
export interface LoginRefusal {
  readonly kind: "refused" | "late" | "sudo";
  /** The name that was logged in by. */
  readonly account: string;
}

/** That no connection came about, with what a program must know of it: a host may print whatever words it likes. */
export class NotConnected extends Error {
  override readonly name = "NotConnected";

  constructor(
    message: string,
    /** Undefined where no password was tried. */
    readonly refusal: LoginRefusal | undefined,
  ) {
    super(message);
  }
}

/** The level of an error whose words say all that there is to say. */
const OURS = "ours";

/** That a login was refused, and why, where ssh2 itself does not say so. */
export function notLetIn(why: string): DialError {
  return Object.assign(new Error(`${NOT_LET_IN}: ${why}`), { level: OURS, outcome: "refused" as const });
}

/** What ssh2 tells with an error, beside its words. */
export interface DialError extends Error {
  readonly level?: string;
  readonly code?: string;
  /** Of a secret that was tried. */
  readonly outcome?: Exclude<LoginRefusal["kind"], "sudo">;
}

/** Of a connection that ended once a secret was tried on it: whoever just goes then has refused it. */
function afterTry(error: DialError): DialError {
  switch (error.level) {
    case undefined:
    case "client-socket":
      return notLetIn(error.message);
    case "client-timeout":
      return Object.assign(new Error(LATE), { level: OURS, outcome: "late" as const });
    case "client-authentication":
      return Object.assign(error, { outcome: "refused" as const });
    default:
      return error;
  }
}

const LATE =
  "it did not say in time whether it lets us in. Is the directory slow that knows its accounts? Log in by hand before you run this again";

/**
 * That no connection came about, in words and for programs.
 *
 * @param found the public key that answered, base64; empty where none did
 * @param isTried whether a secret was tried
 */
export function notConnected(error: DialError, login: Login, found: string, isTried: boolean): NotConnected {
  const known = isTried ? afterTry(error) : error;
  const { outcome } = known;
  const isPassword = login.auth === "password" && outcome !== undefined;
  return new NotConnected(
    explainDial(known, login, found),
    isPassword ? { kind: outcome, account: login.user } : undefined,
  );
}

/**
 * Why no connection came about, and what to do. Nothing was changed: nothing was said yet.
 *
 * @param found the public key that answered, base64; empty where none did
 */
export function explainDial(error: DialError, login: Login, found: string): string {
  const { address, port, user } = login;
  return `no connection to ${user}@${address}:${port}: ${reasonOf(error, login, found)}`;
}

function reasonOf({ message, level, code }: DialError, login: Login, found: string): string {
  const type = login.hostKey.split(" ")[0] ?? "";
  const answered = fingerprint(`${type} ${found}`);
  const pinned = fingerprint(login.hostKey);
  if (found !== "" && answered !== pinned) {
    return `who answers has the host key ${answered}; expected ${pinned}. Either the machine was set up anew, or it is somebody else's: compare it on the machine's own console before you change hostKey`;
  }
  if (message.includes("no matching host key")) {
    return `it has no host key of the type ${type}; expected ${pinned}. Pin the key that it has, compared on its own console`;
  }
  if (level === OURS) return message;
  if (level === "client-authentication") return `${NOT_LET_IN}. ${LOGIN[login.auth]}`;
  if (level === "client-timeout") {
    return "it did not answer in time; expected an sshd there. Is it up, and does the network let you through?";
  }
  if (level === "agent") {
    return `the agent gives no key: ${shortened(inWords(message))}; expected one that runs (SSH_AUTH_SOCK, ssh-add -l)`;
  }
  return `${shortened(message)}; ${EXPECTED[code ?? ""] ?? "expected an sshd there"}`;
}

/** That a socket is not there, as the system says it. */
function inWords(message: string): string {
  return message.replace(/^connect ENOENT (?=\S)/, "there is no ");
}

const LOGIN: Readonly<Record<Login["auth"], string>> = {
  agent:
    "Expected a key of the agent (SSH_AUTH_SOCK, ssh-add -l) in the user's authorized_keys, and that the account is not locked",
  key: "Expected the key under lqpt:secrets in the user's authorized_keys, and that the account is not locked",
  password:
    "It was tried once, so that no account is locked by us. Expected the password under lqpt:secrets, that sshd takes passwords, and that the account is neither locked nor its password expired",
};

const EXPECTED: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there: expected sshd's port",
  EHOSTUNREACH: "expected a way to it: is it up, and is the bastion missing in the file?",
  ENETUNREACH: "expected a way to it: is the bastion missing in the file?",
  ENOTFOUND: "expected a name that is known here, or an address",
};
