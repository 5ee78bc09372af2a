import { TOOL_PATH, quoteAll, quoteWord } from "./toolCalls";

/** Its state, root's alone; that it exists can be seen by any user. */
const STATE_PATH = "/var/lib/lqpt";

/** What ends a run from the host's side: the provider has no deadline of its own. */
const RUN_SECONDS = 900;

export interface RemoteShellOptions {
  /** How root is had on the host. `password`: the first line of stdin is sudo's password. */
  readonly sudo: "none" | "nopasswd" | "password";
  /** The verb and its options, each one shell word's content. */
  readonly words: readonly string[];
  /** After which the run is ended on the host; at most, and by default, 900, which no transaction takes. */
  readonly seconds?: number;
}

/**
 * The shell line that runs lqptctl, installed on the host, with what is on stdin. A failed command's text is printed
 * in full by the provider, so it is short, and everything long or secret comes on stdin.
 */
export function renderCall(options: RemoteShellOptions): string {
  return posix(call(options));
}

function call({ sudo, words, seconds }: RemoteShellOptions): string {
  const line = quoteAll([TOOL_PATH, ...words]);
  const deadline = within(seconds);
  if (sudo === "password") {
    return explained(
      `${withPassword(spoolOf("cat"))}|sudo -S -p '' ${deadline} sh -c 'exec "$@" <"$0"' "$f" ${line}`,
    );
  }
  return sudo === "none" ? `f=;${deadline} ${line};${DRAINED}` : explained(`f=;sudo -n ${deadline} ${line}`);
}

/** As `renderCall`, of the tool itself, packed, on stdin: kept in a private file, since what it starts may read stdin. */
export function renderBrought({ sudo, words, seconds }: RemoteShellOptions): string {
  const line = `${within(seconds)} sh "$f" ${quoteAll(words)}`;
  const spool = spoolOf("base64 -d|gzip -dc");
  switch (sudo) {
    case "password":
      return posix(explained(`${withPassword(spool)}|sudo -S -p '' ${line}`));
    case "nopasswd":
      return posix(explained(`${spool};sudo -n ${line}`));
    case "none":
      return posix(`${spool};${line};${DRAINED}`);
  }
}

/** A call that succeeds where neither lqptctl nor its state is there: then there is nothing of ours to take away. */
export function renderFarewell(options: RemoteShellOptions): string {
  return posix(
    `if [ ! -x ${TOOL_PATH} ]&&[ ! -e ${STATE_PATH} ];then cat>/dev/null;exit 0;fi;${call(options)}`,
  );
}

/**
 * What stdin must be for a call: with a sudo password, that line first.
 *
 * @throws Error where the password has more than one line: the second would be taken for the document.
 */
export function renderStdin(content: string, sudoPassword: string | undefined): string {
  if (sudoPassword !== undefined && /[\r\n\0]/.test(sudoPassword)) {
    throw new Error(
      "a sudoPassword under lqpt:secrets has a line break; expected one line. Set it again without one",
    );
  }
  return sudoPassword === undefined ? content : `${sudoPassword}\n${content}`;
}

/** The login shell may be csh or fish: all that it must understand is one program with one word in quotes. */
function posix(script: string): string {
  return `exec sh -c ${quoteWord(script)}`;
}

function within(seconds = RUN_SECONDS): string {
  return `timeout -k 30 ${String(Math.min(seconds, RUN_SECONDS))}`;
}

/** What the filter makes of stdin, to a private file. */
function spoolOf(filter: string): string {
  return `f=;umask 077;f=$(mktemp)&&${filter}>"$f"||{ rm -f "$f";echo "lqpt: nothing was changed: what was sent could not be kept in a file; expected all of it, and room in /tmp">&2;exit 9;}`;
}

/**
 * sudo -S asks up to three times: given the password and then the end of input, a wrong one costs one failure and eats
 * no line of what follows it.
 */
function withPassword(spool: string): string {
  return `IFS= read -r p;${spool};printf '%s\\n' "$p"`;
}

// What is left of stdin is read in any case: the provider reports a command that leaves some of it as failed.
const KEEP_STATUS = `s=$?;[ -z "$f" ]||rm -f "$f";cat>/dev/null`;
const DRAINED = `${KEEP_STATUS};exit $s`;

/**
 * lqptctl never exits with 1; sudo does when it refuses, in words of its own that do not say what to do. Where there is no
 * sudo, the shell says 127, as it does where there is no lqptctl.
 */
function explained(script: string): string {
  return `${script};${KEEP_STATUS};case $s in 1)echo "lqpt: sudo did not run this as root (its words are above); ${RULE}">&2;;127)command -v sudo>/dev/null||echo "lqpt: there is no sudo here; ${RULE}, or user: root">&2;;esac;exit $s`;
}

const RULE =
  "nothing was changed. Expected a sudoers rule for $(id -un) that allows ALL commands, without requiretty, as lqpt:hosts.<host>.sudo says (nopasswd, or password and the right sudoPassword)";
