import { describeLab } from "../../support/prepare";
import type { Host } from "../../support/lab";
import { ADDRESSES, PORT, callLeqi, leqiUrl } from "../../support/samples";
import { commandsOf, fingerprint, makeWorld, must, type World } from "../world";

/** Something that a person or another program did to a host that stands. */
interface Injection {
  readonly name: string;
  readonly inject: string;
  readonly mend: string;
  /** What the `up` of a changed list says. */
  readonly says: readonly string[];
}

const SITE = "/etc/nginx/conf.d/lqpt.conf";
const TOOL = "/usr/local/sbin/lqptctl";
const OWNER = "/var/lib/lqpt/owner";
const HAND_MADE = "198.51.100.7";
const UNTOUCHED = "nothing on this host was changed";

const ruleFor = (source: string, port = PORT): string =>
  `rule family="ipv4" source address="${source}" port port="${String(port)}" protocol="tcp" accept`;

/** A line of shell that does it to the runtime and to the permanent configuration. */
const both = (option: string): string =>
  `firewall-cmd -q '${option}' && firewall-cmd -q --permanent '${option}'`;

const saved = (file: string): string => `cp -p ${file} /root/saved`;
const putBack = (file: string): string => `mv /root/saved ${file}`;

const REFUSED: readonly Injection[] = [
  {
    name: "a source added by hand",
    inject: both(`--add-rich-rule=${ruleFor(HAND_MADE)}`),
    mend: both(`--remove-rich-rule=${ruleFor(HAND_MADE)}`),
    says: ["E_FOREIGN_SOURCE", HAND_MADE, UNTOUCHED],
  },
  {
    name: "lqpt.conf edited by hand",
    inject: `${saved(SITE)} && echo '# by hand' >>${SITE}`,
    mend: putBack(SITE),
    says: ["E_FOREIGN_SITE", SITE, UNTOUCHED],
  },
  {
    name: "another owner",
    inject: `${saved(OWNER)} && echo 'other-1a2b proxy-9' >${OWNER}`,
    mend: putBack(OWNER),
    says: ["E_OWNER", "other-1a2b", "proxy-9", UNTOUCHED],
  },
  {
    name: "a tool of another version",
    inject: `${saved(TOOL)} && sed -i "s/^LQPTCTL_VERSION=.*/LQPTCTL_VERSION='0.0.1+other'/" ${TOOL}`,
    mend: putBack(TOOL),
    says: ["E_TOOL", "0.0.1+other", UNTOUCHED],
  },
];

/** The list that the stack has before each row; `more` makes it a changed one. */
function list(...more: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries([ADDRESSES.listed, ...more].map((address) => [address, "ACME"]));
}

/** `up` takes the world's own list, and again changes nothing. */
async function settle({ stack, host, listed, vendor, stranger }: World): Promise<void> {
  stack.change({ allow: list() });
  await must(stack.up());
  expect((await must(stack.up())).steps).toEqual([]);
  for (const client of [listed, vendor]) {
    expect(await callLeqi(client, host.address)).toMatchObject({ outcome: "answered", status: 200 });
  }
  expect(await stranger.connects(host.address, PORT)).not.toBe("open");
}

/** Does something while a stranger and a listed client try all the time. */
async function unharmed(world: World, act: () => Promise<void>): Promise<void> {
  const { host, stranger, vendor } = world;
  const url = leqiUrl(host.address);
  const inside = await vendor.watch({ url, perSecond: 20 });
  const outside = await stranger.watch({ address: host.address, port: PORT, perSecond: 100 });
  const figures = async () => ({ inside: await inside.stop(), outside: await outside.stop() });
  try {
    await act();
  } catch (error) {
    await figures();
    throw error;
  }
  const { inside: listed, outside: others } = await figures();
  expect(listed.attempts).toBeGreaterThan(10);
  expect(listed).toMatchObject({ failed: 0 });
  expect(others.attempts).toBeGreaterThan(10);
  expect(others).toMatchObject({ succeeded: 0, handshakes: 0 });
}

/** Does it and ends with what undoes it, whatever comes between. */
async function meanwhile(host: Host, inject: string, mend: string, act: () => Promise<void>): Promise<void> {
  await host.mustExec(inject);
  try {
    await act();
  } finally {
    await host.mustExec(mend);
  }
}

