import { describeLab } from "../../support/prepare";
import { callLeqi, sampleValues } from "../../support/samples";
import { kindsOf } from "../kinds";
import { aptInstall } from "../packages";
import { makeWorld, must, type World } from "../world";
import { lqptDialling } from "./lqpt";

const PASSWORD = "the right one: $(no) 'quotes'";

/** What dials a host, on a machine where three failures lock an account. */
const CALLS: readonly (readonly [string, (world: World) => Promise<{ exitCode?: number; all: string }>])[] = [
  ["pulumi up", (world) => world.stack.up()],
  ["lqpt status", (world) => lqptDialling(world, ["status", "acme-prod"])],
];

describeLab.each(kindsOf("bookworm"))("ways into a %s host", (kind) => {
  let world: World;
  beforeAll(async () => {
    world = await makeWorld({ kind });
    await aptInstall(world.host, "tcsh");
  });
  afterAll(() => world.stop());

  /** A user of the host's, with the operator's key and a password. */
  async function addUser(name: string, shell: string, sudoers: string): Promise<void> {
    await world.host.mustExec(
      `useradd -m -s ${shell} ${name} && install -d -o ${name} ~${name}/.ssh && install -o ${name} /root/.ssh/authorized_keys ~${name}/.ssh/authorized_keys && printf '%s\\n' '${sudoers}' >/etc/sudoers.d/${name}`,
    );
    await world.host.exec("chpasswd", { input: `${name}:${PASSWORD}\n` });
  }

  const logInAs = (login: object) => {
    const { hosts } = sampleValues(world.host);
    world.stack.change({ hosts: { "proxy-1": { ...hosts["proxy-1"], ...login } } });
  };

  it("a login shell that is csh and prints, with sudo: set up, asked and taken away", async () => {
    await addUser("csh-user", "/bin/tcsh", "csh-user ALL=(root) NOPASSWD: ALL");
    await world.host.mustExec("echo 'echo Welcome; echo \"{}\"' >~csh-user/.cshrc");
    logInAs({ user: "csh-user" });
    await must(world.stack.up());
    expect(await callLeqi(world.listed, world.host.address)).toMatchObject({ status: 200 });
    expect(await lqptDialling(world, ["status", "acme-prod"])).toMatchObject({ exitCode: 0 });
    await must(world.stack.destroy());
  });

  it("sudo with a password, from csh, whatever is in it", async () => {
    await addUser("sudo-user", "/bin/tcsh", "sudo-user ALL=(root) ALL");
    await world.stack.setSecrets({ "proxy-1.sudoPassword": PASSWORD });
    logInAs({ user: "sudo-user", sudo: "password" });
    await must(world.stack.up());
    const { exitCode, all } = await lqptDialling(world, ["status", "acme-prod"]);
    expect({ exitCode, all }).toMatchObject({ exitCode: 0 });
    expect(all).not.toContain(PASSWORD);
  });

  it.each(CALLS)("a wrong password, by %s: the account is still open", async (_, call) => {
    await lockAtThreeFailures();
    await world.stack.setSecrets({ "proxy-1.password": "a wrong one" });
    for (const secret of ["sudoPassword", "privateKey"]) world.stack.dropSecret("proxy-1", secret);
    logInAs({ user: "csh-user", auth: "password" });
    expect((await call(world)).exitCode).not.toBe(0);
    await expectOpen("csh-user");
    await world.stack.setSecrets({ "proxy-1.password": PASSWORD });
    await must(world.stack.up());
  });

  it.each(CALLS)("a wrong password for sudo, by %s: the account is still open", async (_, call) => {
    await lockAtThreeFailures();
    await world.stack.setSecrets({ "proxy-1.sudoPassword": "a wrong one" });
    logInAs({ user: "sudo-user", auth: "password", sudo: "password" });
    const { exitCode, all } = await call(world);
    expect({ exitCode, all }).not.toMatchObject({ exitCode: 0 });
    expect(all).toContain("sudo did not run this as root");
    await expectOpen("sudo-user");
  });

  /** That it counted at all means that the lock would have closed. */
  async function expectOpen(user: string): Promise<void> {
    const failures = Number(await world.host.mustExec(`faillock --user ${user} | grep -c ' V$' || true`));
    expect(failures).toBeGreaterThan(0);
    expect(failures).toBeLessThan(3);
  }

  async function lockAtThreeFailures(): Promise<void> {
    await world.host.mustExec(`
      cat >/etc/pam.d/common-auth <<'PAM'
auth required pam_faillock.so preauth deny=3 unlock_time=0
auth [success=1 default=ignore] pam_unix.so nullok
auth [default=die] pam_faillock.so authfail deny=3 unlock_time=0
auth sufficient pam_faillock.so authsucc deny=3 unlock_time=0
auth required pam_permit.so
PAM
      faillock --user csh-user --reset; faillock --user sudo-user --reset
      sed -i 's/^#*PasswordAuthentication.*/PasswordAuthentication yes/; s/^#*KbdInteractiveAuthentication.*/KbdInteractiveAuthentication yes/; s/^#*ChallengeResponseAuthentication.*/ChallengeResponseAuthentication yes/' /etc/ssh/sshd_config
      systemctl reload ssh`);
  }
});
