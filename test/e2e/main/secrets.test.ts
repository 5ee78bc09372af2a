import { describeLab } from "../../support/prepare";
import { call, makeStack, makeWorld, stackValues, type World } from "../world";
import { PASSPHRASE, type Stack } from "../../support/stack";

const PASSWORD = "correct horse \\ battery's $(staple)";

/** A host that is entered as an ordinary user with a password, who becomes root by the same password. */
function passwordValues(world: World) {
  const values = stackValues(world.host);
  const host = {
    address: world.host.address,
    user: "ops",
    auth: "password",
    sudo: "password",
    hostKey: world.host.hostKey("ed25519"),
  };
  return { ...values, hosts: { "proxy-1": host } };
}

describeLab("secrets", () => {
  let world: World;
  beforeAll(async () => {
    world = await makeWorld({ users: [{ name: "ops", password: PASSWORD, sudo: "password" }] });
  });
  afterAll(() => world.stop());

  const stackWith = (password: string, sudoPassword: string): Promise<Stack> =>
    makeStack(world.lab, passwordValues(world), {
      "proxy-1.password": password,
      "proxy-1.sudoPassword": sudoPassword,
    });

  /** Failed log-ins that sshd counted, and refused passwords that sudo counted, since the last look. */
  async function failures(): Promise<{ logins: number; sudo: number }> {
    const { stdout } = await world.host.exec(
      "journalctl -o cat -t sshd -t sshd-session | grep -c '^Failed' ; journalctl -o cat -t sudo | grep -c 'incorrect password attempt'; journalctl --rotate --vacuum-time=1s >/dev/null 2>&1",
    );
    const [logins = "", sudo = ""] = stdout.split("\n");
    return { logins: Number(logins), sudo: Number(sudo) };
  }

  it("a wrong password costs one dial, and is not in the error", async () => {
    const stack = await stackWith("wrong-password-1", PASSWORD);
    await failures();
    const { exitCode, all } = await stack.up();
    expect(exitCode).not.toBe(0);
    expect(all).not.toContain("wrong-password-1");
    expect(all).toContain("unable to authenticate");
    expect((await failures()).logins).toBe(1);
    stack.dispose();
  });

  it("a wrong sudo password costs one refusal, and is not in the error", async () => {
    const stack = await stackWith(PASSWORD, "wrong-password-2");
    await failures();
    const { exitCode, all } = await stack.up();
    expect(exitCode).not.toBe(0);
    expect(all).not.toContain("wrong-password-2");
    expect(all).toContain("sudo");
    expect(await failures()).toEqual({ logins: 0, sudo: 1 });
    stack.dispose();
  });

  it("the right ones work, and none is in a preview, an update, an error or the state", async () => {
    const stack = await stackWith(PASSWORD, PASSWORD);
    const preview = await stack.preview("--diff");
    const up = await stack.up();
    expect(up).toMatchObject({ exitCode: 0 });
    expect((await call(world.listed, world.host.address)).outcome).toBe("answered");

    stack.change({ allow: { "203.0.113.55": "ACME second site" } });
    const changed = await stack.preview("--diff");
    expect(changed.all).toMatch(/\+ lqpt:index:AllowedSource: \(create\)/);
    const short = await stack.preview();
    expect(short.all).toMatch(/\+ +.*AllowedSource proxy-1:203\.0\.113\.55 +create/);
    expect(short.all).toMatch(/- +.*AllowedSource proxy-1:203\.0\.113\.9 +delete/);

    const second = await stack.up("--diff");
    const destroyed = await stack.destroy();
    const { stdout: left } = await world.host.exec(
      "grep -rFl -e 'correct horse' /tmp /var/log /var/lib/lqpt /run 2>/dev/null || true",
    );
    expect(left).toBe("");
    for (const text of [
      preview.all,
      up.all,
      changed.all,
      short.all,
      second.all,
      destroyed.all,
      stack.stateText(),
    ]) {
      for (const secret of ["correct horse", "battery's", PASSPHRASE]) {
        expect(text).not.toContain(secret);
      }
    }
    stack.dispose();
  });

  it("a private key is in none of them either", async () => {
    const { stack, lab } = world;
    const runs = [await stack.preview("--diff"), await stack.up("--diff"), await stack.destroy("--diff")];
    const body = lab.operatorKey.split("\n")[1] ?? "";
    expect(body.length).toBeGreaterThan(20);
    for (const text of [...runs.map(({ all }) => all), stack.stateText(), stack.readText()]) {
      expect(text).not.toContain(body);
      expect(text).not.toContain("PRIVATE KEY");
    }
  });
});
