import { z } from "zod";
import * as field from "./fields";
import { PORTS_RULE } from "./ports";

export const NAME = /^[a-z][a-z0-9-]{0,39}$/;
export const NAME_RULE =
  "a name of lower-case letters, digits and -, beginning with a letter, at most 40 characters";

const IDENTIFIER = /^[A-Za-z0-9_-]{1,64}$/;
const USER = /^[A-Za-z_][A-Za-z0-9._-]{0,31}$/;
// Only what needs no quoting in nginx's configuration; "." and ".." would name another path.
const SITE_PATH = /^\/(?:(?!\.{1,2}\/)[A-Za-z0-9_.-]+\/)*$/;

/** ID and VERSION_ID of /etc/os-release, and `uname -m`. */
const SYSTEM = /^[a-z][a-z0-9_.-]*-[A-Za-z0-9_.]+\/[a-z0-9_]+$/;
export const SYSTEM_RULE =
  "a system as ID-VERSION_ID/architecture of /etc/os-release and `uname -m`: debian-12/x86_64, centos-7/x86_64, kylin-V10/aarch64";
// What packages are called, and nothing that leads out of the folder.
const FILE_PATH = /^(?!.*(?:^|\/)\.{1,2}(?:\/|$))[A-Za-z0-9_.+~:%=-]+(?:\/[A-Za-z0-9_.+~:%=-]+)*$/;
const FILE_PATH_RULE = "a path below the folder of Pulumi.yaml, without . and .. parts";
const SHA256 = /^[0-9a-f]{64}$/;
const SHA256_RULE = "a SHA-256 in quotes: 64 digits and letters a to f, as `sha256sum FILE` prints it";

export const DEFAULT_PORT = 8864;
export const DEFAULT_CHECK_PORT = 8865;
export const DEFAULT_ENDPOINT = "https://lqpt.chinatax.gov.cn:8443";

/** No stack may let in a network with a shorter prefix than this. */
export const MIN_WIDEST = 8;

/** What may be there before firewalld is: rulesets, and that a machine forwards what is for others. */
const RULESETS = ["ufw", "iptables", "nftables", "forwarding"] as const;

const loginShape = {
  /** IPv4 address or DNS name. */
  address: field.hostAddress(),
  /** sshd's port. */
  port: field.port("sshd's port").default(22),
  user: field.text(USER, "the user to log in as, a POSIX user name such as root"),
  /** With what to log in; a key or a password is under `lqpt:secrets`. */
  auth: field.choice(["agent", "key", "password"]).default("agent"),
  /** The machine's own public key, pinned. */
  hostKey: field.hostKey(),
};

/** One entry of `lqpt:bastions`. */
export const bastionSchema = field.object(loginShape);

/** One entry of `lqpt:hosts`. */
export const hostSchema = field.object({
  ...loginShape,
  /** How root is had; default none for root, nopasswd for everybody else. */
  sudo: field.choice(["none", "nopasswd", "password"]).optional(),
  /** A name under `lqpt:bastions`. */
  bastion: field.text(NAME, "the name of an entry of lqpt:bastions").optional(),
  /** Which of `lqpt:nginx.files` are for it, where there are those of more than one system. */
  system: field.text(SYSTEM, SYSTEM_RULE).optional(),
  delivery: field.choice(["ssh"], ["bundle"]).default("ssh"),
  state: field.choice(["in"], ["out"]).default("in"),
});

const secretText = z.string({ error: "text in quotes" }).optional();

/** One entry of `lqpt:secrets`: for the parser each secret is an opaque marker. */
export const secretsSchema = field.object({
  privateKey: secretText,
  password: secretText,
  sudoPassword: secretText,
});

/** One entry of `lqpt:allow` written out; `owner` alone may stand for it. */
const sourceSchema = field.object({
  owner: field.line("whose address it is"),
  kind: field.choice(["backend", "frontend", "healthcheck"]).default("backend"),
  /** Who filters in front of a frontend. */
  filteredBy: field.line("who filters in front of it").optional(),
});

/** One value of `lqpt:allow`. */
export const allowSchema = z.union([field.line("whose address it is"), sourceSchema]);

