import { runWithTool, SHELLS } from "./shell";

const SITE = `# x
geo $realip_remote_addr $lqpt_listed {
    default 0;
    203.0.113.9 1;
    198.51.100.0/28 1;
}

map $request_method $lqpt_method {
    default 0;
    POST 1;
}

server {
    listen 0.0.0.0:8864;
}
`;
const listed = (site: string) =>
  /^geo [^]*?^}/m
    .exec(site)?.[0]
    .match(/^ {4}\S+(?= 1;$)/gm)
    ?.map((line) => line.trim());

const SOON = String(Math.floor(Date.now() / 1000) + 3600);

/** What allow calls once its arguments are good. */
const STUBS = `need_root() { :; }
take_lock() { :; }
systemctl() { :; }
arm_expiry() { echo armed; }
again() { echo "again $1"; port=8864; }
`;

describe.each(SHELLS)("at the console, %s", (_, shell) => {
  const site = (before: string, stdin = SITE) =>
    runWithTool({ shell, stdin, script: `${before}\nwith_temporary` }).stdout;

  it("leaves the site as it is where nobody is let in by hand", () => {
    expect(site("")).toBe(SITE);
    expect(site(': >"$WORK/temporary"')).toBe(SITE);
  });

  it("adds whoever is let in for a while to nginx's list, and to nothing else", () => {
    const added = site('printf "192.0.2.1 %s\\n192.0.2.2 %s\\n" 5 6 >"$WORK/temporary"');
    expect(listed(added)).toEqual(["203.0.113.9", "198.51.100.0/28", "192.0.2.1", "192.0.2.2"]);
    expect(added.replace(/ {4}192.*\n/g, "")).toBe(SITE);
  });

  it("names nobody twice, which nginx would refuse", () => {
    expect(site('echo "203.0.113.9 5" >"$WORK/temporary"')).toBe(SITE);
  });

  it("fails where there is no list to add somebody to, and nowhere else", () => {
    const script = (temporary: string) =>
      `printf '${temporary}' >"$WORK/temporary"; with_temporary >"$DIR/out" && echo fine`;
    expect(runWithTool({ shell, stdin: "server {\n}\n", script: script("192.0.2.1 5\\n") }).stdout).toBe("");
    expect(runWithTool({ shell, stdin: "server {\n}\n", script: script("") }).stdout).toBe("fine\n");
    expect(runWithTool({ shell, stdin: SITE, script: script("192.0.2.1 5\\n") }).stdout).toBe("fine\n");
  });

  it("lets in whoever's time is not over, and says so", () => {
    const { stdout, stderr } = runWithTool({
      shell,
      script:
        'port=8864; echo 203.0.113.9 >"$WORK/allow"; add_temporary; cat "$WORK/allow"; cat "$WORK/temporary-only"',
      files: { "state/temporary": `192.0.2.1 ${SOON}\n192.0.2.2 1000\n203.0.113.9 ${SOON}\n` },
    });
    expect(stdout).toBe(`192.0.2.1\n203.0.113.9\n192.0.2.1 ${SOON}\n`);
    expect(stderr).toMatch(/warning: 192\.0\.2\.1 may open port 8864 until 20\d\d-[0-9T:-]+Z, /);
  });

  const allow = (address: string, duration: string, files: Readonly<Record<string, string>> = {}) =>
    runWithTool({
      shell,
      script: `${STUBS}ADDRESS='${address}'; DURATION='${duration}'
trap 'echo "== state"; cat "$STATE/temporary" 2>/dev/null; ls "$STATE"; rm -rf "$WORK"' EXIT
allow "$ADDRESS" "$DURATION"`,
      files: { "state/document": "lqpt-document 1\n", ...files },
    });
  const NOTHING = "== state\ndocument\n";

  it.each([
    ...[
      "",
      "203.0.113",
      "203.0.113.9.1",
      "203.0.113.256",
      "203.0.113.09",
      ".203.0.113",
      "203..113.9",
      "203.0.113.",
    ],
    ...[
      "203.0.113.0/24",
      "0.0.0.0/0",
      "2001:db8::1",
      "localhost",
      "-h",
      "203.0.113.9 192.0.2.1",
      "203.0.113.9\n192.0.2.1",
      "$(id)",
      "*",
    ],
  ])("refuses to let in %j, and changes nothing", (address) => {
    const { status, stdout, stderr } = allow(address, "2h");
    expect(stderr.replace(/\n {2}/g, "\n")).toContain(`[E_ADDRESS] found "${address}"`);
    expect({ status, stdout }).toEqual({ status: 10, stdout: NOTHING });
  });

  it.each([
    "",
    "2",
    "0h",
    "02h",
    "2w",
    "2hours",
    "-2h",
    "1.5h",
    "2h30m",
    " 2h",
    "8d",
    "169h",
    "604801s",
    "99999999999999999999d",
    "h",
  ])("refuses to let somebody in for %j, and changes nothing", (duration) => {
    const { status, stdout, stderr } = allow("203.0.113.9", duration);
    expect(stderr).toContain(`[E_DURATION] found "${duration}"; expected how long, at most 7d`);
    expect({ status, stdout }).toEqual({ status: 10, stdout: NOTHING });
  });

  it.each([
    ["90s", 90],
    ["30m", 1800],
    ["2h", 7200],
    ["1d", 86400],
    ["7d", 604800],
    ["168h", 604800],
  ])("lets somebody in for %s", (duration, seconds) => {
    const before = Math.floor(Date.now() / 1000);
    const { status, stdout } = allow("203.0.113.9", duration);
    expect(status).toBe(0);
    const [, until = "0"] = /^armed\nagain allow\n== state\n203\.0\.113\.9 (\d+)\n/.exec(stdout) ?? [];
    expect(Number(until) - before - seconds).toBeGreaterThanOrEqual(0);
    expect(Number(until) - before - seconds).toBeLessThan(30);
  });

  it("keeps the others until the timer has taken them away, and gives one who is there already a new end", () => {
    const files = { "state/temporary": `192.0.2.1 ${SOON}\n192.0.2.2 1000\n203.0.113.9 ${SOON}\n` };
    const lines = allow("203.0.113.9", "7d", files)
      .stdout.split("\n")
      .filter((line) => /^\d/.test(line));
    expect(lines).toHaveLength(3);
    expect(lines.slice(0, 2)).toEqual([`192.0.2.1 ${SOON}`, "192.0.2.2 1000"]);
    expect(Number(lines[2]?.replace("203.0.113.9 ", ""))).toBeGreaterThan(Number(SOON));
  });

  it("lets nobody in where the host is closed, or nothing is in force", () => {
    const closed = allow("203.0.113.9", "2h", { "state/closed": "2026-11-24T05:00:00Z by root\n" });
    expect(closed.stderr).toContain(
      "[E_CLOSED] this host was closed by a person at 2026-11-24T05:00:00Z by root",
    );
    expect(closed.stdout).toBe("== state\nclosed\ndocument\n");
    const { stdout, stderr } = runWithTool({ shell, script: `${STUBS}allow 203.0.113.9 2h; echo went on` });
    expect(stderr).toContain("[E_NO_DOCUMENT]");
    expect(stdout).toBe("");
  });
});
