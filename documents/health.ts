import { HEALTH_PATH } from "../config/inFront";
import type { StackConfig } from "../config/types";

/** Made and taken away by lqptctl (host/health.sh); nginx only looks whether it is there. */
const HEALTHY = "/run/lqpt/healthy";

/**
 * Who may ask a host whether it is healthy, beside the host itself, as addresses and networks: health checks, and load
 * balancers, whose checks come from where their calls do; and of two hosts that share an address each the other. Empty
 * where nobody may: then a host has nothing of it.
 */
export function askersOf({ sources, vip }: StackConfig): readonly string[] {
  // Whichever has the shared address may ask itself by it, and comes from it then.
  const pair = vip === undefined ? [] : [vip.address, ...vip.own.values()];
  return [...sources.filter(({ kind }) => kind !== "backend").map(({ cidr }) => cidr), ...pair];
}

/** Whether somebody may ask. */
export function tellsHealth(config: StackConfig): boolean {
  return askersOf(config).length > 0;
}

/** The document's section: what a host looks at, and whose connections it refuses while it is not healthy. */
export function renderHealthSection(config: StackConfig): readonly string[] {
  if (!tellsHealth(config)) return [];
  return [
    "[health]",
    ...config.sources.filter(({ kind }) => kind === "healthcheck").map(({ cidr }) => `from ${cidr}`),
    `leqi ${config.health.leqi ? "yes" : "no"}`,
    "",
  ];
}

/** nginx's own list of who may ask, and by which methods. */
export function renderHealthLists(config: StackConfig): string {
  if (!tellsHealth(config)) return "";
  const { bind } = config.listen;
  // Where nginx listens on one address alone, the host calls itself by that, from that.
  const own = bind === "0.0.0.0" ? ["127.0.0.1"] : ["127.0.0.1", bind];
  const asking = [...new Set([...own, ...askersOf(config)])];
  return `
# Who may ask whether this host is healthy. Being on this list alone leads nowhere else.
geo $realip_remote_addr $lqpt_may_ask { #? with http_realip_module
geo $remote_addr $lqpt_may_ask { #? else
    default 0;
${asking.map((cidr) => `    ${cidr} 1;`).join("\n")}
}

map "$lqpt_may_ask$request_method" $lqpt_asks {
    default 0;
    1GET 1;
    1HEAD 1;
}
`;
}

/** Sets what lets a question for the health pass. By `if`, which compares to the letter: a map would take any case. */
export function renderHealthAsked(config: StackConfig): string {
  if (!tellsHealth(config)) return "";
  return `    set $lqpt_asked 0;
    if ($uri = ${HEALTH_PATH}) {
        set $lqpt_asked $lqpt_asks;
    }
`;
}

/** The answer; not logged, since a check comes every few seconds. */
export function renderHealthLocation(config: StackConfig): readonly string[] {
  if (!tellsHealth(config)) return [];
  return [
    `    location = ${HEALTH_PATH} {
        if ($lqpt_asks = 0) {
            return 444;
        }
        access_log off;
        default_type text/plain;
        # nginx.conf may have it remember for a while which files there are.
        open_file_cache off;
        # Made by lqptctl for as long as this host is as its document says.
        if (!-f ${HEALTHY}) {
            return 503 "not healthy\\n";
        }
        return 200 "healthy\\n";
    }
`,
  ];
}
