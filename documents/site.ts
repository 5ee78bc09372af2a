import type { StackConfig } from "../config/types";
import { renderHealthAsked, renderHealthLists, renderHealthLocation, tellsHealth } from "./health";
import { renderListener } from "./listener";
import { renderProxying } from "./proxying";
import { renderUpstream } from "./upstream";

/** What the vendor's document calls to see whether Leqi is reached; it is the same in each environment but for its root. */
export const CHECK_PATHS = {
  sandbox: "/access/newsandbox/v2/invoke/202007/CXKYSL",
  prod: "/access/v2/invoke/202007/CXKYSL",
} as const;

/**
 * lqpt.conf, from the config alone. What only the host knows is filled in there: `{{…}}` is replaced, and a line with a
 * guard (`#? nginx 1.15.6`) is kept or dropped by what this machine's nginx can do (host/guards.sh).
 *
 * Everything that nginx inherits from its `http` block is restated: the machine's own nginx.conf may say otherwise, and
 * one `proxy_set_header` or buffer size inherited from there would change what reaches Leqi.
 */
export function renderSite(config: StackConfig): string {
  return `${renderHead(config)}
${renderWhitelist(config)}
${renderMaps(config)}${renderHealthLists(config)}
${renderLogFormat(config)}
${renderLimitZones(config)}
${renderUpstream(config)}
server {
${renderListener(config)}
${renderAccess(config)}
${renderServing(config)}
${renderProxying(config)}
${renderLocations(config)}}
`;
}

function renderHead({ id }: StackConfig): string {
  return `# Managed by lqpt for ${id}: do not edit. A change made here by hand stops the next one, which names this file.
# A call reaches Leqi as the back end sent it, but for the headers by which proxies tell of others. No POST is sent
# twice, and nothing of a call is kept.
`;
}

function renderWhitelist({ sources }: StackConfig): string {
  return `# The whitelist once more, behind the firewall's. It is keyed on the real peer: a header cannot move it.
geo $realip_remote_addr $lqpt_listed { #? with http_realip_module
geo $remote_addr $lqpt_listed { #? else
    default 0;
${sources
  .filter(({ kind }) => kind !== "healthcheck")
  .map(({ cidr }) => `    ${cidr} 1;`)
  .join("\n")}
}
`;
}

/** Short keys: how long one may be depends on the machine's processor and its own nginx.conf. */
function renderMaps(config: StackConfig): string {
  const { site, check } = config;
  const asked = tellsHealth(config) ? { value: "$lqpt_asked", none: "0" } : { value: "", none: "" };
  return `# "lqptctl check" comes in by 127.0.0.1 and gets as far as its own test, no further.
map "$server_addr:$server_port" $lqpt_local {
    default 0;
    "127.0.0.1:${check.port}" 1;
}

map "$lqpt_listed$lqpt_local${asked.value}" $lqpt_passes {
    default 1;
    00${asked.none} 0;
}

map $request_method $lqpt_method {
    default 0;
${site.methods.map((method) => `    ${method} 1;`).join("\n")}
}

map "$lqpt_method$lqpt_local" $lqpt_call {
    default 0;
    10 1;
}

map "$lqpt_method$lqpt_local" $lqpt_call_or_check {
    default 1;
    00 0;
}
`;
}

/** What a PROXY header says is told last: of what stands before it, the host's tool knows the places. */
function renderLogFormat({ listen }: StackConfig): string {
  return `log_format lqpt escape=json
    '{"time":"$time_iso8601","peer":"$realip_remote_addr",' #? with http_realip_module
    '{"time":"$time_iso8601","peer":"$remote_addr",' #? else
    '"status":$status,"method":"$request_method","path":"$uri","path_allowed":"$lqpt_path","method_allowed":"$lqpt_method",'
    '"request_bytes":$request_length,"response_bytes":$body_bytes_sent,"seconds":$request_time,'
    '"upstream":"$upstream_addr","upstream_status":"$upstream_status",'
    '"upstream_connect":"$upstream_connect_time","upstream_seconds":"$upstream_response_time"${listen.proxyProtocol ? ',"told_peer":"$proxy_protocol_addr"' : ""}}';
`;
}

