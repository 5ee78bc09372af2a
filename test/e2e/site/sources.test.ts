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
 * Where else a source is seen on a kind of host, from nothing to a proxy that serves: packages in `main/hosts.test.ts`,
 * an nginx that was there in `existing.test.ts`, both on every kind; the others in `brought.test.ts`.
 */
const ELSEWHERE: Readonly<Record<Source, readonly HostKind[]>> = {
  package: KINDS,
  // There without https.
  existing: ["bullseye", "bookworm", "old"],
  files: ["bullseye"],
  vendor: ["trixie"],
};

/** Every source on every kind of host, each pair of values in one case at least, here or elsewhere; with --full, every case. */
const CASES: readonly Case[] = SOURCES.flatMap((source, s) =>
  KINDS.filter((kind) => FULL || !ELSEWHERE[source].includes(kind)).flatMap((kind) => {
    const both: readonly Tls[] = ["none", "self-signed"];
    return both
      .filter((_, t) => FULL || (s + KINDS.indexOf(kind)) % 2 === t)
      .map((tls) => ({ source, kind, tls }));
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

  it("is put back where nginx refuses its configuration, and taken up again, for which nothing is brought again", async () => {
    const { host, stack } = world;
    await host.write(brokenOf(source), "nonsense;\n");
    const allow = { [ADDRESSES.listed]: "ACME", "203.0.113.54": "ACME third site" };
    stack.change({ allow, site: { paths: ["/access/", "/other/"] } });
    const { exitCode, all } = await stack.up();
    expect(exitCode).not.toBe(0);
    expect(all).toContain("E_ROLLED_BACK");
    expect(all).toMatch(/unknown directive .*nonsense/);
    await served();
    await host.mustExec(`rm ${brokenOf(source)}`);
    const { steps } = await must(stack.up());
    expect(commandsOf({ steps })).toEqual(["update proxy-1-state"]);
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
