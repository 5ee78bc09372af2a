import { runWithTool, SHELLS } from "./shell";

/** A systemctl that notes what it is told, and says of keepalived what the file `active` says. */
const SYSTEMCTL = `here=$(dirname "$0")
case $* in
is-active*) cat "$here/active"; exit ;;
is-enabled*) echo enabled; exit ;;
"stop keepalived") echo inactive >"$here/active" ;;
"start keepalived" | "restart keepalived") echo active >"$here/active" ;;
esac
echo "systemctl $*" >>"$here/calls"`;

const SETUP = `mkdir -p "$STATE" "$DIR/etc" "$DIR/run"; : >"$DIR/run/joined"
KEEPALIVED_CONF="$DIR/etc/keepalived.conf"; VIP_FOLDER="$DIR/run"; handed_over=no
vip=10.0.0.100/24; vip_address=10.0.0.100; vip_interface=eth0; vip_own=10.0.0.11; vip_peer=10.0.0.12; vip_port=8864; vip_scheme=http
read_vip_in_force() { :; }
raw_sockets() { echo "ip 112 * keepalived 77"; }
holds_vip() { [ -e "$DIR/holds" ]; }
vip_answers() { [ -e "$DIR/elsewhere" ]; }
vip_settled() { :; }
kernel_change() { echo "nft $1" | tr '\\n' ';' >>"$DIR/calls"; echo >>"$DIR/calls"; }
calls() { cat "$DIR/calls" 2>/dev/null; }
`;

