import type { StackConfig } from "../config/types";

/** Where Leqi is, and how long nginx stays connected with it. */
export function renderUpstream({ leqi }: StackConfig): string {
  return `upstream lqpt_leqi {
${leqi.addresses.length > 0 ? renderServers(leqi.addresses, leqi.port) : renderFollowed(leqi.host, leqi.port)}
    # An older nginx cannot be told to close first, and a request that meets a connection just being closed is lost.
    # Each worker's: with fewer, calls that come at once would close connections only to open others. #? nginx 1.15.3, with http_upstream_keepalive_module
    keepalive 128; #? nginx 1.15.3, with http_upstream_keepalive_module
    # Below the 5 s after which the hastiest servers close what is idle: a call sent just as one closes is lost, and none knows if it was taken. #? nginx 1.15.3, with http_upstream_keepalive_module
    keepalive_timeout 4s; #? nginx 1.15.3, with http_upstream_keepalive_module
    keepalive_requests 1000; #? nginx 1.15.3, with http_upstream_keepalive_module
    keepalive_time 10m; #? nginx 1.19.10, with http_upstream_keepalive_module
}
`;
}

function renderServers(addresses: readonly string[], port: number): string {
  return addresses.map((address) => `    server ${address}:${port} max_fails=0;`).join("\n");
}

/**
 * nginx follows the name by itself where it can and a name server is what knows it; else lqptctl's timer does, which
 * writes the addresses here, so that nginx comes up whether the name is resolved then or not.
 */
function renderFollowed(host: string, port: number): string {
  return `    zone lqpt_leqi 64k; #? nginx 1.27.3, with http_upstream_zone_module, name server
    resolver {{name-servers}} valid=60s ipv6=off; #? nginx 1.27.3, with http_upstream_zone_module, name server
    server ${host}:${port} resolve max_fails=0; #? nginx 1.27.3, with http_upstream_zone_module, name server
    server {{leqi-address}}:${port} max_fails=0; #? else`;
}
