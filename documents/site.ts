import type { StackConfig } from "../config/types";

/**
 * lqpt.conf, from the config alone. `{{ca-bundle}}` is the one thing that only the host knows; lqptctl fills it in.
 *
 * Everything that nginx inherits from its `http` block is restated here: the machine's own nginx.conf may say
 * otherwise, and one `proxy_set_header` or buffer size inherited from there would change what reaches Leqi.
 */
export function renderSite(config: StackConfig): string {
  const { host, port } = config.leqi;
  return `# Managed by lqpt for ${config.id}: do not edit. A change made here by hand stops the next one, which names this file.
# Leqi sees exactly what the back end sent: nothing is added, removed, retried or kept.

# The whitelist once more, behind the firewall's. It is keyed on the real peer: a header cannot move it.
geo $realip_remote_addr $lqpt_listed {
    default 0;
${config.sources.map(({ cidr }) => `    ${cidr} 1;`).join("\n")}
}

map $request_method $lqpt_method {
    default 0;
${config.site.methods.map((method) => `    ${method} 1;`).join("\n")}
}

log_format lqpt escape=json
    '{"time":"$time_iso8601","peer":"$realip_remote_addr","status":$status,"method":"$request_method",'
    '"path":"$uri","request_bytes":$request_length,"response_bytes":$body_bytes_sent,"seconds":$request_time,'
    '"upstream":"$upstream_addr","upstream_status":"$upstream_status",'
    '"upstream_connect":"$upstream_connect_time","upstream_seconds":"$upstream_response_time"}';

upstream lqpt_leqi {
${upstreamServers(config)}
    keepalive 8;
    # Below any server's own idle time, so that a request does not meet a connection that is just being closed.
    keepalive_timeout 30s;
    keepalive_requests 1000;
}

server {
    listen ${config.listen.bind}:${String(config.listen.port)} default_server;
    server_name _;

    # A peer that is not listed learns nothing, not even that this is nginx.
    if ($lqpt_listed = 0) {
        return 444;
    }

    access_log ${ACCESS_LOG} lqpt;
    server_tokens off;
    # Leqi's access_signature has an underscore, and nginx drops such headers silently.
    underscores_in_headers on;
    large_client_header_buffers 4 16k;
    client_header_timeout 15s;
    client_body_timeout 60s;
    send_timeout 60s;
    keepalive_timeout 65s;
    gzip off;
    # An invoice is never on this disk: bodies up to the limit are held in memory.
    client_max_body_size 20m;
    client_body_buffer_size 20m;

${config.site.paths.includes("/") ? "" : DEFAULT_LOCATION}${config.site.paths.map((path) => renderLocation(path, config, `${host}:${String(port)}`)).join("")}}
`;
}

const DEFAULT_LOCATION = `    location / {
        return 444;
    }
`;

const ACCESS_LOG = "/var/log/nginx/lqpt/access.log";

function upstreamServers({ leqi }: StackConfig): string {
  const addresses = leqi.addresses.length > 0 ? leqi.addresses : [leqi.host];
  return addresses.map((address) => `    server ${address}:${String(leqi.port)} max_fails=0;`).join("\n");
}

function renderLocation(path: string, config: StackConfig, authority: string): string {
  return `
    location ^~ ${path} {
        if ($lqpt_method = 0) {
            return 444;
        }

        proxy_pass https://lqpt_leqi;
        proxy_http_version 1.1;
        proxy_set_header Host ${authority};
        proxy_set_header Connection "";
        proxy_set_header X-Real-IP "";
        proxy_set_header X-Forwarded-For "";
        proxy_set_header X-Forwarded-Host "";
        proxy_set_header X-Forwarded-Proto "";
        proxy_set_header Forwarded "";
        proxy_set_header Via "";
        proxy_pass_request_headers on;
        proxy_redirect off;
        proxy_intercept_errors off;
        proxy_cache off;

        proxy_ssl_server_name on;
        proxy_ssl_name ${config.leqi.host};
        proxy_ssl_verify on;
        proxy_ssl_verify_depth 3;
        proxy_ssl_trusted_certificate {{ca-bundle}};
        proxy_ssl_protocols TLSv1.2 TLSv1.3;
        proxy_ssl_session_reuse on;

        # A POST is an invoice: another address may be tried before it was sent, nothing is repeated after.
        proxy_next_upstream error timeout;
        proxy_next_upstream_tries 2;
        proxy_next_upstream_timeout 15s;
        proxy_connect_timeout 5s;
        proxy_send_timeout 60s;
        proxy_read_timeout 120s;
        proxy_ignore_client_abort on;
        proxy_socket_keepalive on;

        proxy_request_buffering on;
        proxy_buffering on;
        proxy_buffer_size 16k;
        proxy_buffers 16 16k;
        proxy_max_temp_file_size 0;
    }
`;
}