describe.each(SHELLS)("a change of the host that may have the shared address, by %s", (_, shell) => {
  const run = (
    script: string,
    {
      holds = false,
      elsewhere = false,
      active = true,
      commands = {},
    }: { holds?: boolean; elsewhere?: boolean; active?: boolean; commands?: Record<string, string> } = {},
  ) =>
    runWithTool({
      shell,
      script: SETUP + script,
      commands: {
        systemctl: SYSTEMCTL,
        "systemd-run": 'echo "systemd-run $*" >>"$(dirname "$0")/calls"',
        ...commands,
      },
      files: {
        active: active ? "active\n" : "inactive\n",
        ...(holds ? { holds: "" } : {}),
        ...(elsewhere ? { elsewhere: "" } : {}),
        "etc/keepalived.conf": "virtual_router_id 1\npriority 254\n",
        same: "virtual_router_id 1\npriority 253\n",
        other: "virtual_router_id 2\npriority 254\nglobal_defs {\nadvert_int 1\n",
      },
    });

  describe("keepalived's configuration", () => {
    const load = (file: string) =>
      `load_keepalived "$DIR/${file}" && echo loaded; calls | grep -v "is-enabled"; [ -e "$DIR/run/joined" ] && echo joined; cmp "$DIR/${file}" "$KEEPALIVED_CONF" && echo put`;

    it("is read in place where the peer need not follow, and the address stays", () => {
      expect(run(load("same"), { holds: true }).stdout).toBe(
        "loaded\nsystemctl reload keepalived\njoined\nput\n",
      );
    });

    it("is started where it does not run", () => {
      expect(run(load("other"), { active: false }).stdout).toBe(
        "loaded\nsystemctl stop lqpt-join\nsystemctl reset-failed keepalived\nsystemctl start keepalived\nput\n",
      );
    });

    it("parts the standby from its peer where that is to follow", () => {
      expect(run(load("other")).stdout).toBe(
        "loaded\nsystemctl stop lqpt-join\nsystemctl restart keepalived\nput\n",
      );
    });

    it("has the address go to the peer first where this host has it and the peer takes it", () => {
      expect(run(load("other"), { holds: true, elsewhere: true }).stdout).toBe(
        "loaded\nsystemctl stop keepalived\nsystemctl stop lqpt-join\nsystemctl reset-failed keepalived\nsystemctl start keepalived\nput\n",
      );
    });

    it("has the address taken again at once where the peer does not take it", () => {
      const { stdout } = run(
        `put_conf() { grep -e version -e advert "$1" >>"$DIR/calls"; cp "$1" "$KEEPALIVED_CONF"; }; ${load("other")}`,
        { holds: true },
      );
      expect(stdout).toBe(
        "loaded\nsystemctl stop keepalived\n    vrrp_version 3\nadvert_int 0.05\nsystemctl reset-failed keepalived\nsystemctl start keepalived\nadvert_int 1\nsystemctl reload keepalived\njoined\nput\n",
      );
    });

    it("is not in force where keepalived has no socket for VRRP afterwards", () => {
      const { stdout } = run(
        `wait_until() { shift; "$@"; }; raw_sockets() { :; }; load_keepalived "$DIR/same" || cat "$WORK/keepalived-error"`,
      );
      expect(stdout).toContain("it does not run, or by a configuration without an instance");
    });
  });

  describe("a step that may interrupt", () => {
    const step = `nginx_bin=nginx; master_unit() { echo nginx; }; nginx_restart; calls`;
    const curl = (status: string) => ({ curl: `printf '%s' ${status}` });

    it("is taken at once where this host has no address to hand over", () => {
      expect(run(step).stdout).toBe("systemctl stop nginx\nsystemctl start nginx\n");
    });

    it("is taken once the peer has the address, and this host stands by again after it", () => {
      const { stdout, stderr } = run(step, { holds: true, elsewhere: true, commands: curl("200") });
      expect(stdout.split("\n").filter((line) => !line.includes("lqpt-stand-by.timer"))).toEqual([
        "systemd-run --unit=lqpt-stand-by --on-active=120 systemctl start keepalived",
        ...[
          "systemctl stop keepalived",
          "systemctl stop nginx",
          "systemctl start nginx",
          "systemctl start keepalived",
        ],
        "",
      ]);
      expect(stderr).not.toContain("warning");
    });

    it("stands by again where it failed", () => {
      const { stdout } = run(`nginx_stop() { return 1; }; ${step}`, {
        ...{ holds: true, elsewhere: true, commands: curl("200") },
      });
      expect(stdout).toContain("systemctl start keepalived\n");
    });

    it.each([
      ["is not healthy", curl("503"), "(status 503)"],
      ["cannot be reached", { curl: "exit 7" }, "(unreachable)"],
    ])("is taken in place, with a warning, where the peer %s", (_, commands, says) => {
      const { stdout, stderr } = run(step, { holds: true, commands });
      expect(stdout).toBe("systemctl stop nginx\nsystemctl start nginx\n");
      expect(stderr).toContain(`its peer 10.0.0.12 is not ready to take it ${says}`);
    });
  });

  describe("an end of keepalived", () => {
    const ROOT = { id: "echo 0" };

    it("waits until nobody is connected at the address, and lets nobody new in meanwhile", () => {
      const { stdout } = run(
        `find_own_nginx() { :; }; nginx_master() { echo $$; }; kill() { echo "kill $*" >>"$DIR/calls"; }
         ss() { echo "ss $*" >>"$DIR/calls"; echo State; echo "ESTAB 0 0 10.0.0.100:8864 10.0.0.12:7"; [ -e "$DIR/asked" ] || echo "ESTAB 0 0 10.0.0.100:8864 203.0.113.9:5"; : >"$DIR/asked"; }; echo deactivating >"$DIR/active"; vip_stop; calls | sed "s/$$/PID/"`,
        { holds: true, commands: ROOT },
      );
      expect(stdout).toBe(
        `nft add table ip lqpt_holds;add chain ip lqpt_holds new { type filter hook prerouting priority -400; policy accept; };add rule ip lqpt_holds new ip saddr != 10.0.0.12 ip daddr 10.0.0.100 tcp dport 8864 tcp flags & (syn|ack) == syn drop;
kill -HUP PID
${"ss -tn state connected src 10.0.0.100 sport = :8864\n".repeat(2)}`,
      );
    });

    it("is at once where this host has not the address", () => {
      const stop = 'echo deactivating >"$DIR/active"; vip_stop; calls';
      expect(run(stop, { commands: ROOT }).stdout).toBe("");
    });

    it("is not made by a call alone: the address would stay, and calls to it be dropped", () => {
      const { stdout, stderr } = run("vip_stop; calls", { holds: true, commands: ROOT });
      expect({ stdout, stderr }).toMatchObject({
        stdout: "",
        stderr: expect.stringContaining("systemctl stop keepalived") as string,
      });
    });

    it("lets whoever waits find the peer", () => {
      expect(run("vip_stopped; calls", { commands: ROOT }).stdout).toBe("nft delete table ip lqpt_holds;\n");
    });

    it("takes off the address that one that was killed left behind", () => {
      const commands = { ...ROOT, ip: 'echo "ip $*" >>"$(dirname "$0")/calls"' };
      expect(run("vip_stopped; calls", { holds: true, commands }).stdout).toBe(
        "ip address del 10.0.0.100/24 dev eth0\nnft delete table ip lqpt_holds;\n",
      );
    });

    it("leaves it open whether the peer is heard, unless a run starts keepalived again", () => {
      const start = '[ -e "$DIR/run/joined" ] && echo joined; calls | grep lqpt-join';
      expect(run(`vip_start; ${start}`, { commands: ROOT }).stdout).toBe(
        "systemctl stop lqpt-join\nsystemctl --no-block start lqpt-join\n",
      );
      for (const mark of ["pending", "keepalived-next"]) {
        expect(run(`: >"$STATE/${mark}"; vip_start; ${start}`, { commands: ROOT }).stdout).toBe("joined\n");
      }
    });
  });
});
