import { withSharedAddress } from "./sharedAddress";
import { SHELLS } from "./shell";

describe.each(SHELLS)("a shared address, by %s", (_, shell) => {
  const run = (script: string, more: Parameters<typeof withSharedAddress>[2] = {}) =>
    withSharedAddress(shell, script, more);

  it("has a configuration with the password, which no other file gets", () => {
    const { stdout } = run('render_keepalived | grep auth_pass; grep -rl secret12 "$WORK" || echo nowhere');
    expect(stdout).toBe("        auth_pass secret12\nnowhere\n");
  });

  it.each([
    ["the router id", "s/router_id 100/router_id 101/", false],
    ["the password", "s/secret12/secret13/", false],
    ["the peer", "s/10.0.0.12/10.0.0.13/", false],
    ["the address", "s/10.0.0.100/10.0.0.101/", false],
    ["the priority", "s/priority 254/priority 200/", true],
    ["a comment", "s/global_defs/# a comment\\nglobal_defs/", true],
  ])("is one that the peer need not follow, or must, by %s", (_, change, same) => {
    const { stdout } = run(
      `render_keepalived >"$DIR/a"; sed '${change}' "$DIR/a" >"$DIR/b"; [ "$(sharers <"$DIR/a")" = "$(sharers <"$DIR/b")" ] && echo same || echo other`,
    );
    expect(stdout).toBe(same ? "same\n" : "other\n");
  });

  it("is taken at once by VRRP of version 3, without a password, and for a moment", () => {
    const { stdout } = run("render_keepalived | quick_conf | grep -e version -e advert -e auth -e router");
    expect(stdout).toBe("    vrrp_version 3\n    virtual_router_id 100\n    advert_int 0.05\n");
  });

  it.each([
    ["by a status", "0", true],
    ["by closing", "52", true],
    ["by a reset", "56", true],
    ["by closing in the handshake", "35", true],
    ["not, for nobody listens", "7", false],
    ["not, in time", "28", false],
  ])("is asked of nginx, which answers %s", (_, code, alive) => {
    const { stdout } = run(
      'mkdir -p "$DIR/run"; : >"$DIR/run/joined"; check_script | sed "s|^PATH=.*|PATH=$DIR:\\$PATH|" >"$DIR/check"; sh "$DIR/check" && echo may || echo may not',
      { commands: { curl: `exit ${code}`, timeout: 'shift; "$@"' } },
    );
    expect(stdout).toBe(alive ? "may\n" : "may not\n");
  });

  it.each([
    ["another has it and the peer was not heard", "0", "", false, false],
    ["another has it and the peer was heard", "0", "", true, true],
    ["nobody has it", "7", "", false, true],
    ["this host has it", "0", "2: eth0    inet 10.0.0.100/24 scope global eth0", false, true],
    [
      "this host has one that begins alike",
      "0",
      "2: eth0    inet 10.0.0.10/24 scope global eth0",
      false,
      false,
    ],
  ])("may be taken, or not, where %s", (_, elsewhere, addresses, joined, may) => {
    const { stdout } = run(
      `mkdir -p "$DIR/run"; ${joined ? ': >"$DIR/run/joined"; ' : ""}check_script | sed "s|^PATH=.*|PATH=$DIR:\\$PATH|" >"$DIR/check"; sh "$DIR/check" && echo may || echo may not`,
      {
        commands: {
          curl: `case $* in *10.0.0.100*) exit ${elsewhere} ;; esac`,
          timeout: 'shift; "$@"',
          ip: `echo "${addresses}"`,
        },
      },
    );
    expect(stdout).toBe(may ? "may\n" : "may not\n");
  });

  it("lets the peer in to the port beside the list, and takes it for nobody's source", () => {
    const { stdout } = run(
      'cp "$WORK/document" "$STATE/document"; add_peer; echo "$(paste -s -d " " "$WORK/allow")"; cat "$WORK/peer-only"; known_sources',
    );
    expect(stdout).toBe("10.0.0.12 203.0.113.9\n10.0.0.12\n10.0.0.12\n203.0.113.9\n");
  });

  it("cuts nobody in bulk by a peer that goes", () => {
    const { stdout, status } = run(
      'cp "$WORK/document" "$STATE/document"; printf "10.0.0.12\\n203.0.113.9\\n" >"$WORK/in-force"; echo 203.0.113.9 >"$WORK/allow"; : >"$WORK/peer-only"; check_bulk; refuse_if_problems; echo fine',
    );
    expect({ status, stdout }).toEqual({ status: 0, stdout: "fine\n" });
  });

  describe("is refused", () => {
    const COMMANDS = {
      ip: 'case $* in *link*) echo "2: ens3: <UP>" ;; *) echo "2: eth0    inet 10.0.0.11/24 scope global eth0" ;; esac',
      keepalived: 'echo "Keepalived v2.2.7 (01/16,2022)" >&2',
      systemctl: "echo inactive",
      curl: "",
      useradd: "",
      rpm: "exit 1",
    };
    const refused = (script: string, change: Partial<Record<keyof typeof COMMANDS, string>> = {}) =>
      run(`PATH="$DIR:$PATH"; mode=external; ${script}; survey_vip; cat "$WORK/problems" 2>/dev/null`, {
        commands: { ...COMMANDS, ...change },
      }).stdout;
    /** An interface that each machine has. */
    const LOOPBACK = 'echo lo >"$WORK/vip-interface"';

    it("for nothing where all is as it is to be", () => {
      expect(refused(LOOPBACK)).toBe("");
    });

    it.each([
      [
        "for an interface that is not there",
        'echo eth77 >"$WORK/vip-interface"',
        {},
        "has no interface eth77; expected the one that 10.0.0.100/24 is to be on: ens3",
      ],
      [
        "for an own address that is elsewhere",
        LOOPBACK,
        { ip: 'echo "inet 10.0.0.1/24"' },
        "has not the address 10.0.0.11",
      ],
      [
        "where the address is there and keepalived does not run",
        LOOPBACK,
        { ip: 'echo "inet 10.0.0.11/24"; echo " inet 10.0.0.100/24"; echo " inet 10.0.0.11/24"' },
        "has the address 10.0.0.100 already",
      ],
      [
        "for an old keepalived",
        LOOPBACK,
        { keepalived: 'echo "Keepalived v1.2.13 (05/28,2014)"' },
        "is version 1.2.13 here; expected 1.3.5",
      ],
      ["without a password", `${LOOPBACK}; : >"$VRRP_PASSWORD"`, {}, "E_KEYS"],
      [
        "for somebody's configuration",
        `${LOOPBACK}; echo theirs >"$KEEPALIVED_CONF"`,
        {},
        "is there and not as lqptctl left it",
      ],
    ])("%s", (_, script, change, says) => {
      expect(refused(script, change)).toContain(says);
    });

    it("for somebody's configuration no more where that is named, or is ours", () => {
      expect(
        refused(`${LOOPBACK}; echo theirs >"$KEEPALIVED_CONF"; echo "$KEEPALIVED_CONF" >"$WORK/remove"`),
      ).toBe("");
      expect(refused(`${LOOPBACK}; echo ours >"$KEEPALIVED_CONF"; echo ours >"$STATE/keepalived.conf"`)).toBe(
        "",
      );
    });
  });

  it.each([
    ["calls it good", "exit 0", "taken"],
    ["calls it bad", 'echo "Unknown keyword x"; exit 4', "refused"],
    ["complains and calls it good", "echo \"(Line 3) Unknown keyword 'x'\"; exit 0", "refused"],
    ["ends itself when it has read it", "echo Terminated; kill -TERM $$", "taken"],
    ["cannot tell", "", "taken"],
  ])("has a configuration that keepalived %s", (_, body, outcome) => {
    const help = body === "" ? "echo usage" : "echo '  -t, --config-test'";
    const { stdout } = run(
      'keepalived_bin="$DIR/keepalived"; echo >"$DIR/conf"; test_keepalived "$DIR/conf" && echo taken || echo refused',
      {
        commands: {
          keepalived: `case $* in --help) ${help}; exit ;; *config-test*) ;; *) exit 9 ;; esac; ${body}`,
        },
      },
    );
    expect(stdout).toBe(`${outcome}\n`);
  });
});