/** One value of `lqpt:remove`. */
export const removeSchema = field.line("why it is to go");

/** `lqpt:secrets.certificate`: of the listener. */
export const certificateSecretsSchema = field.object({
  /** The private key of listen.certificate. */
  key: secretText,
});

/** `lqpt:secrets.nginxArchive`: for `lqpt:nginx.archive.url`. */
export const archiveSecretsSchema = field.object({ password: secretText });

/** The values of `lqpt:nginx.files`: from path to SHA-256. */
export const filesSchema = field.mapping(
  field.text(SHA256, SHA256_RULE),
  "from each file's path to its SHA-256",
);
export const systemSchema = field.text(SYSTEM, SYSTEM_RULE);
export const filePathSchema = field.text(FILE_PATH, FILE_PATH_RULE);

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const;

const environments = field.list(
  field.choice(["sandbox", "prod"]),
  "the environments to inherit from: sandbox, prod",
);

/** What both an environment's own file and a customer's stack say of the whitelist. */
const listShape = {
  environments: environments.optional(),
  allow: field.mapping(z.unknown(), "from IPv4 address or CIDR to its owner").optional(),
  remove: field.mapping(z.unknown(), "from what is to go to why").optional(),
};

/** A `Pulumi.<environment>.yaml` as the stacks that inherit from it see it. */
export const baseSchema = field.object(listShape);

/**
 * Every key of a stack. The entries of allow, remove, hosts, bastions and secrets are read one by one
 * with the schemas above, so that a mistake in one hides none in another.
 */
