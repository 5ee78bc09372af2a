import { runWithTool, SHELLS } from "./shell";

const SITE = "/etc/nginx/lqpt.conf";

/** nginx.conf as people write it. */
const CONFS: readonly (readonly [string, string])[] = [
  ["the usual one", "events {}\nhttp {\n    include mime.types;\n    gzip on;\n}\n"],
  ["its brace on a line of its own", "http\n{\n  gzip on;\n}\n"],
  ["all on one line", "events {} http { server { listen 80; } }\n"],
  ["CRLF line ends", "events {}\r\nhttp {\r\n    gzip on;\r\n}\r\n"],
  ["another http in a comment", "# http { not this }\nstream {\n}\nhttp {\n}\n"],
  ["a format with braces", `http {\n  log_format x '{"a":"$b"}';\n}\n`],
];

describe.each(SHELLS)("nginx.conf, changed by %s", (_, shell) => {
  const run = (script: string, conf: string) =>
    runWithTool({
      shell,
      stdin: conf,
      script: `nginx_folder=/etc/nginx; SITE_FILE=${SITE}\n${script}`,
    }).stdout;

  it.each(CONFS)("%s gets our include once, and is itself again without it, byte for byte", (_, conf) => {
    const once = run("with_include yes", conf);
    expect(once.split(`include ${SITE};`)).toHaveLength(2);
    expect(run("with_include yes", once)).toBe(once);
    expect(run("with_include no", once)).toBe(conf);
    expect(run("http_includes", once)).toContain(SITE);
  });

  it("loses the include of a file that is taken over, however its path is written", () => {
    const conf = `http {\n    include old.conf;\n    include "/etc/nginx/old.conf" ; # ours\n    include other.conf;\n}\n`;
    const { stdout } = runWithTool({
      shell,
      stdin: conf,
      script: `nginx_folder=/etc/nginx; SITE_FILE=${SITE}; echo /etc/nginx/old.conf >"$WORK/foreign-sites"; with_include no`,
    });
    expect(stdout).toBe("http {\n    include other.conf;\n}\n");
  });

  it.each([
    ["http { include /etc/nginx/conf.d/*.conf; }", "/etc/nginx/conf.d/lqpt.conf", true],
    ["http { include conf.d/*.conf; }", "/etc/nginx/conf.d/lqpt.conf", true],
    ["http { include /etc/nginx/*.conf; }", "/etc/nginx/conf.d/lqpt.conf", false],
    ["http { # include conf.d/*.conf;\n}", "/etc/nginx/conf.d/lqpt.conf", false],
    ["stream { include conf.d/*.conf; }\nhttp { }", "/etc/nginx/conf.d/lqpt.conf", false],
    ["http { server { include conf.d/*.conf; } }", "/etc/nginx/conf.d/lqpt.conf", false],
    ['http { include "lqpt.conf"; }', SITE, true],
    ["http { include lqpt-*.conf; }", SITE, false],
  ])("%j includes %s: %s", (conf, path, expected) => {
    const script = `http_includes >"$WORK/includes"; includes_it ${path} && echo yes || echo no`;
    expect(run(script, `${conf}\n`)).toBe(expected ? "yes\n" : "no\n");
  });
});
