import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ProgramResult } from "../../support/programs";
import { describeLab } from "../../support/prepare";
import { ADDRESSES, PORT, callLeqi } from "../../support/samples";
import { kindsOf } from "../kinds";
import { makeWorld, must, type World } from "../world";
import { lqptDialling, printOf } from "./lqpt";
import { atTerminal } from "./terminal";

/** A back end in the customer's own network. */
const INTRANET = "10.8.0.5";
const PASSWORD = "a password $(nobody) \"knows\" 'it'";

describeLab.each(kindsOf("bookworm"))("a new customer with a %s host", (kind) => {
  let world: World;
  beforeAll(async () => {
    world = await makeWorld({ kind });
  });
  afterAll(() => world.stop());

  const file = (name: string) => join(world.stack.folder, `Pulumi.${name}.yaml`);
  const fingerprint = () => printOf(world.host);
  const lqptNew = (words: readonly string[]): Promise<ProgramResult> =>
    lqptDialling(world, ["new", ...words]);
  const flags = () => [
    ...["--environment", "prod", "--topology", "public-cloud", "--leqi-id", "0012345", "--tls", "none"],
    ...["--host", world.host.address, "--auth", "key", "--private-key", world.lab.operatorKeyFile],
    ...["--allow", `${ADDRESSES.listed}=ACME: "财务" #1`],
  ];

  /** A person at a terminal: `topology` are the keys that choose it. */
  const asked = async (
    name: string,
    topology: readonly ("down" | "enter")[],
    source: string,
  ): Promise<ProgramResult> =>
    atTerminal(
      world,
      ["new", name, "--lang", "zh"],
      [
        ["服务哪些环境", "down", "select", "enter"],
        ["后端在哪里", ...topology],
        ["乐企ID", { text: "0012345" }, "enter"],
        ["客户名称", { text: "某某有限公司" }, "enter"],
        // A full-width full stop, then the address as it should be: what is wrong is told at once.
        ["备案的出口IP", { text: "203。0.113.10" }, "enter"],
        ["含有全角字符 。", ...Array.from({ length: 12 }, () => "back" as const), "enter"],
        ["主机地址", { text: world.host.address }, "enter"],
        ["变更如何下发到主机", "enter"],
        ["用什么协议", "down", "enter"],
        ["还有谁可以访问", { text: source }, "enter"],
        ["还有谁可以访问", "enter"],
        ["登录用户", { text: "root" }, "enter"],
        ["用什么方式登录", "down", "enter"],
        ["怎么连到主机", "enter"],
        [await fingerprint()],
        ["是否一致", { text: "y" }],
        ["私钥文件的路径", { text: world.lab.operatorKeyFile }, "enter"],
      ],
    );

  async function expectProven(name: string): Promise<void> {
    world.stack.name = name;
    const run = await must(world.stack.up());
    expect(run.all).not.toContain("PRIVATE KEY");
    expect(await callLeqi(world.listed, world.host.address)).toMatchObject({ status: 200 });
    expect(await world.stranger.connects(world.host.address, PORT)).not.toBe("open");
  }

  it("is refused where another stack has the machine, and nothing is written", async () => {
    const { stderr, exitCode } = await lqptNew(["beta-prod", ...flags(), "--agreed", await fingerprint()]);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 1 });
    expect(stderr).toContain("lqpt:hosts.proxy-1.address");
    expect(stderr).not.toContain("written; ");
    expect(() => statSync(file("beta-prod"))).toThrow("no such file");
    rmSync(file("acme-prod"));
  });

  it.each([
    ["nobody agreed to the host's key", () => [], "which nobody agreed to"],
    ["another key was agreed to", () => ["--agreed", "SHA256:AAAA"], "expected SHA256:AAAA"],
  ])("is refused where %s", async (_, more, words) => {
    const { stderr, exitCode } = await lqptNew(["beta-prod", ...flags(), ...more()]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(words);
    expect(() => statSync(file("beta-prod"))).toThrow("no such file");
  });

  it("is told all that is missing, and every mistake, before anybody is dialled", async () => {
    expect((await lqptNew(["beta-prod"])).stderr).toContain(
      "missing: --environment, --topology, --leqi-id, --tls, --host",
    );
    const wrong = ["--environment", "prod", "--topology", "public-cloud", "--tls", "none"];
    const { stderr } = await lqptNew(["beta-prod", ...wrong, "--leqi-id", "a b", "--host=-oProxyCommand=x"]);
    expect(stderr).toContain("2 mistakes");
  });

  it("is there with one command from flags, and proven with one `pulumi up`", async () => {
    const { all, exitCode } = await lqptNew(["beta-prod", ...flags(), "--agreed", await fingerprint()]);
    expect({ exitCode, all }).toMatchObject({ exitCode: 0 });
    expect(readFileSync(file("beta-prod"), "utf8")).toMatch(/privateKey:\n\s+secure: /);
    expect(`${all}${readFileSync(file("beta-prod"), "utf8")}`).not.toContain("PRIVATE KEY");
    await expectProven("beta-prod");
    await must(world.stack.destroy());
  });

  it("is never written over", async () => {
    const before = readFileSync(file("beta-prod"), "utf8");
    const { stderr, exitCode } = await lqptNew(["beta-prod", ...flags(), "--agreed", await fingerprint()]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("Nothing was overwritten");
    expect(readFileSync(file("beta-prod"), "utf8")).toBe(before);
    rmSync(file("beta-prod"));
  });

  it("is there when a person was asked at a terminal, in Chinese, and compared the key", async () => {
    const { all, exitCode } = await asked("gamma-prod", ["enter"], `${ADDRESSES.listed}=某某`);
    expect({ exitCode, all }).toMatchObject({ exitCode: 0 });
    await expectProven("gamma-prod");
  });

  it("in a private cloud lets in its own back ends, and of the vendor's addresses none", async () => {
    const { lab, host, vendor } = world;
    await must(world.stack.destroy());
    rmSync(file("gamma-prod"));
    const { all, exitCode } = await asked("epsilon-prod", ["down", "enter"], `${INTRANET}=财务系统`);
    expect({ exitCode, all }).toMatchObject({ exitCode: 0 });
    world.stack.name = "epsilon-prod";
    await must(world.stack.up());
    const backEnd = await lab.client(INTRANET);
    expect(await callLeqi(backEnd, host.address)).toMatchObject({ status: 200 });
    for (const other of [vendor, world.listed, world.stranger]) {
      expect(await other.connects(host.address, PORT)).not.toBe("open");
    }
    await must(world.stack.destroy());
  });

  it("has its password where Pulumi encrypts it, whatever is in it", async () => {
    const passwordFile = join(world.stack.folder, "password");
    writeFileSync(passwordFile, `${PASSWORD}\n`, { mode: 0o600 });
    rmSync(file("epsilon-prod"));
    const words = flags().map((word) => (word === "key" ? "password" : word));
    const { all, exitCode } = await lqptNew([
      ...["delta-prod", ...words, "--agreed", await fingerprint()],
      ...["--password-file", passwordFile],
    ]);
    expect({ exitCode, all }).toMatchObject({ exitCode: 0 });
    const shown = await world.lab.operator.run(
      "pulumi",
      ["config", "--stack", "delta-prod", "--show-secrets", "--json"],
      {
        cwd: world.stack.folder,
        env: world.stack.env,
      },
    );
    expect(shown.stdout).toContain(
      JSON.stringify(JSON.stringify({ "proxy-1": { password: PASSWORD } })).slice(1, -1),
    );
    expect(readFileSync(file("delta-prod"), "utf8")).not.toContain("nobody");
  });
});