/** Always there, so that no limit of the machine's own nginx.conf is inherited. */
function renderLimitZones({ site }: StackConfig): string {
  const { requestsPerSecond } = site.limits;
  return `limit_req_zone $binary_remote_addr zone=lqpt_rate:1m rate=${requestsPerSecond}r/s; #? with http_limit_req_module
limit_conn_zone $binary_remote_addr zone=lqpt_open:1m; #? with http_limit_conn_module
`;
}

function renderAccess(config: StackConfig): string {
  return `    set $lqpt_path 0;
${renderHealthAsked(config)}    # A peer that is not listed learns nothing, not even that this is nginx.
    if ($lqpt_passes = 0) {
        return 444;
    }

    # Nobody is believed who says whom he speaks for, whatever nginx.conf says.
    set_real_ip_from 255.255.255.255; #? with http_realip_module
    allow all; #? with http_access_module
    auth_basic off; #? with http_auth_basic_module
    auth_request off; #? with http_auth_request_module
    mirror off; #? nginx 1.13.4, with http_mirror_module
    http2 off; #? nginx 1.25.1, with http_v2_module
    limit_req_status 429; #? with http_limit_req_module
    limit_conn_status 429; #? with http_limit_conn_module
`;
}

function renderServing({ site }: StackConfig): string {
  const { burst, connections } = site.limits;
  return `    limit_req zone=lqpt_rate burst=${burst} nodelay; #? with http_limit_req_module
    limit_conn lqpt_open ${connections}; #? with http_limit_conn_module

    access_log {{log-folder}}/access.log lqpt;
    server_tokens off;
    limit_rate 0;
    # Leqi's access_signature has an underscore, and nginx drops such headers silently.
    underscores_in_headers on;
    large_client_header_buffers 4 16k;
    client_header_timeout 15s;
    client_body_timeout 60s;
    send_timeout 60s;
    keepalive_timeout 65s;
    gzip off; #? with http_gzip_module
    # A call too broken to be judged above is judged here, so that a stranger gets not one byte for it either.
    error_page 400 405 408 414 431 494 495 496 497 501 505 /lqpt-refused;
    # An invoice is never on this disk: bodies up to the limit are held in memory.
    client_max_body_size ${site.maxBodyMiB}m;
    client_body_buffer_size ${site.maxBodyMiB}m;
    client_body_in_file_only off;
`;
}

function renderLocations(config: StackConfig): string {
  const { site, environments } = config;
  const { paths, enforce } = site;
  const all = paths.includes("/");
  const listed = (match: string): string =>
    location(match, true, enforce ? "$lqpt_call = 0" : "$lqpt_local = 1");
  const other = (match: string): string =>
    enforce
      ? `    location ${match} {\n        return 444;\n    }\n`
      : location(match, false, "$lqpt_local = 1");
  return [
    BROKEN_CALLS,
    ...renderHealthLocation(config),
    ...(all ? [] : [other("/")]),
    // Of itself nginx would redirect a path that lacks only the last slash.
    ...paths
      .filter((path) => path !== "/")
      .map((path) => `= ${path.slice(0, -1)}`)
      .map(all ? listed : other),
    ...paths.map((path) => listed(`^~ ${path}`)),
    ...environments.map((environment) => checked(CHECK_PATHS[environment], site)),
  ].join("\n");
}

/** The path of the check: open to it whatever the rules are, and to others by the rules. */
function checked(path: string, { paths, enforce }: StackConfig["site"]): string {
  const inside = paths.some((start) => path.startsWith(start));
  const refused = inside ? "$lqpt_call_or_check = 0" : "$lqpt_local = 0";
  return location(`= ${path}`, inside, enforce ? refused : undefined);
}

const BROKEN_CALLS = `    location = /lqpt-refused {
        internal;
        return 400;
    }
`;

/** @param refused the condition on which a call is closed without an answer; none where it is undefined */
function location(match: string, isListed: boolean, refused: string | undefined): string {
  return `    location ${match} {
${isListed ? "        set $lqpt_path 1;\n" : ""}${refused === undefined ? "" : refusal(refused)}        proxy_pass https://lqpt_leqi;
    }
`;
}

function refusal(condition: string): string {
  return `        if (${condition}) {
            return 444;
        }
`;
}
