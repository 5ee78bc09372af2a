import type { FirewallConfig, HostConfig, StackConfig } from "../config/types";

/** Where lqptctl lives on a host. Always called by its absolute path: sudo's own PATH may not have it. */
export const TOOL_PATH = "/usr/local/sbin/lqptctl";

/** Words of a shell, each quoted where it must be. */
export function quoteAll(words: readonly string[]): string {
  return words.map(quoteWord).join(" ");
}

/** One shell word: plain words stay readable, everything else is single-quoted. */
export function quoteWord(word: string): string {
  return /^[A-Za-z0-9_./:=+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Whose a host is, as every verb that changes ownership wants to know. */
export function markWords(id: string, host: Pick<HostConfig, "name">): string[] {
  return ["--owner", id, "--host", host.name];
}

/** The words of `lqptctl install`. */
export function installWords(
  { id, listen, firewall, nginx }: Pick<StackConfig, "id" | "listen" | "firewall" | "nginx">,
  host: Pick<HostConfig, "name">,
): string[] {
  return [
    "install",
    ...markWords(id, host),
    "--port",
    String(listen.port),
    ...gateWords(firewall, nginx.source),
  ];
}

/** The words of `lqptctl apply`, whose document is on stdin. */
export function applyWords(version: string): string[] {
  return ["apply", "--tool", version];
}

/** Only what is not the default, so that the command stays short: its whole text is printed when it fails. */
function gateWords({ mode, keepOpen, closes }: FirewallConfig, source: string): string[] {
  return [
    ...(source === "package" ? [] : ["--nginx", source]),
    ...(mode === "external" ? ["--mode", "external"] : []),
    ...(keepOpen.length === 0 ? [] : ["--keep-open", keepOpen.join(",")]),
    ...(closes.length === 0 ? [] : ["--closes", closes.join(",")]),
  ];
}
