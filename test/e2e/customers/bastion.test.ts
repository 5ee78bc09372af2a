import { readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Host } from "../../support/lab";
import { describeLab } from "../../support/prepare";
import { ADDRESSES, PORT, callLeqi } from "../../support/samples";
import { OWN, setUpByHand } from "../firewall/vendorsDocument";
import { makeWorld, must, type World } from "../world";
import { lqptDialling, printOf } from "./lqpt";
import { atTerminal } from "./terminal";

const PASSWORD = "the bastion's: $(no) 'quotes'";

describeLab("machines that are reached through a bastion alone", () => {
  let world: World;
  let bastion: Host;
  let theirs: Host;
  beforeAll(async () => {
    world = await makeWorld();
    const { lab } = world;
    [bastion, theirs] = await Promise.all([
      lab.host("jump-1", {
        users: [{ name: "jump", password: PASSWORD }],
        sshd: { lines: ["PasswordAuthentication yes"] },
      }),
      lab.host("theirs", { firewalld: "running" }),
    ]);
    await setUpByHand(theirs);
    for (const { address } of [world.host, theirs]) {
      const { exitCode, all } = await lab.operator.run("ip", [
        "route",
        "replace",
        "blackhole",
        `${address}/32`,
      ]);
      expect({ exitCode, all }).toMatchObject({ exitCode: 0 });
    }
    rmSync(world.stack.file);
  });
  afterAll(() => world.stop());

  const file = (name: string) => join(world.stack.folder, `Pulumi.${name}.yaml`);
  const customer = ["--environment", "prod", "--topology", "public-cloud", "--leqi-id", "0012345"];
  const login = (host: Host) => [
    ...["--tls", "none", "--host", host.address, "--user", "root", "--auth", "key"],
    ...["--private-key", world.lab.operatorKeyFile],
  ];
  const through = () => [
    ...["--bastion", bastion.address, "--bastion-user", "jump", "--bastion-auth", "key"],
    ...["--bastion-private-key", world.lab.operatorKeyFile],
  ];
  const lqptNew = (...more: readonly string[]) =>
    lqptDialling(world, [
      ...["new", "beta-prod", ...customer, ...login(world.host)],
      ...["--allow", `${ADDRESSES.listed}=ACME`, ...more],
    ]);

  it("cannot be brought on directly", async () => {
    const { exitCode, stderr } = await lqptNew();
    expect(exitCode).toBe(1);
    expect(stderr).toContain("Is it behind a bastion (--bastion)?");
  });

  it("are not written down where the bastion's key alone was agreed to", async () => {
    const { exitCode, stderr } = await lqptNew(...through(), "--agreed", await printOf(bastion));
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`${world.host.address} answers with the host key ${await printOf(world.host)}`);
    expect(() => statSync(file("beta-prod"))).toThrow("no such file");
  });

  it("are not reached through a bastion that lets nobody on, which is explained", async () => {
    const config = "/etc/ssh/sshd_config";
    await bastion.mustExec(
      `cp ${config} /root && sed -i '1i AllowTcpForwarding no' ${config} && systemctl reload ssh`,
    );
    const { exitCode, stderr } = await lqptNew(...through(), "--agreed", await printOf(bastion));
    await bastion.mustExec(`cp /root/sshd_config ${config} && systemctl reload ssh`);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/bastion jump-1 does not reach .*AllowTcpForwarding/);
  });

  it("are there with one command from flags, and proven with one `pulumi up`", async () => {
    const { stack, host, listed, stranger } = world;
    const agreed = ["--agreed", await printOf(bastion), await printOf(host)];
    const { exitCode, all } = await lqptNew(...through(), ...agreed);
    expect({ exitCode, all }).toMatchObject({ exitCode: 0 });
    expect(`${all}${readFileSync(file("beta-prod"), "utf8")}`).not.toContain("PRIVATE KEY");
    stack.name = "beta-prod";
    await must(stack.up());
    expect(await callLeqi(listed, host.address)).toMatchObject({ status: 200 });
    expect(await stranger.connects(host.address, PORT)).not.toBe("open");
    const asked = await lqptDialling(world, ["status", "beta-prod"]);
    expect(asked).toMatchObject({ exitCode: 0 });
  });

  it("are taken over when a person was asked at a terminal, in Chinese, and compared both keys", async () => {
    const { stack, stranger, vendor, lab } = world;
    const { exitCode, all } = await atTerminal(
      world,
      ["import", "theirs-prod", "--lang", "zh", "--customer", "某某有限公司", ...customer, ...login(theirs)],
      [
        ["备案的出口IP", "enter"],
        ["怎么连到主机", "down", "enter"],
        ["跳板机的地址", { text: bastion.address }, "enter"],
        ["跳板机的登录用户", { text: "jump" }, "enter"],
        ["用什么方式登录跳板机", "down", "down", "enter"],
        [await printOf(bastion)],
        ["是否一致", { text: "y" }],
        ["跳板机的登录密码", { text: PASSWORD }, "enter"],
        [await printOf(theirs)],
        ["是否一致", { text: "y" }],
      ],
    );
    expect({ exitCode, all }).toMatchObject({ exitCode: 0 });
    const text = readFileSync(file("theirs-prod"), "utf8");
    expect(`${all}${text}`).not.toContain(PASSWORD);
    expect(text).toContain(`${OWN}: "not known; in force on proxy-1`);
    expect(text).toMatch(/ {4}jump-1:\n {6}password:\n {8}secure: /);
    stack.name = "theirs-prod";
    await must(stack.up());
    expect(await callLeqi(vendor, theirs.address)).toMatchObject({ status: 200 });
    expect(await stranger.connects(theirs.address, PORT)).not.toBe("open");
    expect(await (await lab.client(ADDRESSES.sandbox)).connects(theirs.address, PORT)).not.toBe("open");
  });
});
