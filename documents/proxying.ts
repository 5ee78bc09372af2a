import type { StackConfig } from "../config/types";

/** How a call goes on to Leqi: said once for the whole server, so that every location passes it on alike. */
export function renderProxying({ leqi, site }: StackConfig): string {
  const { connect, send, read } = site.timeouts;
  return `    proxy_http_version 1.1;
    proxy_set_header Host ${leqi.host}:${leqi.port};
    proxy_set_header Connection "";
    proxy_set_header X-Real-IP "";
    proxy_set_header X-Forwarded-For "";
    proxy_set_header X-Forwarded-Host "";
    proxy_set_header X-Forwarded-Proto "";
    proxy_set_header X-Forwarded-Port "";
    proxy_set_header X-Forwarded-Server "";
    proxy_set_header X-Scheme "";
    proxy_set_header Forwarded "";
    proxy_set_header Via "";
    proxy_pass_request_headers on;
    proxy_pass_request_body on;
    proxy_redirect off;
    proxy_intercept_errors off;
    proxy_cache off; #? with http-cache
    proxy_store off;
    proxy_bind off;

    proxy_ssl_server_name on;
    proxy_ssl_name ${leqi.host};
${renderVerify(leqi)}
    proxy_ssl_protocols TLSv1.2 TLSv1.3; #? nginx 1.13.0
    proxy_ssl_protocols TLSv1.2; #? else
    proxy_ssl_session_reuse on;

    # A POST is an invoice: another address may be tried before it was sent, nothing is repeated after.
    proxy_next_upstream error timeout;
    proxy_next_upstream_tries 3;
    proxy_next_upstream_timeout 15s;
    proxy_connect_timeout ${connect}s;
    proxy_send_timeout ${send}s;
    proxy_read_timeout ${read}s;
    proxy_ignore_client_abort on;
    proxy_socket_keepalive on; #? nginx 1.15.6

    proxy_request_buffering on;
    proxy_buffering on;
    proxy_buffer_size 16k;
    proxy_buffers 16 16k;
    proxy_busy_buffers_size 32k;
    proxy_max_temp_file_size 0;
    proxy_limit_rate 0;
`;
}

function renderVerify({ verify }: StackConfig["leqi"]): string {
  if (verify === "off") {
    return `    # lqpt:leqi.verify is off: nobody checks that it is Leqi who answers.
    proxy_ssl_verify off;`;
  }
  return `    proxy_ssl_verify on;
    proxy_ssl_verify_depth 3;
    proxy_ssl_trusted_certificate {{${verify === "pinned" ? "pinned-ca" : "ca-bundle"}}};`;
}
