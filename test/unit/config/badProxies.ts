import { SECRET } from "../../../config/parse";
import { CA, OTHER_CA } from "./certificate";
import { BAD_SOURCES } from "./badSources";
import { HOST, SMALL, type Values, without } from "./stacks";

function listen(change: Values, rest: Values = {}): Values {
  return { ...SMALL, listen: { tls: "none", ...change }, ...rest };
}

const WITH_KEY = { secrets: { certificate: { key: SECRET } } };

/** The same of the listener, the site, nginx, Leqi and the check. */
export const BAD_PROXIES: readonly (readonly [string, Values, readonly string[]])[] = [
  ["no word on TLS in a public cloud", without(SMALL, "listen"), ["lqpt:listen.tls"]],
  ["an unknown kind of TLS", listen({ tls: "on" }), ["lqpt:listen.tls"]],
  [
    "a provided certificate that is not there, nor its key",
    listen({ tls: "provided" }),
    ["lqpt:secrets.certificate.key", "lqpt:listen.certificate"],
  ],
  ["a certificate that nothing uses", listen({ certificate: CA }), ["lqpt:listen.certificate"]],
  [
    "a certificate with its key in it",
    listen({ tls: "provided", certificate: `${CA}-----BEGIN PRIVATE KEY-----` }, WITH_KEY),
    ["lqpt:listen.certificate"],
  ],
  [
    "a certificate that its successor did not issue",
    listen({ tls: "provided", certificate: CA + OTHER_CA }, WITH_KEY),
    ["lqpt:listen.certificate"],
  ],
  ["names of a certificate that is not self-signed", listen({ names: ["a.example"] }), ["lqpt:listen.names"]],
  ["the key of a certificate that is not there", listen({}, WITH_KEY), ["lqpt:secrets.certificate"]],
  [
    "a host with the certificate's name",
    { ...SMALL, hosts: { certificate: HOST } },
    ["lqpt:hosts.certificate"],
  ],
  ["a port that is no number", listen({ port: "8864" }), ["lqpt:listen.port"]],
  ["sshd's own port", listen({ port: 22 }), ["lqpt:listen.port"]],
  ["a bind address that is a name", listen({ bind: "eth0" }), ["lqpt:listen.bind"]],
  ["a path without / at its end", { ...SMALL, site: { paths: ["/access"] } }, ["lqpt:site.paths[0]"]],
  ["a path with ..", { ...SMALL, site: { paths: ["/access/../"] } }, ["lqpt:site.paths[0]"]],
  ["a path with a semicolon", { ...SMALL, site: { paths: ["/a;b/"] } }, ["lqpt:site.paths[0]"]],
  ["no path", { ...SMALL, site: { paths: [] } }, ["lqpt:site.paths"]],
  ["an unknown method", { ...SMALL, site: { methods: ["post"] } }, ["lqpt:site.methods[0]"]],
  ["a word for yes", { ...SMALL, site: { enforce: "yes" } }, ["lqpt:site.enforce"]],
  ["a body of no size", { ...SMALL, site: { maxBodyMiB: 0 } }, ["lqpt:site.maxBodyMiB"]],
  [
    "a time-out with its unit",
    { ...SMALL, site: { timeouts: { read: "60s" } } },
    ["lqpt:site.timeouts.read"],
  ],
  ["an unknown limit", { ...SMALL, site: { limits: { perMinute: 5 } } }, ["lqpt:site.limits.perMinute"]],
  ["nginx from elsewhere", { ...SMALL, nginx: { source: "docker" } }, ["lqpt:nginx.source"]],
  ...BAD_SOURCES,
  [
    "Leqi without https",
    { ...SMALL, leqi: { endpoint: "http://lqpt.chinatax.gov.cn:8443" } },
    ["lqpt:leqi.endpoint"],
  ],
  [
    "Leqi with a path",
    { ...SMALL, leqi: { endpoint: "https://lqpt.chinatax.gov.cn:8443/" } },
    ["lqpt:leqi.endpoint"],
  ],
  [
    "an address of Leqi that is a name",
    { ...SMALL, leqi: { addresses: ["lqpt"] } },
    ["lqpt:leqi.addresses[0]"],
  ],
  ["an unknown way to verify", { ...SMALL, leqi: { verify: "no" } }, ["lqpt:leqi.verify"]],
  ["a pinned CA that is not there", { ...SMALL, leqi: { verify: "pinned" } }, ["lqpt:leqi.ca"]],
  ["a CA that is no certificate", { ...SMALL, leqi: { verify: "pinned", ca: "AAAA" } }, ["lqpt:leqi.ca"]],
  ["a CA that nothing uses", { ...SMALL, leqi: { ca: CA } }, ["lqpt:leqi.ca"]],
  ["the proxy's own port for the check", { ...SMALL, check: { port: 8864 } }, ["lqpt:check.port"]],
  ["a check that is never or always", { ...SMALL, check: { after: true } }, ["lqpt:check.after"]],
  [
    "a reflector with a password",
    { ...SMALL, check: { reflector: "https://u:p@ip.example/" } },
    ["lqpt:check.reflector"],
  ],
];
