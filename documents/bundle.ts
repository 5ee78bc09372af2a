import { createHash } from "node:crypto";
import type { HostConfig, StackConfig } from "../config/types";
import { renderDocument } from "./document";
import { lqptctl } from "./tool";
import { applyWords, installWords, markWords, quoteAll, TOOL_PATH } from "./toolCalls";

/** One file that makes one host equal to its document, for an administrator who runs it there. */
export interface Bundle {
  /** What it is called: `lqpt-acme-prod-proxy-1-3b1f09aa.sh`, with the beginning of its digest. */
  readonly file: string;
  /** A POSIX shell script that a person can read. Nothing in it is secret but the listener's key and VRRP's password, where they were asked for. */
  readonly text: string;
  /** SHA-256 of its bytes, 64 hexadecimal digits: what the two ends compare by telephone. */
  readonly sha256: string;
}

/** Around the host's report, so that it is found in whatever is sent back. */
export const REPORT_BEGIN = "----- report of lqpt, to be sent back: begin -----";
export const REPORT_END = "----- report of lqpt, to be sent back: end -----";

/** Where lqptctl keeps whose a machine is, and what was in force on it. */
const STATE_FOLDER = "/var/lib/lqpt";
const HISTORY_FILE = "/var/log/lqpt/history.jsonl";

/**
 * The bundle of one host. It depends on the config and on lqptctl alone, so two people make the same bytes of it.
 *
 * @param keys what `lqptctl keys` reads; undefined where the host needs nothing that is secret
 */
export function renderBundle(config: StackConfig, host: HostConfig, keys?: string): Bundle {
  const tool = lqptctl();
  const document = renderDocument(config, host);
  const text = [
    "#!/bin/sh",
    `# Makes this machine equal to its lqpt document: host ${host.name} of the stack ${config.stack}, owner ${config.id}.`,
    "#",
    keys === undefined
      ? "# For the administrator of the machine. Nothing in this file is secret, and all that it does can be read in it:"
      : `# SECRET: ${secretIn(config)} is in it. Keep it for root alone, send it by no open way, delete it afterwards.\n# For the administrator of the machine. All that it does can be read in it:`,
    "#   1. the document, a little below: who may reach the Leqi proxy on this machine, and the proxy's nginx site;",
    "#   2. lqptctl, the tool that carries it out as a transaction, and puts back what was where anything goes wrong.",
    `# Compare its digest with whoever sent it, by telephone: sha256sum FILE`,
    `# Then run it as root: sh FILE. It may be run again at any time; what is so already is not changed.`,
    "# Only the newest file that you were sent counts. Throw older ones away: they would let in whoever was let in then.",
    `# Document ${document.digest}, lqptctl ${tool.version}.`,
    "",
    "set -u",
    "umask 077",
    "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "export PATH",
    "",
    heredoc("write_document", "LQPT_END_OF_DOCUMENT", document.text),
    ...(keys === undefined ? [] : [heredoc("write_keys", "LQPT_END_OF_KEYS", keys)]),
    heredoc("write_tool", "LQPT_END_OF_TOOL", tool.text),
    driver(config, host, { version: tool.version, digest: document.digest, hasKeys: keys !== undefined }),
  ].join("\n");
  const sha256 = createHash("sha256").update(text).digest("hex");
  return { file: `lqpt-${config.stack}-${host.name}-${sha256.slice(0, 8)}.sh`, text, sha256 };
}

function secretIn({ listen, vip }: StackConfig): string {
  if (listen.tls === "none") return "the password of the shared address";
  return `the private key of the listener${vip === undefined ? "" : ", with the password of the shared address,"}`;
}

/** A function that prints a text as it is. */
function heredoc(name: string, end: string, text: string): string {
  if (text.split("\n").includes(end)) throw new Error(`the text of ${name} has the line ${end}`);
  return `${name}() {\n\tcat <<'${end}'\n${text}${end}\n}\n`;
}

