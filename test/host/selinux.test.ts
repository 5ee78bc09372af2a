import { runWithTool, SHELLS } from "./shell";

/** As `semanage port -l` prints it on a Red Hat system, shortened. */
const PORTS = `SELinux Port Type              Proto    Port Number

http_port_t                    tcp      80, 81, 443, 488, 8008, 8009, 8443, 9000
transproxy_port_t              tcp      8081
unreserved_port_t              tcp      61001-65535, 1024-32767
unreserved_port_t              udp      61001-65535, 1024-32767
`;

const COMMANDS = {
  getenforce: 'cat "$(dirname "$0")/mode"',
  semanage:
    'here=$(dirname "$0"); case "$*" in "port -l") cat "$here/ports" ;; *) echo "semanage $*" >>"$here/calls" ;; esac',
  getsebool: 'echo "httpd_can_network_connect --> $(cat "$(dirname "$0")/boolean")"',
  setsebool: 'echo "setsebool $*" >>"$(dirname "$0")/calls"',
};

describe.each(SHELLS)("SELinux, by %s", (_, shell) => {
  const run = (script: string, { mode = "Enforcing", boolean = "off" } = {}) =>
    runWithTool({
      shell,
      script: `mkdir -p "$STATE"; touch "$DIR/calls"; ${script}; cat "$DIR/calls"`,
      commands: COMMANDS,
      files: { mode: `${mode}\n`, boolean: `${boolean}\n`, ports: PORTS },
    });

  it("lets nginx listen and call out, by a label for each port and a boolean", () => {
    expect(run("prepare_selinux 8864 8081").stdout).toBe(
      "semanage port -a -t http_port_t -p tcp 8864\nsemanage port -m -t http_port_t -p tcp 8081\nsetsebool -P httpd_can_network_connect 1\n",
    );
  });

  it("changes nothing where all is so already, nor where SELinux is off", () => {
    expect(run("prepare_selinux 8443 9000", { boolean: "on" }).stdout).toBe("");
    expect(run("prepare_selinux 8864 8865", { mode: "Disabled" }).stdout).toBe("");
  });

  it("puts back the labels that it gave, and leaves the boolean", () => {
    const { stdout } = run('prepare_selinux 8864 8081; : >"$DIR/calls"; forget_selinux; ls "$STATE"');
    expect(stdout.split("\n").sort().join("\n").trim()).toBe(
      "semanage port -d -p tcp 8864\nsemanage port -m -t transproxy_port_t -p tcp 8081",
    );
  });

  it("is told by status where a label or the boolean is not as it must be", () => {
    const { stdout } = run('deviates() { echo "$1"; }; selinux_deviations 8864 8443');
    expect(stdout).toBe(
      "SELinux: tcp 8864 is not labelled http_port_t, so nginx may not listen there\nSELinux: httpd_can_network_connect is off, so nginx may not reach Leqi\n",
    );
  });

  it("is refused where it is on and its commands are missing", () => {
    const { status, stderr } = runWithTool({
      shell,
      script: "command() { case $2 in semanage) return 1 ;; esac; }; preflight_selinux; refuse_if_problems",
      commands: COMMANDS,
      files: { mode: "Enforcing\n" },
    });
    expect(status).toBe(10);
    expect(stderr).toContain("[E_SELINUX]");
  });
});
