import * as v from "valibot";
import * as field from "./fields";
import { PORTS_RULE } from "./ports";
import { checkSchema, leqiSchema, siteSchema } from "./proxySchema";
import { vipSchema } from "./vipSchema";

export const NAME = /^[a-z][a-z0-9-]{0,39}$/;
export const NAME_RULE =
  "a name of lower-case letters, digits and -, beginning with a letter, at most 40 characters";

const IDENTIFIER = /^[A-Za-z0-9_-]{1,64}$/;
const USER = /^[A-Za-z_][A-Za-z0-9._-]{0,31}$/;

/** ID and VERSION_ID of /etc/os-release, and `uname -m`. */
const SYSTEM = /^[a-z][a-z0-9_.-]*-[A-Za-z0-9_.]+\/[a-z0-9_]+$/;
const SYSTEM_RULE =
  "a system as ID-VERSION_ID/architecture of /etc/os-release and `uname -m`: debian-12/x86_64, centos-7/x86_64, kylin-V10/aarch64";
// What packages and archives are called, and nothing that leads out of the folder. By their ends, for a preview lays what a
// stack's file brings over the program in use, with the secrets at hand: neither Pulumi nor Node nor npm runs, loads or reads
// as settings anything that ends like that.
const FILE_PATH =
  /^(?!node_modules\/)(?!.*(?:^|\/)\.)[A-Za-z0-9_.+~:%=-]+(?:\/[A-Za-z0-9_.+~:%=-]+)*\.(?:deb|rpm|tgz|tar(?:\.(?:gz|bz2|xz))?)$/;
const FILE_PATH_RULE =
  "a path below the folder of Pulumi.yaml that ends in .deb, .rpm, .tar, .tar.gz, .tgz, .tar.bz2 or .tar.xz, and of which no part begins with a dot";
const SHA256 = /^[0-9a-f]{64}$/;
const SHA256_RULE = "a SHA-256 in quotes: 64 digits and letters a to f, as `sha256sum FILE` prints it";

export const DEFAULT_PORT = 8864;

/** No stack may let in a network with a shorter prefix than this. */
export const MIN_WIDEST = 8;

/** What may be there before firewalld is: rulesets, and that a machine forwards what is for others. */
const RULESETS = ["ufw", "iptables", "nftables", "forwarding"] as const;

const loginShape = {
  /** IPv4 address or DNS name. */
  address: field.hostAddress(),
  /** sshd's port. */
  port: v.optional(field.port("sshd's port"), 22),
  user: field.text(USER, "the user to log in as, a POSIX user name such as root"),
  /** With what to log in; a key or a password is under `lqpt:secrets`. */
  auth: v.optional(field.choice(["agent", "key", "password"]), "agent"),
  /** The machine's own public key, pinned. */
  hostKey: field.hostKey(),
};

/** One entry of `lqpt:bastions`. */
export const bastionSchema = field.object(loginShape);

const hostShape = {
  ...loginShape,
  /** How root is had; default none for root, nopasswd for everybody else. */
  sudo: v.optional(field.choice(["none", "nopasswd", "password"])),
  /** A name under `lqpt:bastions`. */
  bastion: v.optional(field.text(NAME, "the name of an entry of lqpt:bastions")),
  /** Which of `lqpt:nginx.files` are for it, where there are those of more than one system. */
  system: v.optional(field.text(SYSTEM, SYSTEM_RULE)),
  /** bundle: nobody can dial in, and the customer's administrator runs one file. */
  delivery: v.optional(field.choice(["ssh", "bundle"]), "ssh"),
  /** out: dead or being repaired; skipped, and not given up. */
  state: v.optional(field.choice(["in", "out"]), "in"),
};

/** One entry of `lqpt:hosts`. */
export const hostSchema = field.object(hostShape);

/** The same with `delivery: bundle`: as whom and to what key one would log in is not needed. */
export const bundleHostSchema = field.object({
  ...hostShape,
  user: v.optional(hostShape.user, "root"),
  hostKey: v.optional(hostShape.hostKey),
});

const secretText = v.optional(v.string("text in quotes"));

/** One entry of `lqpt:secrets`: for the parser each secret is an opaque marker. */
export const secretsSchema = field.object({
  privateKey: secretText,
  password: secretText,
  sudoPassword: secretText,
});

/** One value of `lqpt:allow` in short. */
export const ownerSchema = field.line("whose address it is");

/** The same written out. */
export const sourceSchema = field.object({
  owner: ownerSchema,
  kind: v.optional(field.choice(["backend", "frontend", "healthcheck"]), "backend"),
  /** Who filters in front of a frontend. */
  filteredBy: v.optional(field.line("who filters in front of it")),
});

/** One value of `lqpt:remove`. */
export const removeSchema = field.line("why it is to go");

/** `lqpt:secrets.certificate`: of the listener. */
export const certificateSecretsSchema = field.object({
  /** The private key of listen.certificate. */
  key: secretText,
});

/** `lqpt:secrets.nginxArchive`: for `lqpt:nginx.archive.url`. */
export const archiveSecretsSchema = field.object({ password: secretText });

/** A value of `lqpt:nginx.files`. */
export const filesSchema = field.mapping("from each file's path to its SHA-256");
/** What stands there for each file. */
export const sha256Schema = field.text(SHA256, SHA256_RULE);
export const systemSchema = field.text(SYSTEM, SYSTEM_RULE);
export const filePathSchema = field.text(FILE_PATH, FILE_PATH_RULE);

const environments = field.list(
  field.choice(["sandbox", "prod"]),
  "the environments to inherit from: sandbox, prod",
);

