import { SECRET } from "../../../config/parse";
import { HOST, SMALL, type Values } from "./stacks";

const PACKAGE = "packages/nginx_1.22.1-9+deb12u1_amd64.deb";
const ARCHIVE = "vendor/fpy-nginx-lqpt.tar.gz";
const URL = "http://files.example:8080/fpy-nginx-lqpt.tar.gz";
const A = "a".repeat(64);
const B = "b".repeat(64);

function nginx(value: Values, rest: Values = {}): Values {
  return { ...SMALL, nginx: value, ...rest };
}

function files(value: unknown, rest: Values = {}): Values {
  return nginx({ source: "files", files: value }, rest);
}

function archive(value: Values, rest: Values = {}): Values {
  return nginx({ source: "vendor", archive: value }, rest);
}

/** Of nginx that is brought: from files, or from the vendor's archive. */
export const BAD_SOURCES: readonly (readonly [string, Values, readonly string[]])[] = [
  ["no files where they are the source", nginx({ source: "files" }), ["lqpt:nginx.files"]],
  [
    "files that nothing uses",
    nginx({ files: { "debian-12/x86_64": { [PACKAGE]: A } } }),
    ["lqpt:nginx.files"],
  ],
  [
    "a system without its architecture",
    files({ "debian-12": { [PACKAGE]: A } }),
    ["lqpt:nginx.files.debian-12"],
  ],
  ["a system without a file", files({ "debian-12/x86_64": {} }), ['lqpt:nginx.files["debian-12/x86_64"]']],
  [
    "a file that is not there",
    files({ "debian-12/x86_64": { "packages/other.deb": A } }),
    ['lqpt:nginx.files["debian-12/x86_64"]["packages/other.deb"]'],
  ],
  [
    "a file above the folder",
    files({ "debian-12/x86_64": { "../other.deb": A } }),
    ['lqpt:nginx.files["debian-12/x86_64"]["../other.deb"]'],
  ],
  [
    "a file that is another than was reviewed",
    files({ "debian-12/x86_64": { [PACKAGE]: B } }),
    [`lqpt:nginx.files["debian-12/x86_64"]["${PACKAGE}"]`],
  ],
  [
    "a SHA-256 in capitals",
    files({ "debian-12/x86_64": { [PACKAGE]: A.toUpperCase() } }),
    [`lqpt:nginx.files["debian-12/x86_64"]["${PACKAGE}"]`],
  ],
  [
    "a host that does not say which of two systems it is",
    files({ "debian-12/x86_64": { [PACKAGE]: A }, "debian-12/aarch64": { [PACKAGE]: A } }),
    ["lqpt:hosts.proxy-1.system"],
  ],
  [
    "a host of a system without files",
    files(
      { "debian-12/x86_64": { [PACKAGE]: A } },
      { hosts: { "proxy-1": { ...HOST, system: "centos-7/x86_64" } } },
    ),
    ["lqpt:hosts.proxy-1.system"],
  ],
  [
    "a system that nothing uses",
    { ...SMALL, hosts: { "proxy-1": { ...HOST, system: "centos-7/x86_64" } } },
    ["lqpt:hosts.proxy-1.system"],
  ],
  ["no archive where it is the source", nginx({ source: "vendor" }), ["lqpt:nginx.archive"]],
  ["an archive that nothing uses", nginx({ archive: { file: ARCHIVE, sha256: B } }), ["lqpt:nginx.archive"]],
  ["an archive from nowhere", archive({ sha256: B }), ["lqpt:nginx.archive"]],
  ["an archive from two places", archive({ file: ARCHIVE, url: URL, sha256: B }), ["lqpt:nginx.archive"]],
  ["an archive that is another", archive({ file: ARCHIVE, sha256: A }), ["lqpt:nginx.archive.file"]],
  ["an archive without its SHA-256", archive({ file: ARCHIVE }), ["lqpt:nginx.archive.sha256"]],
  [
    "an archive's password in its URL",
    archive({ url: "http://user:word@files.example/a.tar.gz", sha256: B }),
    ["lqpt:nginx.archive.url"],
  ],
  [
    "an archive's user without a password",
    archive({ url: URL, user: "lqpt", sha256: B }),
    ["lqpt:secrets.nginxArchive.password"],
  ],
  ["a user of a file", archive({ file: ARCHIVE, user: "lqpt", sha256: B }), ["lqpt:nginx.archive.user"]],
  [
    "an archive's password that nothing uses",
    { ...SMALL, secrets: { nginxArchive: { password: SECRET } } },
    ["lqpt:secrets.nginxArchive"],
  ],
];
