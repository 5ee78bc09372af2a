import { runWithTool, SHELLS } from "./shell";

/** As `ss -tn state connected` prints it: IPv4, IPv4 on an IPv6 socket, and IPv6. */
const SS = `State Recv-Q Send-Q Local Address:Port  Peer Address:Port
ESTAB 0      0          10.0.0.5:8864   203.0.113.9:51000
ESTAB 0      0          10.0.0.5:8864   203.0.113.9:51001
ESTAB 0      0          10.0.0.5:8864  198.51.100.7:40000
ESTAB 0      0      [::ffff:10.0.0.5]:8864 [::ffff:192.0.2.1]:40000
ESTAB 0      0      [2001:db8::5]:8864 [2001:db8::1]:40000
`;

/** As `conntrack -L` prints it. */
const TRACKED = ["203.0.113.9", "192.0.2.99", "192.0.2.99"]
  .map(
    (peer) =>
      `tcp      6 431999 ESTABLISHED src=${peer} dst=10.0.0.5 sport=40000 dport=8864 src=10.0.0.5 dst=${peer} sport=8864 dport=40000 [ASSURED] mark=0 use=1\n`,
  )
  .join("");

describe.each(SHELLS)("open connections, looked at by %s", (_, shell) => {
  const strangers = (listing: string, ...networks: readonly string[]) =>
    runWithTool({
      shell,
      script: `ss() { cat "$DIR/ss"; }\nstrangers 8864 "$DIR/networks"`,
      files: { ss: listing, networks: networks.map((network) => `${network}\n`).join("") },
    }).stdout;

  it.each([
    ["nobody", [], "192.0.2.1\n198.51.100.7\n2001:db8::1\n203.0.113.9\n"],
    ["an address", ["203.0.113.9"], "192.0.2.1\n198.51.100.7\n2001:db8::1\n"],
    ["a network", ["198.51.100.0/28", "192.0.2.0/24"], "2001:db8::1\n203.0.113.9\n"],
    ["everybody of IPv4", ["203.0.113.9", "198.51.100.7", "192.0.2.1"], "2001:db8::1\n"],
  ])("are strangers' where %s is listed and others are there", (_, networks, found) => {
    expect(strangers(SS, ...networks)).toBe(found);
  });

  it("are nobody's where there are none", () => {
    expect(strangers(SS.split("\n")[0] ?? "", "203.0.113.9")).toBe("");
  });

  it("are not those that have ended, of which the kernel only keeps a memory", () => {
    const ended = "TIME-WAIT 0      0          10.0.0.5:8864   198.51.100.99:40000\n";
    expect(strangers(SS + ended, "203.0.113.9", "198.51.100.7", "192.0.2.1")).toBe("2001:db8::1\n");
  });

  it("are ended for strangers alone, and told; and warned of where they stay", () => {
    const cut = (left: string) =>
      runWithTool({
        shell,
        script: `ss() { case $* in *-tK*) echo "$*" >>"$DIR/killed"; echo '${left}' >"$DIR/ss" ;; *) cat "$DIR/ss" ;; esac; }
conntrack() { case $* in *-L*) cat "$DIR/remembered" ;; *) echo "$*" >>"$DIR/killed" ;; esac; }
cut_connections 8864 "$DIR/networks"; cat "$DIR/killed"`,
        files: {
          ss: SS,
          networks: "203.0.113.9\n192.0.2.1\n2001:db8::1\n198.51.100.0/29\n",
          killed: "",
          remembered: TRACKED,
        },
      });
    expect(cut("State")).toMatchObject({
      stdout:
        "-tK dst = 2001:db8::1 sport = :8864\n-D -p tcp -s 2001:db8::1 --dport 8864\n-D -p tcp -s 192.0.2.99 --dport 8864\n",
      stderr: "lqptctl: ended the open connections of 2001:db8::1\n",
    });
    expect(cut("State\nESTAB 0 0 [2001:db8::5]:8864 [2001:db8::1]:40000").stderr).toContain(
      "could not be reset: 2001:db8::1; each ends when nginx closes it",
    );
  });
});
