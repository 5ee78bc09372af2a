import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Image } from "./image";
import { mustRun } from "./programs";

/** As the vendor's document says of its archive: unpacked, the installer in it is called with the Leqi ID. */
export const ARCHIVE_NAME = "fpy-nginx-lqpt.tar.gz";

const INSTALLER = `#!/bin/sh
# A stand-in for the vendor's installer, with the same contract.
set -e
[ -n "$1" ] || { echo "usage: sh nginx_install.sh LEQI_ID" >&2; exit 1; }
mkdir -p /usr/local/nginx
cp -r nginx/. /usr/local/nginx/
echo "$1" >/usr/local/nginx/conf/leqi-id
/usr/local/nginx/sbin/nginx
sleep 0.2
pgrep -f 'nginx: master' >/dev/null
`;

const NGINX_CONF = `user nobody nogroup;
worker_processes 1;
events { worker_connections 1024; }
http {
    default_type application/octet-stream;
    keepalive_timeout 65;
    include conf.d/*.conf;
}
`;

/** What the vendor's document has for the port: everybody is let in. */
const LQPT_CONF = `server {
    listen 8864;
    location / {
        proxy_pass https://lqpt.chinatax.gov.cn:8443;
        proxy_ssl_server_name on;
    }
}
`;

/** Where a distribution's nginx was built to look, and where the vendor's does: never longer, since it is written over. */
const PATHS: readonly (readonly [string, string])[] = [
  ["/usr/share/nginx", "/usr/local/nginx"],
  ["/etc/nginx/nginx.conf", "conf/nginx.conf"],
  ["/var/log/nginx/access.log", "logs/access.log"],
  ["/var/log/nginx/error.log", "logs/error.log"],
  ["/run/nginx.pid", "logs/nginx.pid"],
  ...["body", "fastcgi", "proxy", "scgi", "uwsgi"].map(
    (name) => [`/var/lib/nginx/${name}`, `${name}_temp`] as const,
  ),
];

/**
 * A stand-in for the vendor's archive, for hosts of the image's suite, made of the distribution's own nginx: under
 * /usr/local/nginx, with no unit, started by its installer with a site that lets everybody in.
 */
export async function vendorArchive(image: Image, folder: string): Promise<string> {
  const work = mkdtempSync(join(folder, "vendor-"));
  const root = join(work, "fpy-nginx-lqpt");
  const home = join(root, "nginx");
  for (const part of ["sbin", "conf/conf.d", "logs"]) mkdirSync(join(home, part), { recursive: true });
  writeFileSync(join(home, "sbin/nginx"), moved(await programOf(image, work)), { mode: 0o755 });
  writeFileSync(join(home, "conf/nginx.conf"), NGINX_CONF);
  writeFileSync(join(home, "conf/conf.d/lqpt.conf"), LQPT_CONF);
  writeFileSync(join(root, "nginx_install.sh"), INSTALLER);
  const archive = join(folder, ARCHIVE_NAME);
  await mustRun("tar", ["-czf", archive, "--owner=0", "--group=0", "-C", work, "fpy-nginx-lqpt"]);
  rmSync(work, { recursive: true });
  return archive;
}

async function programOf({ packages }: Image, work: string): Promise<Buffer> {
  const names = readdirSync(packages).filter((name) => /^nginx(-core)?_.*\.deb$/.test(name));
  for (const name of names) await mustRun("dpkg-deb", ["-x", join(packages, name), join(work, "deb")]);
  const program = readFileSync(join(work, "deb/usr/sbin/nginx"));
  rmSync(join(work, "deb"), { recursive: true });
  return program;
}

/** In what `nginx -V` prints a shorter path is followed by blanks, elsewhere by the end of the text. */
function moved(program: Buffer): Buffer {
  const bytes = Buffer.from(program);
  for (const [from, to] of PATHS) {
    for (let at = bytes.indexOf(from); at >= 0; at = bytes.indexOf(from, at + 1)) {
      const printed = bytes[at - 1] === "=".charCodeAt(0);
      bytes.write(to + (printed ? " " : "\0").repeat(from.length - to.length), at, "latin1");
    }
  }
  return bytes;
}
