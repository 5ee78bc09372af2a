import { describeLab } from "../../support/prepare";
import { ADDRESSES, PORT, callLeqi } from "../../support/samples";
import { lqptDialling } from "../customers/lqpt";
import { FULL, kindsOf } from "../kinds";
import { makeWorld, must, type World } from "../world";

const STRANGER = "198.51.100.99";
const rule = (source: string): string =>
  `rule family="ipv4" source address="${source}" port port="${String(PORT)}" protocol="tcp" accept`;
const rich = (verb: "add" | "remove", source: string, scope = ""): string =>
  `firewall-cmd -q ${scope} --${verb}-rich-rule='${rule(source)}'`;
const KEPT = "/var/lib/lqpt /etc/nginx/conf.d /etc/firewalld/zones";

interface Drift {
  readonly name: string;
  readonly by: string;
  /** What the report says of it. */
  readonly says: RegExp;
  /** Those of one number are made and repaired together, but for --full. */
  readonly group: number;
  /** Without it nobody may take that away. */
  readonly consent?: string;
}

const DRIFTS: readonly Drift[] = [
  {
    name: "a rule added",
    group: 1,
    by: `${rich("add", STRANGER)}; ${rich("add", STRANGER, "--permanent")}`,
    says: new RegExp(STRANGER),
    consent: STRANGER,
  },
  {
    name: "a rule added, until firewalld restarts",
    group: 2,
    by: rich("add", STRANGER),
    says: new RegExp(STRANGER),
    consent: STRANGER,
  },
  {
    name: "a rule added, from when firewalld restarts",
    group: 3,
    by: rich("add", STRANGER, "--permanent"),
    says: new RegExp(STRANGER),
    consent: STRANGER,
  },
  {
    name: "a rule removed",
    group: 4,
    by: `${rich("remove", ADDRESSES.listed)}; ${rich("remove", ADDRESSES.listed, "--permanent")}`,
    says: new RegExp(ADDRESSES.listed),
  },
  {
    name: "a rule removed, until firewalld restarts",
    group: 3,
    by: rich("remove", ADDRESSES.listed),
    says: new RegExp(ADDRESSES.listed),
  },
  {
    name: "a rule removed, from when firewalld restarts",
    group: 2,
    by: rich("remove", ADDRESSES.listed, "--permanent"),
    says: new RegExp(ADDRESSES.listed),
  },
  {
    name: "the port opened to everybody",
    group: 1,
    by: `firewall-cmd -q --add-port=${String(PORT)}/tcp`,
    says: /EXPOSED/,
  },
  {
    name: "lqpt.conf edited",
    group: 1,
    by: "sed -i '1i# by hand' /etc/nginx/conf.d/lqpt.conf",
    says: /lqpt\.conf is not as lqptctl left it/,
    consent: "/etc/nginx/conf.d/lqpt.conf",
  },
  { name: "nginx stopped", group: 3, by: "systemctl stop nginx", says: /nginx/ },
  { name: "nginx disabled", group: 4, by: "systemctl disable -q nginx", says: /nginx .*boot|enabled/ },
  {
    name: "firewalld disabled",
    group: 4,
    by: "systemctl disable -q firewalld",
    says: /firewalld .*boot|enabled/,
  },
  {
    name: "lqptctl edited",
    group: 2,
    by: "echo '# by hand' >>/usr/local/sbin/lqptctl",
    says: /the lqptctl installed there is not the one/,
  },
  {
    name: "lqptctl taken away",
    group: 4,
    by: "rm /usr/local/sbin/lqptctl",
    says: /the lqptctl installed there is not the one/,
  },
];

/** Each by itself, or those of one number together: each takes eight seconds. */
const ROWS = FULL
  ? DRIFTS.map((one) => [one])
  : [...new Set(DRIFTS.map(({ group }) => group))].map((group) =>
      DRIFTS.filter((one) => one.group === group),
    );

