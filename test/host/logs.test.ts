import { runWithTool, SHELLS } from "./shell";

/** A line of the access log, as `log_format lqpt` writes it. */
const call = (peer: string, time: string, status = 200, path = "/reinsurance/x") =>
  `{"time":"2026-11-${time}+00:00","peer":"${peer}","status":${String(status)},"method":"POST","path":"${path}","request_bytes":9,"response_bytes":1,"seconds":0.1,"upstream":"","upstream_status":"","upstream_connect":"","upstream_seconds":""}\n`;

const LOGS = {
  "access/access.log": call("203.0.113.9", "24T03:00:00") + call("192.0.2.1", "24T03:00:01", 444),
  "access/access.log.1": call("203.0.113.9", "23T09:00:00") + call("192.0.2.1", "23T09:00:00", 444),
  "old-one": call("203.0.113.9", "20T01:00:00") + call("10.1.2.3", "21T01:00:00"),
  "old-two": call("2001:db8::1", "19T01:00:00", 444),
};
const PACK =
  'gzip -c "$DIR/old-one" >"$ACCESS_FOLDER/access.log.2.gz"; gzip -c "$DIR/old-two" >"$ACCESS_FOLDER/access.log-20261119.gz"';
const SEEN = [
  "10.1.2.3 2026-11-21T01:00:00+00:00 2026-11-21T01:00:00+00:00 1 0",
  "192.0.2.1 2026-11-23T09:00:00+00:00 2026-11-24T03:00:01+00:00 2 2",
  "2001:db8::1 2026-11-19T01:00:00+00:00 2026-11-19T01:00:00+00:00 1 1",
  "203.0.113.9 2026-11-20T01:00:00+00:00 2026-11-24T03:00:00+00:00 3 0",
];

interface Source {
  readonly source: string;
  readonly since: string | null;
  readonly until: number | null;
  readonly firstSeen: string | null;
  readonly lastSeen: string | null;
  readonly requests: number;
}

describe.each(SHELLS)("who called, read from the logs by %s", (_, shell) => {
  const seen = (files: Readonly<Record<string, string>>, before = "") =>
    runWithTool({ shell, script: `${before}\nseen`, files });

  it("is told from first to last, over plain and packed logs", () => {
    expect(seen(LOGS, PACK)).toMatchObject({ stdout: SEEN.map((line) => `${line}\n`).join(""), stderr: "" });
  });

  it("is nobody where there are no logs", () => {
    expect(seen({})).toMatchObject({ stdout: "", stderr: "" });
  });

  it("is not told by lines of another kind, nor by what a caller writes into his path", () => {
    const forged = call("192.0.2.7", "24T01:00:00", 200, '/x\\",\\"peer\\":\\"203.0.113.9').replace(
      "2026",
      "2026",
    );
    const { stdout } = seen({
      "access/access.log": `192.0.2.8 - - [x] "GET / HTTP/1.1" 444\n{"time":"cut off\n${forged}`,
    });
    expect(stdout).toBe("192.0.2.7 2026-11-24T01:00:00+00:00 2026-11-24T01:00:00+00:00 1 0\n");
  });

  it("counts as refused what nginx answered with nothing, and nothing else", () => {
    const log = [444, 403, 200, 444, 4440].map((status) => call("192.0.2.1", "24T01:00:00", status)).join("");
    expect(seen({ "access/access.log": log }).stdout).toMatch(/ 5 2\n$/);
  });

  const sources = (inForce: string, before: string, files: Readonly<Record<string, string>> = {}) => {
    const { stdout, stderr } = runWithTool({
      shell,
      script: `${PACK}\nprintf '%s' '${inForce}' >"$WORK/runtime"\n${before}
printf '{"whitelist":'; status_sources; printf ',"refused":'; status_refused; printf '}'`,
      files: { ...LOGS, "state/sources": "", ...files },
    });
    expect(stderr).toBe("");
    return JSON.parse(stdout) as { readonly whitelist: Source[]; readonly refused: unknown[] };
  };
  const TEMPORARY = 'echo "198.51.100.7 1795000000" >"$WORK/temporary"';

  it("is told of each source in force, whether address or network", () => {
    const { whitelist } = sources("10.0.0.0/8\n198.51.100.7\n203.0.113.9\n", TEMPORARY, {
      "state/sources": "203.0.113.9 2026-11-01T00:00:00Z\n10.0.0.0/8 2026-11-02T00:00:00Z\n",
    });
    expect(whitelist).toEqual([
      {
        source: "10.0.0.0/8",
        since: "2026-11-02T00:00:00Z",
        until: null,
        firstSeen: "2026-11-21T01:00:00+00:00",
        lastSeen: "2026-11-21T01:00:00+00:00",
        requests: 1,
      },
      {
        source: "198.51.100.7",
        since: null,
        until: 1795000000,
        firstSeen: null,
        lastSeen: null,
        requests: 0,
      },
      {
        source: "203.0.113.9",
        since: "2026-11-01T00:00:00Z",
        until: null,
        firstSeen: "2026-11-20T01:00:00+00:00",
        lastSeen: "2026-11-24T03:00:00+00:00",
        requests: 3,
      },
    ]);
  });

  it("is told of a network as a whole, whoever in it came first and last", () => {
    const neighbour = { "access/access.log.3": call("203.0.113.99", "22T01:00:00") };
    const { whitelist } = sources("192.0.0.0/2\n203.0.113.0/24\n", TEMPORARY, neighbour);
    expect(whitelist).toMatchObject([
      { firstSeen: "2026-11-20T01:00:00+00:00", lastSeen: "2026-11-24T03:00:01+00:00", requests: 6 },
      { firstSeen: "2026-11-20T01:00:00+00:00", lastSeen: "2026-11-24T03:00:00+00:00", requests: 4 },
    ]);
  });

  it("is told of those who were refused and are on no list", () => {
    const all = [
      { peer: "192.0.2.1", lastSeen: "2026-11-24T03:00:01+00:00", requests: 2 },
      { peer: "2001:db8::1", lastSeen: "2026-11-19T01:00:00+00:00", requests: 1 },
    ];
    expect(sources("203.0.113.9\n", TEMPORARY).refused).toEqual(all);
    expect(sources("192.0.2.0/24\n", TEMPORARY).refused).toEqual(all.slice(1));
  });

  it("is told where nobody is let in, and where this host is closed and somebody is all the same", () => {
    expect(sources("", TEMPORARY)).toMatchObject({ whitelist: [], refused: [{ peer: "192.0.2.1" }, {}] });
    // A closed host has no list of temporary ones; gawk goes on without the file where mawk does not.
    const gawk = `awk() { command awk "$@"; a=$?; [ "$a" != 2 ] || printf null; return "$a"; }`;
    expect(sources("203.0.113.9\n", gawk).whitelist).toMatchObject([{ source: "203.0.113.9", until: null }]);
  });
});