export const stackSchema = field.object({
  /** Owner's mark on the hosts. */
  id: field
    .text(/^[a-z][a-z0-9-]{2,39}$/, "3 to 40 lower-case letters, digits and -, beginning with a letter")
    .optional(),
  ...listShape,
  topology: field.choice(["public-cloud", "private-cloud"]).optional(),
  /** The connecting unit's Leqi ID (接入单位乐企id). */
  leqiId: field.text(IDENTIFIER, "the Leqi ID in quotes: 1 to 64 letters, digits, - and _").optional(),
  customer: field
    .object({
      name: field.line("the customer's name"),
      creditCode: field
        .text(/^[0-9A-Z]{15,20}$/, "15 to 20 digits and capital letters, in quotes")
        .optional(),
    })
    .optional(),
  registeredIp: field.ipv4("the egress IP registered with the tax bureau").optional(),
  publicAddress: field
    .origin(["http", "https"], "http:// or https://, a host, and its port: no path, no / at the end")
    .optional(),
  hosts: field.mapping(z.unknown(), "from each host's name to how it is reached").optional(),
  bastions: field.mapping(z.unknown(), "from each bastion's name to how it is reached").optional(),
  secrets: field.mapping(z.unknown(), "from a host's or bastion's name to its secrets").optional(),
  listen: field
    .object({
      port: field.port("the proxy's port").default(DEFAULT_PORT),
      bind: field.ipv4("the address to listen on").default("0.0.0.0"),
      /** No default in a public cloud. */
      tls: field.choice(["none", "self-signed", "provided"]).optional(),
      /** PEM, for tls: provided. */
      certificate: field
        .certificates("the listener's certificate, then those that lead to its root")
        .optional(),
      /** Further names and addresses in a self-signed certificate. */
      names: field
        .optionalList(field.hostAddress(), "a list of IPv4 addresses and DNS names, none twice")
        .default([]),
    })
    .optional(),
  site: field
    .object({
      paths: field
        .list(
          field.text(
            SITE_PATH,
            "a path of letters, digits, _ . - and /, with / at both ends and no . or .. part",
          ),
          "paths",
        )
        .default(["/access/"]),
      methods: field.list(field.choice(METHODS), "HTTP methods").default(["POST"]),
      /** False: what does not match is passed on and counted. */
      enforce: field.yesNo("whether a call with another path or method is refused").default(true),
      maxBodyMiB: field.whole(1, 1024, "MiB of a request's body").default(20),
      /** Towards Leqi, in seconds. */
      timeouts: field
        .object({
          connect: field.whole(1, 75, "seconds").default(5),
          send: field.whole(1, 3600, "seconds").default(60),
          read: field.whole(1, 3600, "seconds").default(120),
        })
        .prefault({}),
      /** For each source. Leqi's own limits are not published, so these only stop a runaway client. */
      limits: field
        .object({
          requestsPerSecond: field.whole(1, 10_000, "requests a second").default(1000),
          burst: field.whole(1, 10_000, "requests").default(2000),
          connections: field.whole(1, 65_535, "connections").default(1000),
        })
        .prefault({}),
    })
    .prefault({}),
  nginx: field
    .object({
      source: field.choice(["package", "files", "vendor", "existing"]).default("package"),
      /** For source: files. */
      files: field.mapping(z.unknown(), "from a system, debian-12/x86_64, to its files").optional(),
      /** For source: vendor. */
      archive: field
        .object({
          /** Beside the stack, brought over SSH. */
          file: field.text(FILE_PATH, FILE_PATH_RULE).optional(),
          /** Downloaded by the host itself. */
          url: field
            .text(
              /^https?:\/\/[A-Za-z0-9.-]+(:[1-9]\d{0,4})?\/[A-Za-z0-9._~/%+-]*$/,
              "an http:// or https:// URL without user, query or fragment",
            )
            .optional(),
          /** The password is lqpt:secrets.nginxArchive.password. */
          user: field.text(/^[A-Za-z0-9._@-]{1,64}$/, "1 to 64 letters, digits, . _ @ -").optional(),
          sha256: field.text(SHA256, SHA256_RULE),
        })
        .optional(),
    })
    .prefault({}),
  leqi: field
    .object({
      endpoint: field
        .origin(["https"], "https://, a host and a port, no path: https://lqpt.chinatax.gov.cn:8443")
        .default(DEFAULT_ENDPOINT),
      /** For a host without DNS. */
      addresses: field
        .optionalList(field.ipv4("an address of Leqi"), "a list of IPv4 addresses, none twice")
        .default([]),
      verify: field.choice(["system", "pinned", "off"]).default("system"),
      /** PEM, for verify: pinned. */
      ca: field.certificates("the CA that signed Leqi's certificate").optional(),
    })
    .prefault({}),
  check: field
    .object({
      after: field.choice(["never", "report", "require"]).default("never"),
      /** On 127.0.0.1 of the host. */
      port: field.port("a port of 127.0.0.1 for the test through nginx").default(DEFAULT_CHECK_PORT),
      /** Answers with the address that it was called from. */
      reflector: field
        .text(
          /^https?:\/\/[A-Za-z0-9.-]+(:[1-9]\d{0,4})?(\/[A-Za-z0-9._~/-]*)?$/,
          "an http:// or https:// URL without user, query or fragment",
        )
        .optional(),
    })
    .prefault({}),
  firewall: field
    .object({
      /** external: somebody else filters, and no firewall of a host is touched. */
      mode: field.choice(["firewalld", "external"]).default("firewalld"),
      zone: field
        .text(/^[A-Za-z0-9_-]{1,17}$/, "a zone of firewalld: 1 to 17 letters, digits, - and _")
        .optional(),
      /** What is opened before a firewalld that was off is started. */
      keepOpen: field.optionalList(field.ports(), `a list of ports, none twice: ${PORTS_RULE}`).default([]),
      /** Consent: what was reachable, or a ruleset that was there, before firewalld is started. */
      closes: field
        .optionalList(
          field.ports(RULESETS),
          `a list, none twice, of ports (${PORTS_RULE}) and of ${RULESETS.join(", ")}`,
        )
        .default([]),
      /** How long a host waits for the connection that proves SSH still open. */
      rollbackSeconds: field.whole(60, 900, "seconds").default(300),
      /** The shortest prefix of a source; default by topology. */
      widest: field.whole(MIN_WIDEST, 32, "a prefix's length").optional(),
    })
    .prefault({}),
  change: field.object({ ticket: field.line("the ticket").optional() }).prefault({}),
});

/** A stack's keys as far as they could be read. */
export type StackValues = Partial<z.output<typeof stackSchema>>;