describeLab.each(kindsOf("bookworm"))("a %s host that somebody changed", (kind) => {
  let world: World;
  const drift = async (...words: string[]) => lqptDialling(world, ["drift", "acme-prod", ...words]);

  beforeAll(async () => {
    world = await makeWorld({ kind });
    await must(world.stack.up());
    await world.host.mustExec(`tar -C / -cf /root/snapshot.tar ${KEPT.replaceAll(" /", " ").slice(1)}`);
  });
  afterAll(() => world.stop());

  it("is what its stack says before that", async () => {
    const { exitCode, all } = await drift();
    expect({ exitCode, all }).toMatchObject({
      exitCode: 0,
      all: "1 stacks with 1 hosts; 1 are as their stacks say\n",
    });
  });

  it.each(ROWS.map((row) => [row.map(({ name }) => name).join("; "), row] as const))(
    "%s: found, named, repaired",
    async (_, row) => {
      const consent = row.flatMap((one) => one.consent ?? []);
      for (const { by } of row) await world.host.mustExec(by);
      const found = await drift();
      expect(found.exitCode).toBe(1);
      for (const { says } of row) expect(found.stdout).toMatch(says);
      expect(found.stdout).toContain(`acme-prod proxy-1 (${world.host.address})`);
      if (consent.length > 0) {
        const refused = await drift("--repair");
        expect({ status: refused.exitCode, all: refused.all }).toMatchObject({
          status: 1,
          all: expect.stringContaining("E_FOREIGN") as string,
        });
      }
      const { exitCode, all } = await drift("--repair", ...consent.flatMap((what) => ["--remove", what]));
      expect({ exitCode, all }).toMatchObject({
        exitCode: 0,
        all: expect.stringContaining("as its stack says again") as string,
      });
      expect(await callLeqi(world.listed, world.host.address)).toMatchObject({ status: 200 });
      expect(await world.stranger.connects(world.host.address, PORT)).not.toBe("open");
      // Nothing that Pulumi knows of was changed, so it has nothing to do.
      expect((await must(world.stack.preview())).steps).toEqual([]);
    },
  );

  it("a snapshot of the machine restored: found, with who changed it last, and repaired", async () => {
    world.stack.change({
      allow: { [ADDRESSES.listed]: "ACME back office", "198.51.100.21": "ACME second site" },
    });
    await must(world.stack.up());
    await world.host.mustExec(
      "rm -rf /var/lib/lqpt && tar -C / -xf /root/snapshot.tar && firewall-cmd -q --reload && systemctl reload nginx",
    );
    const found = await drift();
    expect(found.exitCode).toBe(1);
    expect(found.stdout).toMatch(
      /another document is in force than the last `pulumi up` left there .*last changed by root/,
    );
    const { exitCode, all } = await drift("--repair");
    expect({ exitCode, all }).toMatchObject({ exitCode: 0 });
    const json = JSON.parse((await drift("--json")).stdout) as {
      stacks: { hosts: { status: { whitelist: { source: string }[] } }[] }[];
    };
    expect(json.stacks[0]?.hosts[0]?.status.whitelist.map(({ source }) => source)).toContain("198.51.100.21");
  });

  it("whose nginx would not start again by its files is told, and not repaired until they are mended", async () => {
    const broken = "/etc/nginx/conf.d/another.conf";
    await world.host.mustExec(`echo 'no such directive;' >${broken}`);
    const found = await drift();
    expect(found.exitCode).toBe(1);
    expect(found.stdout).toMatch(/it would not start again: .*unknown directive/);
    const { exitCode, all } = await drift("--repair");
    expect({ exitCode, all }).toMatchObject({
      exitCode: 1,
      all: expect.stringContaining("it still is not what its stack says") as string,
    });
    await world.host.mustExec(`rm ${broken}`);
    expect(await drift()).toMatchObject({ exitCode: 0 });
  });

  it("is not opened again where a person closed it, and not undone where he let somebody in for a while", async () => {
    await world.host.mustExec("/usr/local/sbin/lqptctl allow 198.51.100.50 --for 1h");
    const noticed = await drift();
    expect(noticed).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining("let in at the console until then: 198.51.100.50") as string,
    });
    await world.host.mustExec("/usr/local/sbin/lqptctl close");
    const { exitCode, all } = await drift("--repair");
    expect({ exitCode, all }).toMatchObject({
      exitCode: 1,
      all: expect.stringContaining("a person closed it") as string,
    });
    expect(await world.listed.connects(world.host.address, PORT)).not.toBe("open");
    await world.host.mustExec("/usr/local/sbin/lqptctl open");
  });

  it("is told where it does not answer, in either language, as Markdown too", async () => {
    await world.host.mustExec("systemctl stop ssh.socket ssh.service sshd 2>/dev/null; true");
    const { exitCode, stdout } = await drift("--lang", "zh", "--markdown");
    expect(exitCode).toBe(1);
    expect(stdout.startsWith("<!-- lqpt drift -->\n")).toBe(true);
    expect(stdout).toContain("没有应答");
  });
});
