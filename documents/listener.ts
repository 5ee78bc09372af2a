import type { StackConfig } from "../config/types";

/** Where nginx listens: for back ends, and for the check of this host itself. */
export function renderListener({ listen, check }: StackConfig): string {
  const plain = listen.tls === "none";
  const ssl = plain ? "" : " ssl";
  return `    listen ${listen.bind}:${listen.port}${ssl}${listen.proxyProtocol ? " proxy_protocol" : ""} default_server;
${listen.proxyProtocol ? OWN_WAY_IN(listen.port, ssl) : ""}    listen 127.0.0.1:${check.port} default_server;
    server_name _;
${plain ? "" : TLS_LISTENER}`;
}

/** Programs of this host that look at its listener need not speak the PROXY protocol. */
const OWN_WAY_IN = (port: number, ssl: string): string =>
  `    listen 127.0.0.1:${port}${ssl} default_server;\n`;

/** By Mozilla's intermediate guideline: every client of the last ten years, and nothing weaker. */
const TLS_LISTENER = `
    ssl_certificate /etc/lqpt/listener.pem;
    ssl_certificate_key /etc/lqpt/listener.pem;
    ssl_protocols TLSv1.2 TLSv1.3; #? nginx 1.13.0, openssl 1.1.1
    ssl_protocols TLSv1.2; #? else
    ssl_ciphers ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305;
    ssl_prefer_server_ciphers off;
    ssl_session_cache shared:lqpt_tls:2m;
    ssl_session_timeout 1h;
    # Older ones never change the key that tickets are made with.
    ssl_session_tickets off; #? below nginx 1.23.2
    ssl_verify_client off;
    ssl_early_data off; #? nginx 1.15.3
`;
