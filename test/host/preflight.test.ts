import { runWithTool, SHELLS } from "./shell";

/** As ss of iproute2 5 and 6 prints it to root. */
const SS = `Netid State  Recv-Q Send-Q Local Address:Port  Peer Address:Port Process
udp   UNCONN 0      0            0.0.0.0:68         0.0.0.0:*     users:(("dhclient",pid=301,fd=7))
tcp   LISTEN 0      128          0.0.0.0:22         0.0.0.0:*     users:(("sshd",pid=211,fd=3))
tcp   LISTEN 0      128        127.0.0.1:631        0.0.0.0:*     users:(("cupsd",pid=400,fd=7))
tcp   LISTEN 0      511          0.0.0.0:8864       0.0.0.0:*     users:(("nginx",pid=502,fd=6),("nginx",pid=501,fd=6))
tcp   LISTEN 0      128             [::]:22            [::]:*     users:(("sshd",pid=211,fd=4))
tcp   LISTEN 0      128            [::1]:631           [::]:*     users:(("cupsd",pid=400,fd=6))
tcp   LISTEN 0      128                *:9000             *:*     users:(("my app",pid=77,fd=4))
tcp   LISTEN 0      128    10.0.0.5%eth0:9001       0.0.0.0:*
`;

/** Functions, which every shell prefers to its own applets. */
const ss = (listing: string): string => `ss() {\ncat <<'SS'\n${listing}SS\n}\n`;
const PROBLEMS = `cat "$WORK/problems" 2>/dev/null`;

describe.each(SHELLS)("the look at a machine by %s", (_, shell) => {
  const run = (script: string) => runWithTool({ shell, script }).stdout;

  it("finds who listens where others can reach it, each with its process", () => {
    expect(
      run(`${ss(SS)}listeners`)
        .trim()
        .split("\n")
        .sort(),
    ).toEqual([
      "tcp 22 0.0.0.0 sshd 211",
      "tcp 22 [::] sshd 211",
      "tcp 8864 0.0.0.0 nginx 502",
      "tcp 9000 * my app 77",
      "tcp 9001 10.0.0.5%eth0 unknown -",
      "udp 68 0.0.0.0 dhclient 301",
    ]);
  });

  /** The nginx that is to serve the site, and the one that runs. */
  const nginx = (ours: string, running: string): string =>
    `: >"$DIR/${ours}"; chmod +x "$DIR/${ours}"; nginx_bin="$DIR/${ours}"; program_of() { echo "$(readlink -f "$DIR")/${running}"; }; `;
  const OURS = nginx("nginx", "nginx");
  const portProblems = (port: string, before: string): string =>
    run(`${ss(SS)}${before}preflight_port ${port}; ${PROBLEMS}`);

  it.each([
    ["nobody has", "8865", ""],
    ["the nginx has that is to serve the site", "8864", OURS],
    ["somebody has for UDP", "68", ""],
  ])("takes a port that %s", (_, port, before) => {
    expect(portProblems(port, before)).toBe("");
  });

  it.each([
    ["another program has", "22", "", "sshd (pid 211, on 0.0.0.0)"],
    ["an nginx has though none was found", "8864", "", "nginx (pid 502, on 0.0.0.0), which is "],
    ["another nginx has", "8864", nginx("nginx", "vendors-nginx"), "nginx (pid 502, on 0.0.0.0), which is "],
    ["another program has on a host of ours, its name in two words", "9000", OURS, "my app (pid 77, on *)"],
    // nginx could not bind 0.0.0.0 beside it.
    ["another program has on 127.0.0.1", "631", "", "cupsd (pid 400, on 127.0.0.1)"],
    ["a program without a name has", "9001", "", "unknown (pid -, on 10.0.0.5%eth0)"],
  ])("refuses a port that %s", (_, port, before, holder) => {
    expect(portProblems(port, before)).toContain(`[E_PORT_TAKEN] tcp port ${port} is taken by ${holder}`);
  });

  const size = (cores: number, mebibytes: number) =>
    run(
      `nproc() { echo ${String(cores)}; }\nawk() { echo ${String(mebibytes)}; }\npreflight_size\n${PROBLEMS}\ncat "$WORK/warnings" 2>/dev/null`,
    );

  it.each([
    [2, 3584, ""],
    [2, 3583, "the machine has 3583 MiB of memory; the vendor's document asks for 4 GiB\n"],
    [2, 1536, "the machine has 1536 MiB of memory; the vendor's document asks for 4 GiB\n"],
  ])("takes %i cores and %i MiB, with the warning %j", (cores, mebibytes, warning) => {
    expect(size(cores, mebibytes)).toBe(warning);
  });

  it("refuses too little of both at once", () => {
    expect(size(1, 1535)).toMatch(/^\[E_CORES\] .* 1 core.*\n\[E_MEMORY\] .* 1535 MiB .*\n$/);
  });

  it.each([
    ["0.0.0.0", "8864", "0.0.0.0:8864", true],
    ["0.0.0.0", "8864", "*:8864", true],
    ["0.0.0.0", "8864", "127.0.0.1:8864", false],
    ["0.0.0.0", "8864", "0.0.0.0:18864", false],
    ["10.0.0.5", "8864", "10.0.0.5:8864", true],
    ["10.0.0.5", "8864", "0.0.0.0:8864", false],
    ["0.0.0.0", "8864", "[::]:8864", false],
  ])("where %s:%s is wanted and %s listens: %s", (bind, port, address, expected) => {
    const listing = `State  Recv-Q Send-Q Local Address:Port Peer Address:Port\nLISTEN 0 511 ${address} 0.0.0.0:*\n`;
    expect(run(`${ss(listing)}listens ${bind} ${port} && echo yes || echo no`)).toBe(
      expected ? "yes\n" : "no\n",
    );
  });
});
