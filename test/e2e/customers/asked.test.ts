import { readFileSync } from "node:fs";
import { join } from "node:path";
import { extractRawText } from "mammoth";
import { describeLab } from "../../support/prepare";
import { ADDRESSES, PORT, callLeqi, sampleValues } from "../../support/samples";
import { ED25519 } from "../../unit/config/stacks";
import { kindsOf } from "../kinds";
import { fingerprint, makeWorld, must, type World } from "../world";
import { lqptDialling } from "./lqpt";

describeLab.each(kindsOf("bookworm"))("a %s host that is asked", (kind) => {
  let world: World;
  beforeAll(async () => {
    world = await makeWorld({ kind });
  });
  afterAll(() => world.stop());

  it("is told to have nothing of ours before the first `up`", async () => {
    const { exitCode, stdout } = await lqptDialling(world, ["status", "acme-prod"]);
    expect(exitCode).toBe(1);
    expect(stdout).toContain("lqptctl is not on this machine");
  });

  it("says who may reach it, since when, and that it is as the file says; nothing is changed", async () => {
    await must(world.stack.up());
    await callLeqi(world.listed, world.host.address);
    const before = await fingerprint(world.host);
    const { exitCode, stdout, stderr } = await lqptDialling(world, ["status", "acme-prod"]);
    expect({ exitCode, stdout, stderr }).toMatchObject({ exitCode: 0, stderr: "" });
    expect(stdout).toContain(`proxy-1 (${world.host.address}): as the file says`);
    expect(stdout).toMatch(
      new RegExp(`${ADDRESSES.listed} +\\d{4}-\\S+Z +\\d{4}-\\S+ +\\d{4}-\\S+ +1 +ACME back office`),
    );
    expect(await fingerprint(world.host)).toBe(before);
  });

  it("says what was changed by hand, for programs too", async () => {
    await world.host.mustExec(`firewall-cmd -q --add-port=${PORT}/tcp`);
    const { exitCode, stdout } = await lqptDialling(world, ["status", "acme-prod", "proxy-1", "--json"]);
    await world.host.mustExec(`firewall-cmd -q --remove-port=${PORT}/tcp`);
    expect(exitCode).toBe(1);
    const exposed = { kind: "exposed", detail: expect.stringMatching(/^EXPOSED: /) as string };
    // With iptables the same opening is seen in the kernel's rules too, once a family.
    const findings = kind === "old" ? [exposed, exposed, exposed] : [exposed];
    expect(JSON.parse(stdout)).toMatchObject({
      format: 1,
      hosts: [{ host: "proxy-1", findings, status: { equal: false } }],
    });
  });

  it("says that the file has another list than is in force", async () => {
    world.stack.change({ allow: { "203.0.113.77": "ACME" } });
    const { exitCode, stdout } = await lqptDialling(world, ["status", "acme-prod"]);
    world.stack.change({ allow: { [ADDRESSES.listed]: "ACME back office" } });
    expect(exitCode).toBe(1);
    expect(stdout).toContain("the file says another document");
  });

  it("reaches Leqi, by the connectivity test of the vendor's document", async () => {
    const { exitCode, stdout } = await lqptDialling(world, ["check", "acme-prod"]);
    expect({ exitCode, stdout }).toMatchObject({ exitCode: 0 });
    expect(stdout).toContain("proxy-1");
    expect(stdout).toMatch(/Leqi is reached; \d calls left for this hour/);
  });

  it("has its whitelist and history in the application by which a banned IP is reopened", async () => {
    const out = join(world.stack.folder, "unban.docx");
    const words = ["unban", "acme-prod", "--reason", "端口曾对所有地址开放，已关闭", "--out", out];
    const gaps = await lqptDialling(world, words);
    expect(gaps).toMatchObject({ exitCode: 1 });
    expect(gaps.stderr).toContain("acme-prod has no lqpt:customer, lqpt:registeredIp");

    world.stack.change({ customer: { name: "某某有限公司" }, registeredIp: "203.0.113.10" });
    // It says that nobody else gets in, and that must be true.
    await world.host.mustExec(`firewall-cmd -q --add-port=${PORT}/tcp`);
    const untrue = await lqptDialling(world, words);
    await world.host.mustExec(`firewall-cmd -q --remove-port=${PORT}/tcp`);
    expect([untrue.exitCode, untrue.stderr]).toEqual([1, expect.stringContaining("EXPOSED") as string]);
    const { exitCode, all } = await lqptDialling(world, words);
    expect({ exitCode, all }).toMatchObject({ exitCode: 0 });
    const { value } = await extractRawText({ buffer: readFileSync(out) });
    for (const text of [
      "某某有限公司",
      "203.0.113.10",
      "已关闭",
      ADDRESSES.listed,
      "ACME back office",
      "变更",
    ]) {
      expect(value).toContain(text);
    }
    world.stack.change({ customer: undefined, registeredIp: undefined });
  });

  it("is not spoken to where another machine answers, or at a name that no host has", async () => {
    const asked = async (hostKey: string) => {
      const { hosts } = sampleValues(world.host);
      world.stack.change({ hosts: { "proxy-1": { ...hosts["proxy-1"], hostKey } } });
      return lqptDialling(world, ["status", "acme-prod"]);
    };
    const ecdsa = await asked(world.host.hostKey("ecdsa"));
    const strange = await asked(ED25519);
    await asked(world.host.hostKey());
    expect(ecdsa).toMatchObject({ exitCode: 0 });
    expect(strange.exitCode).toBe(1);
    expect(strange.stdout).toMatch(/who answers has the host key SHA256:\S+; expected SHA256:/);
    const { stderr, exitCode } = await lqptDialling(world, ["status", "acme-prod", "proxy-9"]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("acme-prod has no host proxy-9; expected of proxy-1");
  });

  it("is told to be unreachable when it is, within a time, and why", async () => {
    await world.host.mustExec("systemctl stop ssh.socket sshd.socket 2>/dev/null; systemctl stop ssh");
    const { exitCode, stdout } = await lqptDialling(world, ["status", "acme-prod"]);
    expect(exitCode).toBe(1);
    expect(stdout).toContain("nothing listens there: expected sshd's port");
  });
});
