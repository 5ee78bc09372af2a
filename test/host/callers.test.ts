import { runWithTool, SHELLS } from "./shell";

/** A line of nginx's log in the format that it has by default. */
const call = (peer: string, day: string, user = "-") =>
  `${peer} - ${user} [${day}/Nov/2026:03:04:05 +0000] "POST /x HTTP/1.1" 200 12 "-" "curl [01/Jan/1999:00:00:00]"\n`;

interface Calls {
  readonly seen: string;
  readonly read: string;
  readonly unread: string;
}

describe.each(SHELLS)("who called an nginx that was set up by hand, read by %s", (_, shell) => {
  /** @param server what the server on the port says; paths below logs/ are relative to nginx's prefix */
  const calls = (
    files: Readonly<Record<string, string>>,
    server = "access_log logs/a.log;",
    before = "",
  ): Calls => {
    const { stdout, stderr } = runWithTool({
      shell,
      files: {
        ...files,
        T: `# configuration file /n/nginx.conf:\nhttp { server { listen 8864; ${server} }\nserver { listen 80; access_log logs/other.log; } }\n`,
      },
      script: `nginx_bin=nginx; nginx_prefix=$DIR; nginx_folder=/n; nginx_access_log=$DIR/logs/access.log; mkdir -p "$DIR/logs"
nginx_run() { cat "$DIR/T"; }
cd "$DIR/logs" || exit 1
${before}
port=8864
found_nginx >/dev/null
foreign_seen; echo --; cat "$WORK/logs-read"; echo --; cat "$WORK/logs-unread"`,
    });
    expect(stderr).toBe("");
    const [seen = "", read = "", unread = ""] = stdout.replace(/\/tmp\/[^/ ]*\//g, "").split("--\n");
    return { seen, read, unread };
  };
  const ONE = "203.0.113.9 2026-11-20 2026-11-24 2\n";
  const TWO_DAYS = call("203.0.113.9", "24") + call("203.0.113.9", "20");

  it("is told by a log below nginx's prefix", () => {
    expect(calls({ "logs/a.log": TWO_DAYS })).toEqual({ seen: ONE, read: "logs/a.log\n", unread: "" });
  });

  it("is told by the log that nginx was built with", () => {
    expect(calls({ "logs/access.log": TWO_DAYS }, "")).toEqual({
      seen: ONE,
      read: "logs/access.log\n",
      unread: "",
    });
  });

  it("is told by several logs that one line names", () => {
    const both = calls(
      { "logs/a.log": call("203.0.113.9", "24"), "logs/b.log": call("203.0.113.9", "20") },
      "access_log logs/a.log; access_log logs/b.log;",
    );
    expect(both).toMatchObject({ seen: ONE, unread: "" });
  });

  it.each([["::ffff:203.0.113.9"], ["::FFFF:203.0.113.9"]])("is told of %s as of IPv4", (peer) => {
    expect(calls({ "logs/a.log": TWO_DAYS.replaceAll("203.0.113.9", peer) })).toMatchObject({
      seen: ONE,
      unread: "",
    });
  });

  it("is told where the user's name has blanks, and by the time of the log alone", () => {
    expect(calls({ "logs/a.log": call("203.0.113.9", "24", "a b") }).seen).toBe(
      "203.0.113.9 2026-11-24 2026-11-24 1\n",
    );
  });

  it.each([
    ["gzip", "gzip -c old >a.log.2.gz"],
    ["bzip2", "bzip2 -c old >a.log.2.bz2"],
    ["xz", "xz -c old >a.log-20261120.xz"],
    ["nothing, before its ending", "cp old a-20261120.log"],
  ])("is told by rotated logs, packed by %s", (_name, pack) => {
    const files = { "logs/a.log": call("203.0.113.9", "24"), "logs/old": call("203.0.113.9", "20") };
    expect(calls(files, undefined, pack)).toMatchObject({ seen: ONE, unread: "" });
  });

  it.each([
    [
      "what packed it is not here",
      "bzip2() { return 127; }; echo x >a.log.2.bz2",
      "logs/a.log.2.bz2 cannot be read",
    ],
    ["it broke off", "gzip -c a.log | head -c 40 >a.log.2.gz", "logs/a.log.2.gz cannot be read to its end"],
    [
      "it is in another format",
      `echo '{"peer":"203.0.113.9"}' >a.log.1`,
      "logs/a.log.1 has 1 lines that are not",
    ],
    [
      "it holds calls over IPv6",
      `echo '${call("2001:db8::1", "24").trim()}' >a.log.1`,
      "a.log.1 has 1 calls over IPv6",
    ],
  ])("may not be told by a log where %s, which is said", (_name, before, words) => {
    const { seen, unread } = calls({ "logs/a.log": TWO_DAYS }, undefined, before);
    expect(seen).toBe(ONE);
    expect(unread).toContain(words);
  });

  it("is told by no log that is empty, or of which no line is understood", () => {
    expect(calls({ "logs/a.log": "" })).toEqual({ seen: "", read: "", unread: "" });
    expect(calls({})).toEqual({ seen: "", read: "", unread: "" });
    expect(calls({ "logs/a.log": "x\n" })).toMatchObject({
      read: "",
      unread: expect.stringContaining("1 lines") as string,
    });
  });

  it("is told by another site's log too, which does not count as one of the port's", () => {
    const all = calls({ "logs/other.log": `${TWO_DAYS}x\n`, "logs/a.log": "" });
    expect(all).toEqual({ seen: ONE, read: "", unread: "" });
  });

  it("is told by the log that nginx was built with, which counts as none of the port's, where it refuses its files", () => {
    const refused = 'nginx_run() { echo "nginx: [emerg] unknown directive \\"x\\"" >&2; return 1; }';
    expect(calls({ "logs/access.log": TWO_DAYS }, "", refused)).toEqual({ seen: ONE, read: "", unread: "" });
  });

  it("is not known where it is logged nowhere, which is said", () => {
    expect(calls({ "logs/a.log": TWO_DAYS }, "access_log off;")).toMatchObject({
      read: "",
      unread: expect.stringContaining("access_log off") as string,
    });
  });
});
