import type { Host } from "../../support/lab";
import { ADDRESSES, PORT } from "../../support/samples";
import { aptInstall } from "../packages";
import { SITE } from "./tool";

/** The addresses of the vendor's document, all of which it tells everybody to open. */
export const PROD = [ADDRESSES.vendor, "52.82.125.155", "82.157.180.203", "121.36.53.241"];
export const SANDBOX = [ADDRESSES.sandbox, "68.79.14.3", "82.156.30.248/32", "124.70.28.68"];
/** The world's own client, let in by hand beside those. */
export const OWN = ADDRESSES.listed;

export const CONF = `
server {
    listen ${PORT};
    server_name _;
    location / {
        proxy_pass https://lqpt.chinatax.gov.cn:8443;
        proxy_ssl_server_name on;
    }
}
`;

const ruleFor = (source: string, port = PORT): string =>
  `rule family="ipv4" source address="${source}" port port="${port}" protocol="tcp" accept`;

/** What is nobody's business but the machine's own. */
const FOREIGN = [
  ...["--add-service=http", "--add-port=9443/tcp", `--add-rich-rule=${ruleFor("198.51.100.9", 9100)}`],
  ...["--zone=internal --add-source=10.9.0.0/16", "--zone=internal --add-port=9500/tcp"],
];

/** Lines of shell that do it to the runtime and to the permanent configuration. */
const both = (option: string): string => {
  const words = option.includes("rule ") ? `'${option}'` : option;
  return `firewall-cmd -q ${words} && firewall-cmd -q --permanent ${words}`;
};

/** Follows the vendor's document on a host whose firewalld runs, with some openings of its own beside. */
export async function setUpByHand(host: Host): Promise<void> {
  const rules = [...PROD, ...SANDBOX, OWN].map((source) => `--add-rich-rule=${ruleFor(source)}`);
  await host.mustExec([...rules, ...FOREIGN].map(both).join(" && "), { timeoutMs: 300_000 });
  await aptInstall(host, "nginx");
  await host.write(SITE, CONF);
  await host.mustExec("nginx -t && systemctl enable nginx && systemctl restart nginx");
}
