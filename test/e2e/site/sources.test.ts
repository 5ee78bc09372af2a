import { KINDS, type HostKind } from "../../support/hostOptions";
import { describeLab } from "../../support/prepare";
import { ADDRESSES, PORT } from "../../support/samples";
import { FULL } from "../kinds";
import { commandsOf, must, type World } from "../world";
import { SOURCES, type Source, type Tls, expectServed, expectStands, worldOf } from "./sources";

interface Case {
  readonly source: Source;
  readonly kind: HostKind;
  readonly tls: Tls;
}

/**
 * Every source on every kind of host, each pair of values in one case at least; with --full, every case. Without it the
 * machine's own packages are left to `main/hosts.test.ts`, which installs them on every kind, and to `tls.test.ts`.
 */
const CASES: readonly Case[] = SOURCES.filter((source) => FULL || source !== "package").flatMap((source, s) =>
  KINDS.flatMap((kind, k) => {
    const both: readonly Tls[] = ["none", "self-signed"];
    return both.filter((_, t) => FULL || (s + k) % 2 === t).map((tls) => ({ source, kind, tls }));
  }),
);

/** Read with whatever else lies there, by the distribution's nginx and by the vendor's. */
const brokenOf = (source: Source): string =>
  `${source === "vendor" ? "/usr/local/nginx/conf" : "/etc/nginx"}/conf.d/broken.conf`;

describeLab.each(CASES)("nginx by $source, tls $tls, on $kind", ({ source, kind, tls }) => {
  let world: World;
  beforeAll(async () => {
    world = await worldOf(source, kind);
    world.stack.change({ listen: { tls } });
  });
  afterAll(() => world.stop());

  const served = () => expectServed(world, tls);
  const stands = () => expectStands(world, tls);

  it("is installed or found, serves, and a second `up` changes nothing", async () => {
    await must(world.stack.up());
    await stands();
    expect((await must(world.stack.up())).steps).toEqual([]);
  });

  it("takes a change of the site, for which nothing is brought again", async () => {
    world.stack.change({ site: { paths: ["/access/", "/other/"] } });
    const { steps } = await must(world.stack.up());
    expect(commandsOf({ steps })).toEqual(["update proxy-1-state"]);
    await stands();
  });

  it("is put back where nginx refuses its configuration, and taken up again", async () => {
    const { host, stack } = world;
    await host.write(brokenOf(source), "nonsense;\n");
    const allow = { [ADDRESSES.listed]: "ACME", "203.0.113.54": "ACME third site" };
    stack.change({ allow, site: { paths: ["/access/"] } });
    const { exitCode, all } = await stack.up();
    expect(exitCode).not.toBe(0);
    expect(all).toContain("E_ROLLED_BACK");
    expect(all).toMatch(/unknown directive .*nonsense/);
    await served();
    await host.mustExec(`rm ${brokenOf(source)}`);
    await must(stack.up());
    await stands();
  });

  it("serves after a reboot", async () => {
    await world.host.reboot();
    await stands();
  });

  it("goes with the stack, and an nginx that was there before stays", async () => {
    const { host, stack, stranger } = world;
    await must(stack.destroy());
    expect(await stranger.connects(host.address, PORT)).not.toBe("open");
    const left = await host.exec("ss -ltnH | awk '{ print $4 }' | grep -E ':(80|443|8864)$' | sort -u");
    expect(left.stdout.split("\n").filter((line) => line !== "" && !line.startsWith("["))).toEqual(
      source === "existing" ? ["0.0.0.0:80"] : [],
    );
    expect((await host.exec("test -e /var/lib/lqpt")).exitCode).not.toBe(0);
  });
});
