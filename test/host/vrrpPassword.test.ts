import { withSharedAddress } from "./sharedAddress";
import { SHELLS } from "./shell";

/** A run of `keys` on a host where a certificate is not the matter. */
const KEYS = `need_root() { :; }; take_lock() { :; }; check_owner() { :; }; find_own_nginx() { :; }; flush() { :; }
cp "$WORK/document" "$STATE/document"
keys_of() { cat >"$WORK/pem"; keys acme-7f3a proxy-1; }
`;

describe.each(SHELLS)("the password of a shared address, by %s", (_, shell) => {
  const run = (script: string, password = "secret12") =>
    withSharedAddress(shell, KEYS + script, { files: { "vrrp-pass": `${password}\n` } });

  it("is kept for root alone, and told to be there", () => {
    const { stdout } = run(
      `rm "$VRRP_PASSWORD"; echo "vrrp-password Abcd1234" | keys_of; cat "$VRRP_PASSWORD"; stat -c %a "$VRRP_PASSWORD"`,
    );
    expect(stdout).toBe(
      '{"lqptctl":"1.2.3+test","certificate":null,"until":null,"vrrp":true}\nAbcd1234\n600\n',
    );
  });

  it.each([
    ["nothing", ""],
    ["too short a one", "vrrp-password Abcd123"],
    ["too long a one", "vrrp-password Abcd12345"],
    ["one for the shell", "vrrp-password $(id)abc"],
    ["two", "vrrp-password Abcd1234\nvrrp-password Abcd1235"],
    ["another word", "password Abcd1234"],
  ])("is not %s; that is refused, and shown nowhere", (_, lines) => {
    const { status, stdout, stderr } = run(
      `(printf '%s\\n' '${lines}' | keys_of); echo $?; cat "$VRRP_PASSWORD"`,
    );
    expect({ status, stdout }).toEqual({ status: 0, stdout: "10\nsecret12\n" });
    expect(stderr).toContain("[E_KEYS]");
    expect(stderr).not.toContain("Abcd");
  });

  it("that is another is put to use at once where keepalived runs by a configuration of ours", () => {
    const { stdout } =
      run(`render_keepalived >"$KEEPALIVED_CONF"; cp "$KEEPALIVED_CONF" "$STATE/keepalived.conf"
      keepalived_active() { :; }; test_keepalived() { :; }; await_peer() { echo waits; }
      load_keepalived() { grep auth_pass "$1"; }
      echo "vrrp-password Abcd1234" | keys_of; grep auth_pass "$STATE/keepalived.conf"; ls "$STATE"`);
    expect(stdout).toBe(
      '        auth_pass Abcd1234\nwaits\n{"lqptctl":"1.2.3+test","certificate":null,"until":null,"vrrp":true}\n        auth_pass Abcd1234\ndocument\nkeepalived.conf\n',
    );
  });

  it("comes back, the one before, where keepalived does not take it", () => {
    const { stdout, stderr } =
      run(`render_keepalived >"$KEEPALIVED_CONF"; cp "$KEEPALIVED_CONF" "$STATE/keepalived.conf"
      keepalived_active() { :; }; test_keepalived() { :; }; await_peer() { :; }
      load_keepalived() { : >"$WORK/keepalived-error"; ! grep -q Abcd "$1"; }
      (echo "vrrp-password Abcd1234" | keys_of); echo $?; cat "$VRRP_PASSWORD"`);
    expect(stdout).toBe("11\nsecret12\n");
    expect(stderr).toContain("the one before is back");
  });

  it("goes with forget-keys, unless a configuration of ours has it", () => {
    expect(run('forget_password; ls "$VRRP_PASSWORD" 2>/dev/null || echo gone').stdout).toBe("gone\n");
    const { stdout } = run(': >"$STATE/keepalived.conf"; forget_password; cat "$VRRP_PASSWORD"');
    expect(stdout).toBe("secret12\n");
  });
});
