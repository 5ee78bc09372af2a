import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ProgramResult } from "../../support/programs";
import { nft } from "../../support/nft";
import { describeLab } from "../../support/prepare";
import { ADDRESSES, PORT, callLeqi } from "../../support/samples";
import { SHARE_TABLE } from "../firewall/openings";
import { SITE, status } from "../firewall/tool";
import { expectUnharmed, figuresLine, underTraffic } from "../firewall/traffic";
import { OWN, SANDBOX, setUpByHand } from "../firewall/vendorsDocument";
import { kindsOf } from "../kinds";
import { fingerprint, makeWorld, must, type World } from "../world";
import { lqptDialling, printOf } from "./lqpt";

const STACK = "theirs-prod";

/** What a machine may have otherwise than the vendor's document: [what it is, the stack, how it comes, how it goes, what is told of it]. */
const OTHERWISE: readonly (readonly [string, string, string, string, RegExp])[] = [
  [
    "whose firewalld filters nothing",
    "open-prod",
    `${SHARE_TABLE} && systemctl restart firewalld && firewall-cmd -q --state && ${nft("flush ruleset")}`,
    "systemctl restart firewalld",
    /To decide: proxy-1: firewalld runs and the kernel has none of its rules/,
  ],
  [
    "with an nginx of somebody else's beside",
    "beside-prod",
    `mkdir -p /opt/other && cp /usr/sbin/nginx /opt/other/nginx &&
      echo 'pid /opt/other/pid; events {} http { server { listen 127.0.0.1:8099; } }' >/opt/other/nginx.conf &&
      /opt/other/nginx -c /opt/other/nginx.conf >/dev/null 2>&1`,
    "/opt/other/nginx -c /opt/other/nginx.conf -s quit; sleep 1; rm -rf /opt/other",
    /To decide: proxy-1: other nginx run there too \(.*\/opt\/other\/nginx/,
  ],
  [
    "that speaks TLS by a file that its site includes",
    "included-prod",
    `openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=theirs -days 30 -keyout /etc/nginx/theirs.key -out /etc/nginx/theirs.crt 2>/dev/null &&
      printf 'listen ${PORT} ssl;\nssl_certificate theirs.crt;\nssl_certificate_key theirs.key;\n' >/etc/nginx/theirs.inc &&
      cp ${SITE} /root/plain && sed -i 's|listen ${PORT};|include theirs.inc;|' ${SITE} && nginx -t && systemctl restart nginx`,
    `mv /root/plain ${SITE} && rm /etc/nginx/theirs.* && systemctl restart nginx`,
    /To decide: proxy-1 speaks TLS on the port: write its certificate/,
  ],
];

/** `lqpt import` of the world's host, whose key a person has compared. */
async function importing(world: World, name: string, ...more: readonly string[]): Promise<ProgramResult> {
  return lqptDialling(world, [
    ...["import", name, "--environment", "prod", "--topology", "public-cloud", "--leqi-id", "0012345"],
    ...["--tls", "none", "--host", world.host.address, "--auth", "key"],
    ...["--agreed", await printOf(world.host), ...more],
  ]);
}

describeLab.each(kindsOf("bookworm"))("a %s host set up by hand, imported", (kind) => {
  let world: World;
  beforeAll(async () => {
    world = await makeWorld({ kind, firewalld: "running" });
    await setUpByHand(world.host);
    // One call, so that nginx's log has seen somebody.
    await callLeqi(world.listed, world.host.address);
    rmSync(world.stack.file);
  });
  afterAll(() => world.stop());

  const file = () => join(world.stack.folder, `Pulumi.${STACK}.yaml`);
  const text = () => readFileSync(file(), "utf8");
  const lqptImport = (...more: readonly string[]) => importing(world, STACK, ...more);

  it("is not written down where nobody gets in, which is explained", async () => {
    const strange = join(world.stack.folder, "strange");
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", strange]);
    const { exitCode, stderr } = await lqptImport("--private-key", strange);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 1 });
    expect(stderr).toContain("it does not let us in. Expected the key under lqpt:secrets");
    expect(() => statSync(file())).toThrow("no such file");
  });

  it("changes nothing on it, and its file shows what a reviewer must decide", async () => {
    const before = await fingerprint(world.host);
    const { exitCode, all } = await lqptImport("--private-key", world.lab.operatorKeyFile);
    expect({ exitCode, all }).toMatchObject({ exitCode: 0 });
    expect(all).not.toContain("PRIVATE KEY");
    expect(await fingerprint(world.host)).toBe(before);
    const today = /\d{4}-\d\d-\d\d/.exec(text())?.[0] ?? "no day";
    expect(text()).toContain(
      `${OWN}: "not known; in force on proxy-1 on ${today}, seen from ${today} to ${today} (1 calls)"`,
    );
    for (const sandbox of SANDBOX) {
      const plain = sandbox.replace("/32", "");
      expect(text()).toContain(`# To decide: ${plain} is the vendor's for sandbox`);
      expect(text()).toContain(`${plain}: "the vendor's for sandbox`);
    }
    expect(text()).toContain(`${SITE}: "served the port on proxy-1`);
    // What the stack inherits need not be written once more.
    expect(text()).not.toContain(ADDRESSES.vendor);
    expect(text()).toContain('source: "existing"');
  });

  it.each(OTHERWISE)("%s is told so", async (_, name, comes, goes, told) => {
    const kept = text();
    rmSync(file());
    await world.host.mustExec(comes);
    const { all } = await importing(world, name, "--private-key", world.lab.operatorKeyFile);
    expect(all).toMatch(told);
    rmSync(join(world.stack.folder, `Pulumi.${name}.yaml`));
    writeFileSync(file(), kept);
    await world.host.mustExec(goes);
  });

  it("is taken over by the first `up`, with no failed request and nobody let in", async () => {
    const { stack, host, vendor, lab } = world;
    stack.name = STACK;
    const traffic = await underTraffic(world, async () => {
      await must(stack.up());
    });
    console.log(figuresLine("an import", traffic));
    expectUnharmed(traffic);
    expect(await callLeqi(vendor, host.address)).toMatchObject({ status: 200 });
    expect(await (await lab.client(ADDRESSES.sandbox)).connects(host.address, PORT)).not.toBe("open");
    expect(await status(host)).toMatchObject({ equal: true, deviations: [] });
    const asked = await lqptDialling(world, ["status", STACK]);
    expect(asked).toMatchObject({ exitCode: 0 });
    expect(asked.stderr).toContain(
      `note: Pulumi.${STACK}.yaml: nothing needs lqpt:remove.49.4.80.61 any more`,
    );
  });

  it("is not imported again: a stack holds it", async () => {
    rmSync(file());
    const { exitCode, stderr } = await lqptImport("--private-key", world.lab.operatorKeyFile);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/proxy-1 is held by theirs-prod-[0-9a-f]{4} already/);
    expect(() => statSync(file())).toThrow("no such file");
  });
});