describeLab("what an apply finds on a host that stands", () => {
  let world: World;
  beforeAll(async () => {
    world = await makeWorld({}, false);
    await must(world.stack.up());
  });
  afterAll(() => world.stop());

  it.each(REFUSED.map((row) => [row.name, row] as const))(
    "%s: refuses the change, harms nobody, and goes through once mended",
    async (_, { inject, mend, says }) => {
      const { host, stack } = world;
      stack.change({ allow: list("203.0.113.55") });
      await meanwhile(host, inject, mend, async () => {
        const before = await fingerprint(host);
        await unharmed(world, async () => {
          const { exitCode, all } = await stack.up();
          for (const words of says) {
            expect(all).toContain(words);
          }
          expect(exitCode).not.toBe(0);
        });
        expect(await fingerprint(host)).toBe(before);
        expect(await stack.outputs()).not.toHaveProperty(["whitelist", "203.0.113.55"]);
      });
      await must(stack.up());
      expect(await stack.outputs()).toHaveProperty(["whitelist", "203.0.113.55"]);
      await settle(world);
    },
  );

  it("a broken site beside ours: puts back what was, but who was to go stays cut", async () => {
    const { host, stack, listed } = world;
    const site = await host.readFile(SITE);
    const broken = "/etc/nginx/conf.d/broken.conf";
    stack.change({ allow: { "203.0.113.55": "ACME second site" } });
    await meanwhile(host, `echo 'no such directive;' >${broken}`, `rm ${broken}`, async () => {
      await unharmed(world, async () => {
        const { exitCode, all } = await stack.up();
        expect(all).toContain("E_ROLLED_BACK");
        expect(all).toContain("unknown directive");
        expect(all).toContain(broken);
        expect(exitCode).not.toBe(0);
      });
      expect(await host.readFile(SITE)).toBe(site);
      expect(await listed.connects(host.address, PORT)).not.toBe("open");
      for (const scope of ["", "--permanent"]) {
        const rules = await host.mustExec(`firewall-cmd ${scope} --list-rich-rules`);
        expect(rules).toContain(ruleFor(ADDRESSES.vendor));
        expect(rules).not.toContain(ruleFor(ADDRESSES.listed));
        expect(rules).not.toContain(ruleFor("203.0.113.55"));
      }
    });
    await must(stack.up());
    expect(await listed.connects(host.address, PORT)).not.toBe("open");
    await settle(world);
  });

  it("the port opened to everyone: is closed by the next apply, which says so", async () => {
    const { host, stack, stranger } = world;
    await host.mustExec(both(`--add-port=${String(PORT)}/tcp`));
    expect(await stranger.connects(host.address, PORT)).toBe("open");
    stack.change({ allow: list("203.0.113.55") });
    const run = await must(stack.up());
    expect(commandsOf(run)).toEqual(["update proxy-1-state"]);
    expect(run.all).toContain("opens port 8864/tcp to everyone");
    expect(await stranger.connects(host.address, PORT)).not.toBe("open");
    expect(
      await host.mustExec("firewall-cmd --list-ports; firewall-cmd --permanent --list-ports"),
    ).not.toContain(String(PORT));
    await settle(world);
  });

  it("the port opened to everyone, and a source added by hand: it is closed although the run is refused", async () => {
    const { host, stack, stranger } = world;
    const inject = `${both(`--add-rich-rule=${ruleFor(HAND_MADE)}`)} && ${both(`--add-port=${String(PORT)}/tcp`)}`;
    stack.change({ allow: list("203.0.113.55") });
    await meanwhile(host, inject, both(`--remove-rich-rule=${ruleFor(HAND_MADE)}`), async () => {
      expect(await stranger.connects(host.address, PORT)).toBe("open");
      const { exitCode, all } = await stack.up();
      expect(exitCode).not.toBe(0);
      expect(all).toContain("E_FOREIGN_SOURCE");
      expect(all).toContain(`${UNTOUCHED}, but zone public opens port 8864/tcp to everyone`);
      expect(await stranger.connects(host.address, PORT)).not.toBe("open");
    });
    await settle(world);
  });
});

describeLab("a host that somebody set up by hand", () => {
  let world: World;
  beforeAll(async () => {
    world = await makeWorld({ firewalld: "running" }, false);
    const { host } = world;
    const byHand = [
      ...[`--add-rich-rule=${ruleFor(ADDRESSES.sandbox)}`, `--add-port=${String(PORT)}/tcp`],
      ...[`--add-rich-rule=${ruleFor(ADDRESSES.sandbox, 9100)}`, "--add-port=9200/tcp"],
    ];
    await host.mustExec(byHand.map(both).join(" && "));
  });
  afterAll(() => world.stop());

  const firewall = (): Promise<string> =>
    world.host.mustExec("firewall-cmd --list-all-zones; firewall-cmd --permanent --list-all-zones");

  it("is refused, with all that nobody named", async () => {
    const { stack, host, stranger } = world;
    const before = await firewall();
    const { exitCode, all } = await stack.up();
    expect(exitCode).not.toBe(0);
    for (const words of ["E_FOREIGN_SOURCE", ADDRESSES.sandbox, "E_FOREIGN_OPENING", "8864/tcp", UNTOUCHED]) {
      expect(all).toContain(words);
    }
    expect(await firewall()).toBe(before);
    expect(await stranger.connects(host.address, PORT)).not.toBe("open");
  });

  it("is adopted once lqpt:remove names it all, and the admin's own rule and port stay", async () => {
    const { stack, host, stranger, listed } = world;
    const kept = await stranger.watch({ address: host.address, port: PORT, perSecond: 100 });
    stack.change({
      remove: { [ADDRESSES.sandbox]: "the sandbox is retired", everyone: "opened in a hurry" },
    });
    const run = await stack.up();
    expect(await kept.stop()).toMatchObject({ handshakes: 0 });
    await must(Promise.resolve(run));
    expect((await callLeqi(listed, host.address)).outcome).toBe("answered");
    for (const scope of ["", "--permanent"]) {
      expect((await host.mustExec(`firewall-cmd ${scope} --list-ports`)).trim()).toBe("9200/tcp");
      const rules = await host.mustExec(`firewall-cmd ${scope} --list-rich-rules`);
      expect(rules).toContain(ruleFor(ADDRESSES.sandbox, 9100));
      expect(rules).not.toContain(ruleFor(ADDRESSES.sandbox));
    }
    expect((await must(stack.up())).steps).toEqual([]);
  });
});