/** What both an environment's own file and a customer's stack say of the whitelist. */
const listShape = {
  environments: v.optional(environments),
  allow: v.optional(field.mapping("from IPv4 address or CIDR to its owner")),
  remove: v.optional(field.mapping("from what is to go to why")),
};

/** A `Pulumi.<environment>.yaml` as the stacks that inherit from it see it. */
export const baseSchema = field.object(listShape);

/**
 * Every key of a stack. The entries of allow, remove, hosts, bastions and secrets are read one by one
 * with the schemas above, so that a mistake in one hides none in another.
 */
export const stackSchema = field.object({
  /** Owner's mark on the hosts. */
  id: v.optional(
    field.text(/^[a-z][a-z0-9-]{2,39}$/, "3 to 40 lower-case letters, digits and -, beginning with a letter"),
  ),
  ...listShape,
  topology: v.optional(field.choice(["public-cloud", "private-cloud"])),
  /** The connecting unit's Leqi ID (接入单位乐企id). */
  leqiId: v.optional(field.text(IDENTIFIER, "the Leqi ID in quotes: 1 to 64 letters, digits, - and _")),
  customer: v.optional(
    field.object({
      name: field.line("the customer's name"),
      creditCode: v.optional(
        field.text(/^[0-9A-Z]{15,20}$/, "15 to 20 digits and capital letters, in quotes"),
      ),
    }),
  ),
  registeredIp: v.optional(field.ipv4("the egress IP registered with the tax bureau")),
  publicAddress: v.optional(
    field.origin(["http", "https"], "http:// or https://, a host, and its port: no path, no / at the end"),
  ),
  hosts: v.optional(field.mapping("from each host's name to how it is reached")),
  bastions: v.optional(field.mapping("from each bastion's name to how it is reached")),
  secrets: v.optional(field.mapping("from a host's or bastion's name to its secrets")),
  listen: v.optional(
    field.object({
      port: v.optional(field.port("the proxy's port"), DEFAULT_PORT),
      bind: v.optional(field.ipv4("the address to listen on"), "0.0.0.0"),
      /** No default in a public cloud. */
      tls: v.optional(field.choice(["none", "self-signed", "provided"])),
      /** PEM, for tls: provided. */
      certificate: v.optional(
        field.certificates("the listener's certificate, then those that lead to its root"),
      ),
      /** Whether callers must say by the PROXY protocol for whom they call; only where there is a frontend. */
      proxyProtocol: v.optional(field.yesNo("whether callers must speak the PROXY protocol"), false),
      /** Further names and addresses in a self-signed certificate. */
      names: v.optional(
        field.optionalList(field.hostAddress(), "a list of IPv4 addresses and DNS names, none twice"),
        [],
      ),
    }),
  ),
  site: siteSchema,
  /** What counts as healthy, beside that the host is as its document says. */
  health: v.optional(
    field.object({
      /** Looked at by a TCP connection, never by a call. */
      leqi: v.optional(field.yesNo("whether a host that Leqi cannot be reached from is not healthy"), false),
    }),
  ),
  nginx: v.optional(
    field.object({
      source: v.optional(field.choice(["package", "files", "vendor", "existing"]), "package"),
      /** For source: files. */
      files: v.optional(field.mapping("from a system, debian-12/x86_64, to its files")),
      /** For source: vendor. */
      archive: v.optional(
        field.object({
          /** Beside the stack, brought over SSH. */
          file: v.optional(field.text(FILE_PATH, FILE_PATH_RULE)),
          /** Downloaded by the host itself. */
          url: v.optional(
            field.text(
              /^https?:\/\/[A-Za-z0-9.-]+(:[1-9]\d{0,4})?\/[A-Za-z0-9._~/%+-]*$/,
              "an http:// or https:// URL without user, query or fragment",
            ),
          ),
          /** The password is lqpt:secrets.nginxArchive.password. */
          user: v.optional(field.text(/^[A-Za-z0-9._@-]{1,64}$/, "1 to 64 letters, digits, . _ @ -")),
          sha256: sha256Schema,
        }),
      ),
    }),
    {},
  ),
  leqi: leqiSchema,
  check: checkSchema,
  firewall: v.optional(
    field.object({
      /** external: somebody else filters, and no firewall of a host is touched. */
      mode: v.optional(field.choice(["firewalld", "external"]), "firewalld"),
      zone: v.optional(
        field.text(/^[A-Za-z0-9_-]{1,17}$/, "a zone of firewalld: 1 to 17 letters, digits, - and _"),
      ),
      /** What is opened before a firewalld that was off is started. */
      keepOpen: v.optional(
        field.optionalList(field.ports(), `a list of ports, none twice: ${PORTS_RULE}`),
        [],
      ),
      /** Consent: what was reachable, or a ruleset that was there, before firewalld is started. */
      closes: v.optional(
        field.optionalList(
          field.ports(RULESETS),
          `a list, none twice, of ports (${PORTS_RULE}) and of ${RULESETS.join(", ")}`,
        ),
        [],
      ),
      /** How long a host waits for the connection that proves SSH still open. */
      rollbackSeconds: v.optional(field.whole(60, 900, "seconds"), 300),
      /** The shortest prefix of a source; default by topology. */
      widest: v.optional(field.whole(MIN_WIDEST, 32, "a prefix's length")),
    }),
    {},
  ),
  vip: v.optional(vipSchema),
  change: v.optional(
    field.object({ ticket: v.optional(field.line("the ticket")), window: v.optional(field.changeWindow()) }),
    {},
  ),
});

/** A stack's keys as far as they could be read. */
export type StackValues = Partial<v.InferOutput<typeof stackSchema>>;
