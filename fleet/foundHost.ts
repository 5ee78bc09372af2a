import { isPlainPath } from "../config/removals";
import type { ListenConfig } from "../config/types";
import type { FoundMachine } from "../documents/doctorReport";
import { type Decision, chosen, decision } from "./decision";
import type { Part } from "./takeOver";
import { IN_FILE } from "./takeOverWords";

/** Whether more may reach the port than the rules name. */
export function isOpen({ proxy, firewalldFilters }: FoundMachine): boolean {
  return proxy.openings.length > 0 || proxy.foreign.length > 0 || firewalldFilters !== true;
}

/** All that is not about one address. */
export function ofHost(host: string, machine: FoundMachine, tls: ListenConfig["tls"], day: string): Part {
  const { proxy } = machine;
  const isOff = machine.firewalldActive !== "active";
  const removable = proxy.sites.filter(isRemovable);
  const remove = {
    ...(proxy.openings.length > 0 ? { everyone: IN_FILE.wasOpen(host, day) } : {}),
    ...Object.fromEntries(removable.map((site) => [site, IN_FILE.served(host, day)])),
  };
  const decisions: Decision[] = [
    ...ofFilter(host, machine),
    ...(isOpen(machine) ? unknownCallers(host, machine) : []),
    ...removable.map((site) => decision("site", () => [site, host])),
    ...ofServing(host, machine, tls),
    ...proxy.foreign.map((found) => decision("foreign", () => [host, found])),
    ...(isOff ? ofStart(host, machine) : []),
  ];
  return { remove, decisions };
}

/** Whether lqpt:remove can name a file. */
function isRemovable(site: string): boolean {
  return isPlainPath(site) && site.length <= 256;
}

/** By what the port is open to more than the rules name. */
function ofFilter(host: string, { proxy, firewalldActive, firewalldFilters }: FoundMachine): Decision[] {
  const isActive = firewalldActive === "active";
  return chosen([
    [proxy.openings.length > 0, decision("open", () => [host, proxy.openings.join("; ")])],
    [!isActive, decision("off", () => [host])],
    [isActive && firewalldFilters === false, decision("filtersNothing", () => [host])],
    [isActive && firewalldFilters === null, decision("filterUnknown", () => [host])],
  ]);
}

/** What a start of firewalld would close, or meet. */
function ofStart(host: string, { proxy, rulesets }: FoundMachine): Decision[] {
  return [
    ...proxy.closedByStart.map((port) => decision("keepOpen", () => [host, port])),
    ...rulesets.map((ruleset) => decision("ruleset", () => [host, ruleset])),
  ];
}

/** Why there may be callers whom nobody knows. */
export function unknownCallers(host: string, { proxy }: FoundMachine): Decision[] {
  const { callersLeftOut, logs, unreadLogs } = proxy;
  return chosen([
    [callersLeftOut > 0, decision("moreCallers", () => [host, callersLeftOut])],
    [logs === 0 && unreadLogs.length === 0, decision("noLog", () => [host])],
    [unreadLogs.length > 0, decision("unreadLogs", () => [host, unreadLogs.join("; ")])],
  ]);
}

/** What callers would meet otherwise than now, and what the first `up` would be refused for. */
function ofServing(host: string, { proxy, listeners }: FoundMachine, tls: ListenConfig["tls"]): Decision[] {
  const { servesTls, accessRules, nginxRefuses, otherNginx, mixedSites } = proxy;
  const isOthers = servesTls === null && nginxRefuses === null && isServed(proxy.port, listeners);
  return chosen([
    ...mixedSites.map((site) => [true, decision("mixedSite", () => [site, host])] as const),
    ...proxy.sites.map((site) => [!isRemovable(site), decision("oddSite", () => [site, host])] as const),
    [nginxRefuses !== null, decision("nginxRefuses", () => [host, nginxRefuses ?? ""])],
    [otherNginx.length > 0, decision("otherNginx", () => [host, otherNginx.join(", ")])],
    [isOthers, decision("otherServer", () => [host])],
    [servesTls === true && tls === "provided", decision("ownCertificate", () => [host])],
    [servesTls === true && tls === "self-signed", decision("otherCertificate", () => [host])],
    [servesTls === false && tls !== "none", decision("plainBefore", () => [host])],
    [accessRules.length > 0, decision("accessRules", () => [host, accessRules.join("; ")])],
  ]);
}

/** Whether anything listens on the port and can be reached. */
export function isServed(port: number, listeners: readonly string[]): boolean {
  return listeners.some((one) => one.includes(" on tcp ") && one.endsWith(`:${port}`));
}

/**
 * A wrong port would make a file that is sound, and whose first `up` makes a second proxy beside the one that runs.
 *
 * @param machines what was found, by host
 * @throws Error where none of them has anything to do with the port.
 */
export function refuseUnusedPort(machines: ReadonlyMap<string, FoundMachine>, port: number): void {
  const all = [...machines];
  const isThere = all.some(
    ([, { proxy, listeners }]) =>
      isServed(port, listeners) ||
      proxy.servesTls !== null ||
      proxy.sources.length > 0 ||
      proxy.openings.length > 0,
  );
  if (isThere) return;
  const others = all.map(([host, { listeners }]) => `${host}: ${listeners.join(", ") || "nothing"}`);
  throw new Error(
    `nothing listens on port ${port} there, no nginx serves it and no rule of firewalld opens it; expected the port of the proxy that runs (--listen-port). What listens: ${others.join("; ")}. For a machine that is new: lqpt new. Nothing was written`,
  );
}