describe.each(SHELLS)("what the logs may take of the disk, by %s", (_, shell) => {
  const trimmed = (kib: number) =>
    runWithTool({
      shell,
      script: `need_root() { :; }; find_own_nginx() { :; }; df() { echo x; echo "d ${String(kib)} 0 0 0 /"; }
du() { echo "$(($(ls "$ACCESS_FOLDER" | wc -l) * 100)) $2" | tr ' ' '\\t'; }
mkdir -p "$ACCESS_FOLDER"; cd "$ACCESS_FOLDER"
touch -d 2026-11-20 access.log.3.gz; touch -d 2026-11-21 access.log.2.gz; touch -d 2026-11-22 access.log.1; touch access.log
trim_logs; ls`,
      commands: { logger: "exit 0" },
    }).stdout.trim();

  it("is a tenth: the oldest go first, and the one that is written to never", () => {
    expect(trimmed(4000)).toBe("access.log\naccess.log.1\naccess.log.2.gz\naccess.log.3.gz");
    expect(trimmed(3500)).toBe("access.log\naccess.log.1\naccess.log.2.gz");
    expect(trimmed(10)).toBe("access.log");
  });
});

describe.each(SHELLS)("the files that nginx may open, by %s", (_, shell) => {
  const told = (conf: string) =>
    runWithTool({
      shell,
      script:
        'nginx_master() { return 1; }; nginx_conf=/etc/nginx.conf; cp "$DIR/conf" "$WORK/nginx-T"; warn_of_limits',
      files: { conf },
    }).stderr;

  it.each([
    ["worker_rlimit_nofile 1000;\nevents {\n    worker_connections 600;\n}\nhttp {}\n", true],
    ["worker_rlimit_nofile 1000;\r\nevents { worker_connections 500; }\r\nhttp {}\r\n", false],
    ["worker_rlimit_nofile 1000;\nevents {}\nhttp {}\n", true],
    ["events { worker_connections 600; }\nhttp {}\n", false],
  ])("are told where they are fewer than a call may need: %j", (conf, few) => {
    expect(told(conf).includes("worker_rlimit_nofile in /etc/nginx.conf")).toBe(few);
  });
});
