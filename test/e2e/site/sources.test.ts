import { KINDS, type HostKind } from "../../support/hostOptions";
import { describeLab } from "../../support/prepare";
import { ADDRESSES, LEQI_PATH, PORT } from "../../support/samples";
import { status } from "../firewall/tool";
import { FULL } from "../kinds";
import { commandsOf, must, type World } from "../world";
import { SOURCES, type Source, worldOf } from "./sources";

interface Case {
  readonly source: Source;
  readonly kind: HostKind;
  readonly tls: "none" | "self-signed";
}

/**
 * Every source on every kind of host, each pair of values in one case at least; with --full, every case. Without it the
 * machine's own packages are left to `main/hosts.test.ts`, which installs them on every kind, and to `tls.test.ts`.
 */
const CASES: readonly Case[] = SOURCES.filter((source) => FULL || source !== "package").flatMap((source, s) =>
  KINDS.flatMap((kind, k) => {
    const both = ["none", "self-signed"] as const;
    return both.filter((_, t) => FULL || (s + k) % 2 === t).map((tls) => ({ source, kind, tls }));
  }),
);

/** Includes whatever lies there, as the distribution's nginx does and the vendor's. */
const BROKEN: Readonly<Record<Source, string>> = {
  package: "/etc/nginx/conf.d/broken.conf",
  files: "/etc/nginx/conf.d/broken.conf",
  existing: "/etc/nginx/conf.d/broken.conf",
  vendor: "/usr/local/nginx/conf/conf.d/broken.conf",
};

describeLab.each(CASES)("nginx by $source, tls $tls, on $kind", ({ source, kind, tls }) => {
  let world: World;
  beforeAll(async () => {
    world = await worldOf(source, kind);
    world.stack.change({ listen: { tls } });
  });
  afterAll(() => world.stop());

  const served = async (): Promise<void> => {
    const { host, listed, stranger, stack } = world;
    const ca = tls === "none" ? undefined : String((await stack.outputs())["ca"]);
    const url = `${tls === "none" ? "http" : "https"}://${host.address}:${String(PORT)}${LEQI_PATH}`;
    const answer = await listed.post(url, ca === undefined ? {} : { ca });
    expect(answer).toMatchObject({ outcome: "answered", status: 200 });
    expect(await stranger.connects(host.address, PORT)).not.toBe("open");
  };
  const stands = async (): Promise<void> => {
    await served();
    expect(await status(world.host)).toMatchObject({ equal: true, deviations: [] });
  };

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
    await host.write(BROKEN[source], "nonsense;\n");
    const allow = { [ADDRESSES.listed]: "ACME", "203.0.113.54": "ACME third site" };
    stack.change({ allow, site: { paths: ["/access/"] } });
    const { exitCode, all } = await stack.up();
    expect(exitCode).not.toBe(0);
    expect(all).toContain("E_ROLLED_BACK");
    expect(all).toMatch(/unknown directive .*nonsense/);
    await served();
    await host.mustExec(`rm ${BROKEN[source]}`);
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
