import { describeLab } from "../../support/prepare";
import { callLeqi, sampleValues } from "../../support/samples";
import { makeStack, makeWorld, must, type World } from "../world";
import { PASSPHRASE, type Stack } from "../../support/stack";

const PASSWORD = "correct horse \\ battery's $(staple)";

/** A host that is entered as an ordinary user with a password, who becomes root by the same password. */
function passwordValues(world: World) {
  const values = sampleValues(world.host);
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
    world = await makeWorld({ users: [{ name: "ops", password: PASSWORD, sudo: "password" }] }, false);
  });
  afterAll(() => world.stop());

  /** A stack for one use, taken away after it. */
  async function withStack(
    password: string,
    sudoPassword: string,
    use: (stack: Stack) => Promise<void>,
  ): Promise<void> {
    const secrets = { "proxy-1.password": password, "proxy-1.sudoPassword": sudoPassword };
    const stack = await makeStack(world.lab, passwordValues(world), secrets, false);
    try {
      await use(stack);
    } finally {
      stack.dispose();
    }
  }

  /** Failed log-ins that sshd counted, and refused passwords that sudo counted, since the last look. */
  async function failures(): Promise<{ logins: number; sudo: number }> {
    const { stdout } = await world.host.exec(
      "journalctl -o cat -t sshd -t sshd-session | grep -c '^Failed' ; journalctl -o cat -t sudo | grep -c 'incorrect password attempt'; journalctl --rotate --vacuum-time=1s >/dev/null 2>&1",
    );
    const [logins = "", sudo = ""] = stdout.split("\n");
    return { logins: Number(logins), sudo: Number(sudo) };
  }

  it("a wrong password costs one dial, and is not in the error", () =>
    withStack("wrong-password-1", PASSWORD, async (stack) => {
      await failures();
      const { exitCode, all } = await stack.up();
      expect(exitCode).not.toBe(0);
      expect(all).not.toContain("wrong-password-1");
      expect(all).toContain("unable to authenticate");
      expect((await failures()).logins).toBe(1);
    }));

  it("a wrong sudo password costs one refusal, and is not in the error", () =>
    withStack(PASSWORD, "wrong-password-2", async (stack) => {
      await failures();
      const { exitCode, all } = await stack.up();
      expect(exitCode).not.toBe(0);
      expect(all).not.toContain("wrong-password-2");
      expect(all).toContain("sudo");
      expect(await failures()).toEqual({ logins: 0, sudo: 1 });
    }));

  it(
    "the right ones work, and none is in a preview, an update, an error or the state",
    () =>
      withStack(PASSWORD, PASSWORD, async (stack) => {
        const preview = await must(stack.preview("--diff"));
        const up = await must(stack.up());
        expect((await callLeqi(world.listed, world.host.address)).outcome).toBe("answered");

        stack.change({ allow: { "203.0.113.55": "ACME second site" } });
        const changed = await must(stack.preview("--diff"));
        expect(changed.all).toMatch(/\+ lqpt:index:AllowedSource: \(create\)/);
        const short = await must(stack.preview());
        expect(short.all).toMatch(/\+ +.*AllowedSource proxy-1:203\.0\.113\.55 +create/);
        expect(short.all).toMatch(/- +.*AllowedSource proxy-1:203\.0\.113\.9 +delete/);

        const second = await must(stack.up("--diff"));
        const standing = stack.stateText();
        const destroyed = await must(stack.destroy());
        const { stdout: left } = await world.host.exec(
          "grep -rFl -e 'correct horse' /tmp /var/log /var/lib/lqpt /run 2>/dev/null || true",
        );
        expect(left).toBe("");
        const runs = [preview, up, changed, short, second, destroyed];
        for (const text of [...runs.map(({ all }) => all), standing, stack.stateText()]) {
          for (const secret of ["correct horse", "battery's", PASSPHRASE]) {
            expect(text).not.toContain(secret);
          }
        }
      }),
    360_000,
  );

  it("a private key is in none of them either", async () => {
    const { stack } = world;
    const preview = await must(stack.preview("--diff"));
    const up = await must(stack.up("--diff"));
    const standing = stack.stateText();
    const destroyed = await must(stack.destroy("--diff"));
    for (const text of [preview.all, up.all, destroyed.all, standing, stack.stateText(), stack.readText()]) {
      expectNoKey(text);
    }
  });

  it("a private key is not in an error", async () => {
    const { stack } = world;
    const good = stack.readText();
    stack.writeText(good.replace("user: root", "user: root\n      port: 2022"));
    try {
      const { exitCode, all } = await stack.up("--diff");
      expect(exitCode).not.toBe(0);
      // Which of the two depends on whether firewalld runs by now.
      expect(all).toMatch(/connection refused|no route to host/);
      expectNoKey(all);
      expectNoKey(stack.stateText());
    } finally {
      stack.writeText(good);
    }
  });

  /** Neither whole nor by any of its lines. */
  function expectNoKey(text: string): void {
    const lines = world.lab.operatorKey.split("\n").filter((line) => line.length > 20);
    expect(lines.length).toBeGreaterThan(3);
    for (const line of [...lines, "PRIVATE KEY"]) {
      expect(text).not.toContain(line);
    }
  }
});