/** All of it in a function that the last line calls: of a file that was cut short nothing runs. */
function driver(
  config: StackConfig,
  host: HostConfig,
  {
    version,
    digest,
    hasKeys,
  }: { readonly version: string; readonly digest: string; readonly hasKeys: boolean },
): string {
  const bringKeys = hasKeys
    ? `write_keys | ${TOOL_PATH} ${quoteAll(["keys", ...markWords(config.id, host)])} >/dev/null || exit\n\t`
    : "";
  const mark = quoteAll([`${config.id} ${host.name}`]);
  const hex = digest.replace("sha256:", "");
  return `stop() {
	printf 'lqpt: %s. Nothing was changed\\n' "$2" >&2
	exit "$1"
}

main() {
	again=
	rename=
	for option; do
		case $option in
		--again) again=1 ;;
		--rename) rename=1 ;;
		*) stop 64 "found $option; expected nothing, --again or --rename" ;;
		esac
	done
	[ "$(id -u)" = 0 ] || stop 1 "this runs as $(id -un); expected root"
	held=$(cat ${STATE_FOLDER}/owner 2>/dev/null)
	case $held in
	'' | ${mark}) ;;
	${quoteAll([config.id])}" "*)
		[ -n "$rename" ] || stop 1 "this machine is $held (lqpt:id and host), and the file is for "${mark}". If that host has a new name, run it with --rename"
		;;
	*) stop 1 "this machine is $held (lqpt:id and host), and the file is for "${mark}": it is another stack's" ;;
	esac
	last=$(sed -n 's/.*"after":"\\([0-9a-f]\\{64\\}\\)".*/\\1/p' ${HISTORY_FILE} 2>/dev/null | tail -n 1)
	[ "$last" = ${hex} ] || [ -n "$again" ] || ! grep -q ${quoteAll([`"after":"`])}${hex} ${HISTORY_FILE} 2>/dev/null ||
		stop 1 "its document was in force here once, and a later one took its place. If this file is the newest one, by its digest over the telephone, run it with --again"
	work=$(mktemp -d) || exit 1
	trap 'rm -rf "$work"' EXIT
	trap 'exit 1' HUP INT TERM
	write_document >"$work/document" && write_tool >"$work/lqptctl" || exit 1
	echo "lqpt: 1 of 2: bringing lqptctl ${version} and nginx" >&2
	sh "$work/lqptctl" ${quoteAll(installWords(config, host))} >/dev/null || exit
	${bringKeys}echo "lqpt: 2 of 2: the document" >&2
	${TOOL_PATH} ${quoteAll(applyWords(version))} <"$work/document" >"$work/report"
	status=$?
	case $status in
	0)
		printf '%s\\n' ${quoteAll([REPORT_BEGIN])}
		tail -n 1 "$work/report" | sed 's/ /\\\\u0020/g'
		printf '%s\\n' ${quoteAll([REPORT_END])}
		echo "lqpt: done. Send the lines above back to whoever gave you this file" >&2
		;;
	13)
		echo "lqpt: firewalld was started here and goes back by itself in ${String(config.firewall.rollbackSeconds)} seconds." >&2
		echo "lqpt: log in again now, by a new SSH connection, which proves that you are not locked out, and run this file there once more" >&2
		;;
	*) echo "lqpt: it did not work out; what was found and what was left is told above. Send that back" >&2 ;;
	esac
	exit "$status"
}

main "$@"
`;
}

/**
 * The report within what an administrator sent back, a whole mail perhaps, with what it answers below it.
 *
 * @throws Error where there is none, or where there are several: which one is the last cannot be told by its place.
 */
export function reportIn(sent: string): string {
  const lines = sent.split(/\r?\n/).map((line) => line.replace(/^[>\s]+/, "").trimEnd());
  const framed = framedIn(lines);
  const [first, ...others] = new Set(
    framed.length > 0 ? framed : lines.filter((line) => line.startsWith("{")),
  );
  if (first === undefined) {
    throw new Error(`there is no report in it; expected the lines from "${REPORT_BEGIN}" to "${REPORT_END}"`);
  }
  if (others.length > 0) {
    throw new Error(
      `there are ${others.length + 1} different reports in it; expected one. Leave out all but the one of the last run`,
    );
  }
  return first;
}

function framedIn(lines: readonly string[]): string[] {
  return lines.flatMap((line, begin) => {
    const end = line === REPORT_BEGIN ? lines.indexOf(REPORT_END, begin) : -1;
    // Mail may have broken the one line into several. The bundle writes it without blanks, so that none is lost there.
    return end < 0 ? [] : [lines.slice(begin + 1, end).join("")];
  });
}