describeLab("a host set up by hand whose firewalld does not run", () => {
  let world: World;
  beforeAll(async () => {
    world = await makeWorld({ kind: "bookworm", firewalld: "running" });
    await setUpByHand(world.host);
    await world.host.mustExec(
      "systemctl disable -q --now firewalld && { systemd-run -q --unit other python3 -m http.server 8080 --bind 0.0.0.0 || systemd-run -q --unit other nc -lk 8080; }",
    );
    await callLeqi(world.listed, world.host.address);
    await callLeqi(world.stranger, world.host.address);
    rmSync(world.stack.file);
  });
  afterAll(() => world.stop());

  const file = () => join(world.stack.folder, `Pulumi.${STACK}.yaml`);
  const lqptImport = (...more: readonly string[]) =>
    importing(world, STACK, "--private-key", world.lab.operatorKeyFile, ...more);

  it("is not written down where the port is the wrong one, and what listens there is told", async () => {
    const { exitCode, stderr } = await lqptImport("--listen-port", "8865");
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/nothing listens on port 8865 there.* on tcp [0-9.]+:8864/);
    expect(() => statSync(file())).toThrow("no such file");
  });

  it("has a file that is refused until somebody decided on who calls it", async () => {
    const { exitCode, all } = await lqptImport();
    expect({ exitCode, all }).toMatchObject({ exitCode: 1 });
    const text = readFileSync(file(), "utf8");
    expect(text).toContain("firewalld does not run, so whoever reaches the machine gets in");
    const called = `${ADDRESSES.stranger}: "to decide: it called proxy-1, seen from .* \\(1 calls\\)"`;
    expect(text).toMatch(new RegExp(called));
    // What firewalld's files hold is in force once it is started.
    expect(text).toMatch(new RegExp(`${OWN}: "not known; in force on proxy-1 .*, not now but once`));
    for (const sandbox of SANDBOX) {
      expect(text).toContain(`${sandbox.replace("/32", "")}: "the vendor's for sandbox`);
    }
    expect((await lqptDialling(world, ["lint", STACK])).all).toContain(
      "nobody decided yet whether it may reach the proxy",
    );
    world.stack.name = STACK;
    expect((await world.stack.preview()).all).toContain("nobody decided yet whether it may reach the proxy");
  });

  it("has in it what a start of firewalld would close, kept open, each to be decided", () => {
    const text = readFileSync(file(), "utf8");
    expect(text).toContain("# To decide: proxy-1: 8080/tcp stays open to everyone");
    expect(text).toMatch(/keepOpen:\n( +- "[0-9]+\/tcp"\n)* +- "8080\/tcp"/);
  });

  it("is taken over once that is decided", async () => {
    const text = readFileSync(file(), "utf8");
    writeFileSync(file(), text.replace(/^.*"to decide: .*\n/m, ""));
    await must(world.stack.up());
    expect(await callLeqi(world.listed, world.host.address)).toMatchObject({ status: 200 });
    for (const cut of [await world.lab.client(ADDRESSES.sandbox), world.stranger]) {
      expect(await cut.connects(world.host.address, PORT)).not.toBe("open");
    }
    expect(await status(world.host)).toMatchObject({ equal: true, deviations: [] });
  });
});
