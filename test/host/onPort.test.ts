import { runWithTool, SHELLS } from "./shell";

/** What `nginx -T` prints of files, the first being nginx.conf. */
const printed = (files: Readonly<Record<string, string>>): string =>
  Object.entries(files)
    .map(([path, text]) => `# configuration file ${path}:\n${text}\n`)
    .join("\n");

const CONF = "/etc/nginx/nginx.conf";
const SITE = "/etc/nginx/conf.d/lqpt.conf";
const http = (inner: string): string => `events { }\nhttp {\n${inner}\n}\n`;
const INCLUDES = http("include /etc/nginx/conf.d/*.conf;");

describe.each(SHELLS)("what nginx serves on the port, found by %s", (_, shell) => {
  const onPort = (files: Readonly<Record<string, string>>, port = 8864): string[] => {
    const { stdout, stderr } = runWithTool({
      shell,
      stdin: printed(files),
      script: `nginx_prefix=/usr/local/nginx; nginx_folder=/etc/nginx; nginx_access_log=/usr/local/nginx/logs/access.log; nginx_tree | on_port ${String(port)} 127.0.0.1:18864`,
    });
    expect(stderr).toBe("");
    return stdout.split("\n").filter(Boolean);
  };
  const tlsOf = (files: Readonly<Record<string, string>>, port?: number) =>
    onPort(files, port).filter((line) => line.startsWith("tls"));

  it.each<[string, Record<string, string>]>([
    ["its listen says it", { [CONF]: http("server { listen 8864 ssl; }") }],
    ["ssl on stands beside it", { [CONF]: http("server { listen 8864; ssl on; }") }],
    ["ssl on stands around it", { [CONF]: http("ssl on;\nserver { listen 8864; }") }],
    [
      "ssl on lies around its file",
      { [CONF]: http("ssl on; include conf.d/*.conf;"), [SITE]: "server { listen 8864; }" },
    ],
    [
      "an include of the server says it",
      {
        [CONF]: INCLUDES,
        [SITE]: "server {\n listen 8864;\n include tls.conf;\n}",
        "/etc/nginx/tls.conf": "ssl on;",
      },
    ],
    [
      "its listen lies in an include",
      {
        [CONF]: INCLUDES,
        [SITE]: "server { include ./listen.conf; }",
        "/etc/nginx/./listen.conf": "listen 8864 ssl;",
      },
    ],
    [
      "its words are on several lines",
      { [CONF]: http("server {\n listen\n  *:8864\n  ssl # not plain\n ;}") },
    ],
    ["it is a stream", { [CONF]: "stream { server { listen 8864 ssl; } }" }],
    [
      "one of two servers says it",
      { [CONF]: http("server { listen 8864; } server { listen [::]:8864 ssl; }") },
    ],
    ["the port is one of a range", { [CONF]: http("server { listen 8860-8870 ssl; }") }],
    [
      "Lua stands before it",
      { [CONF]: http(`init_by_lua_block { x = { "it's; " } }\nserver { listen 8864 ssl; }`) },
    ],
  ])("is TLS where %s", (_, files) => {
    expect(tlsOf(files)).toEqual(["tls\tyes"]);
  });

  it.each<[string, Record<string, string>]>([
    ["nothing says it", { [CONF]: INCLUDES, [SITE]: "server { listen 8864; }" }],
    [
      "another server says it",
      { [CONF]: http("server { listen 443 ssl; ssl on; }\nserver { listen 8864; }") },
    ],
    ["it says that it is off", { [CONF]: http("ssl on; server { listen 8864; ssl off; }") }],
    ["a comment says it", { [CONF]: http("server { listen 8864; # ssl on;\n# ssl on;\n}") }],
    ["a text says it", { [CONF]: http(`server { listen 8864; add_header X "; ssl on; }"; set $a \${b}; }`) }],
  ])("is plain where %s", (_, files) => {
    expect(tlsOf(files)).toEqual(["tls\tno"]);
  });

  it("is nothing where no server listens there", () => {
    expect(
      onPort({ [CONF]: http("server { listen 443 ssl; } server { listen unix:/run/x:8864; }") }),
    ).toEqual(["other\t/etc/nginx/nginx.conf", "tls\tnone"]);
    expect(onPort({ [CONF]: "stream { server { listen 8864 udp; } }" })).toEqual(["tls\tnone"]);
    expect(onPort({})).toEqual(["tls\tnone"]);
  });

  it("is port 80 where a server does not say which", () => {
    for (const listen of ["", "listen 10.0.0.1;", "listen [::1];", "listen localhost;"]) {
      expect(tlsOf({ [CONF]: http(`server { ${listen} }`) }, 80)).toEqual(["tls\tno"]);
    }
  });

  const logsOf = (...args: Parameters<typeof onPort>) =>
    onPort(...args).flatMap((line) => (/^(log|unread)\t/.test(line) ? [line.replace("\t", " ")] : []));
  const serving = (server: string, around = "") => ({
    [CONF]: http(`${around}\nserver { listen 8864; ${server} }`),
  });
  const LONE = "log_format lone '$remote_addr - \"$request\"';";
  const JSON_LOG = `log_format json escape=json '{"a":"$remote_addr",' '"at":"[$time_local]"}';`;
  const MAIN = "log_format main '$remote_addr - $remote_user [$time_local] ' '\"$request\" {}';";

  it.each<[string, Record<string, string>, string[]]>([
    ["as it was built, where nothing says more", serving(""), ["log /usr/local/nginx/logs/access.log"]],
    ["where the server says", serving("access_log logs/a.log;", "access_log /b.log;"), ["log logs/a.log"]],
    ["where its http block says", serving("", "access_log /b.log;"), ["log /b.log"]],
    [
      "in two, on one line",
      serving("access_log /a.log; access_log '/b c.log';"),
      ["log /a.log", "log /b c.log"],
    ],
    [
      "where a location says",
      serving("access_log /a.log; location / { access_log /b.log; }"),
      ["log /a.log", "log /b.log"],
    ],
    [
      "in a format that begins as the usual one",
      serving("access_log /a.log main buffer=4k;", MAIN),
      ["log /a.log"],
    ],
    [
      "not in another server's",
      serving("access_log /a.log;", "server { listen 1; access_log off; }"),
      ["log /a.log"],
    ],
  ])("writes its calls %s", (_, files, expected) => {
    expect(logsOf(files)).toEqual(expected);
  });

  it.each<[string, Record<string, string>, RegExp]>([
    ["off", serving("access_log off;"), /access_log off/],
    ["off around it", serving("", "access_log off;"), /access_log off/],
    ["off in a location", serving("access_log /a.log; location /x { access_log off; }"), /access_log off/],
    ["to syslog", serving("access_log syslog:server=10.0.0.1;"), /it logs to syslog:server=10\.0\.0\.1,/],
    [
      "to a path of variables",
      serving("access_log /var/log/$host.log;"),
      /it logs to \/var\/log\/\$host\.log,/,
    ],
    ["to nowhere", serving("access_log /dev/null;"), /it logs to \/dev\/null,/],
    [
      "of some calls alone",
      serving("access_log /a.log combined if=$loggable;"),
      /told not every call.*if=\$loggable/,
    ],
    ["as JSON", serving("access_log /a.log json;", JSON_LOG), /\/a\.log is written in the format json/],
    ["without the time", serving("access_log /a.log lone;", LONE), /\/a\.log is written in the format lone/],
    ["of a stream", { [CONF]: "stream { server { listen 8864; } }" }, /stream block writes down no call/],
  ])("says that not all calls can be read where they are logged %s", (_, files, expected) => {
    expect(logsOf(files)).toContainEqual(expect.stringMatching(expected));
    expect(logsOf(files).join("\n")).toMatch(/^unread /m);
  });

  const mixedOf = (files: Readonly<Record<string, string>>) =>
    onPort(files).flatMap((line) => (line.startsWith("mixed\t") ? [line.slice(6)] : []));

  it("names the files whose server cannot go without more going with it", () => {
    expect(mixedOf({ [CONF]: INCLUDES, [SITE]: "server { listen 8864; }" })).toEqual([]);
    expect(mixedOf({ [CONF]: INCLUDES, [SITE]: "server { listen 8864; } server { listen 81; }" })).toEqual([
      SITE,
    ]);
    expect(mixedOf({ [CONF]: INCLUDES, [SITE]: "server { listen 8864; listen 81; }" })).toEqual([SITE]);
    expect(mixedOf({ [CONF]: INCLUDES, [SITE]: "server { listen 8864; } server { }" })).toEqual([SITE]);
    const listen = "/etc/nginx/listen.conf";
    expect(
      mixedOf({ [CONF]: INCLUDES, [SITE]: "server { include listen.conf; }", [listen]: "listen 8864;" }),
    ).toEqual([SITE, listen]);
  });

  it("is told once where nginx prints a file twice", () => {
    const twice = printed({ [CONF]: INCLUDES, [SITE]: "server { listen 8864; }" });
    const { stdout } = runWithTool({
      shell,
      stdin: twice + twice,
      script: "nginx_prefix=/n; nginx_folder=/etc/nginx; nginx_tree",
    });
    expect(stdout.split("\n").filter((line) => line.includes("\tlisten\t"))).toHaveLength(1);
  });
});
