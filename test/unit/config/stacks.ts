import { readBaseFile, readBaseFileIfThere } from "../../../config/baseFiles";
import { FilesOnDisk } from "../../../config/projectFiles";
import { ConfigError } from "../../../config/errors";
import type { StackInput } from "../../../config/input";
import { parseStack, SECRET } from "../../../config/parse";
import type { StackConfig } from "../../../config/types";

export const ROOT = `${__dirname}/../../..`;

/** A host key made for tests: nobody has its private half. */
export const ED25519 = `ssh-ed25519 ${blob("ssh-ed25519", Buffer.alloc(32, 7))}`;
export const ECDSA = `ecdsa-sha2-nistp256 ${blob("ecdsa-sha2-nistp256", "nistp256", Buffer.alloc(65, 4))}`;

/** The length-prefixed strings of an SSH key, as base64. */
export function blob(...strings: readonly (string | Buffer)[]): string {
  const parts = strings.map((text) => Buffer.from(text)).flatMap((bytes) => [length(bytes), bytes]);
  return Buffer.concat(parts).toString("base64");
}

function length(bytes: Buffer): Buffer {
  const prefix = Buffer.alloc(4);
  prefix.writeUInt32BE(bytes.length);
  return prefix;
}

export type Values = Readonly<Record<string, unknown>>;

/** The smallest stack with a host. */
export const HOST: Values = { address: "203.0.113.10", user: "root", hostKey: ED25519 };
export const SMALL: Values = {
  id: "acme-7f3a",
  environments: ["prod"],
  topology: "public-cloud",
  leqiId: "ACME0001",
  listen: { tls: "self-signed" },
  hosts: { "proxy-1": HOST },
};

/** A stack where every key that this version knows is written. */
export const FULL: Values = {
  ...SMALL,
  environments: ["sandbox", "prod"],
  customer: { name: "某某有限公司", creditCode: "91310000MA1FL0001X" },
  registeredIp: "203.0.113.10",
  publicAddress: "http://lqpt.acme.example:8864",
  allow: {
    "198.51.100.7": "ACME back office",
    "10.8.0.5/32": { owner: "ACME F5", kind: "frontend", filteredBy: "ACME network team" },
  },
  remove: {
    "/etc/nginx/conf.d/lqpt.conf": "the old one",
    everyone: "opened by hand in 2024",
    "192.0.2.0/24": "the old office",
    "9.9.9.9": "a test of ours",
  },
  hosts: {
    "proxy-2": {
      ...HOST,
      address: "proxy-2.acme.example",
      port: 2222,
      user: "ops",
      sudo: "password",
      auth: "key",
    },
    "proxy-1": { ...HOST, hostKey: `${ECDSA} root@proxy-1`, bastion: "jump-1", delivery: "ssh", state: "in" },
  },
  bastions: { "jump-1": { ...HOST, address: "203.0.113.9", user: "jump", auth: "password" } },
  secrets: { "proxy-2": { privateKey: SECRET, sudoPassword: SECRET }, "jump-1": { password: SECRET } },
  listen: {
    ...{ port: 9000, bind: "10.0.0.2", tls: "self-signed", names: ["proxy.acme.example"] },
    proxyProtocol: true,
  },
  health: { leqi: true },
  site: { paths: ["/access/", "/v2/x.y/"], methods: ["POST", "GET"], enforce: true },
  nginx: { source: "package" },
  leqi: { endpoint: "https://lqpt.example:9443", addresses: ["198.51.100.80"], verify: "system" },
  firewall: {
    mode: "firewalld",
    zone: "public",
    keepOpen: ["443/tcp", "8000-8010/udp"],
    closes: ["3306/tcp", "ufw", "iptables", "nftables"],
    rollbackSeconds: 120,
    widest: 28,
  },
  change: { ticket: "CHG-1", window: "Sat 22:00-24:00 Asia/Shanghai" },
};

/** The files that lie beside the stack. */
export const FILES: Readonly<Record<string, { readonly sha256: string; readonly bytes: number }>> = {
  "packages/nginx_1.22.1-9+deb12u1_amd64.deb": { sha256: "a".repeat(64), bytes: 3_000_000 },
  "vendor/fpy-nginx-lqpt.tar.gz": { sha256: "b".repeat(64), bytes: 1000 },
};

/** Parses as the program does, with the project's own two environment files. */
export function parse(values: Values, more: Partial<StackInput> = {}): StackConfig {
  const bases: StackInput["bases"] = (environment) => readBaseFile(new FilesOnDisk(ROOT), environment);
  const others: StackInput["others"] = (environment) =>
    readBaseFileIfThere(new FilesOnDisk(ROOT), environment);
  const fileAt: StackInput["fileAt"] = (path) => FILES[path];
  return parseStack({
    ...{ stack: "acme-prod", file: "Pulumi.acme-prod.yaml", values, bases, others, fileAt },
    ...more,
  });
}

/** The message that a bad stack gets. */
export function refusal(values: Values, more?: Partial<StackInput>): string {
  try {
    parse(values, more);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error("the stack was accepted");
}

/** A stack without one of its keys. */
export function without(values: Values, key: string): Values {
  return Object.fromEntries(Object.entries(values).filter(([name]) => name !== key));
}

/** Where a message tells a mistake, each in its turn. */
export function pathsIn(message: string): string[] {
  return message.split("\n").flatMap((line) => /^ {2}(?! )(.*)/.exec(line)?.[1] ?? []);
}
