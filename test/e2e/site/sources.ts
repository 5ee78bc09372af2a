import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { image, suiteOf } from "../../support/image";
import type { HostKind } from "../../support/lab";
import { LEQI_PATH, PORT } from "../../support/samples";
import { vendorArchive } from "../../support/vendorArchive";
import { status } from "../firewall/tool";
import { aptInstall } from "../packages";
import { makeWorld, type World } from "../world";

/** Where nginx comes from, as in `lqpt:nginx.source`. */
export const SOURCES = ["package", "files", "vendor", "existing"] as const;
export type Source = (typeof SOURCES)[number];

/** How the listener speaks. */
export type Tls = "none" | "self-signed";

/** As most machines of the field are: it sees no package repository and no name server. */
const ALONE =
  "rm -rf /etc/apt/sources.list* /var/lib/apt/lists/*; : >/etc/resolv.conf; sed -i /lqpt/d /etc/hosts";

export const sha256 = (path: string): string => createHash("sha256").update(readFileSync(path)).digest("hex");

/** Puts a file beside the stack; its path there. */
export function beside(world: World, path: string): string {
  mkdirSync(join(world.stack.folder, "brought"), { recursive: true });
  copyFileSync(path, join(world.stack.folder, "brought", basename(path)));
  return `brought/${basename(path)}`;
}

/** A host of this kind, and a stack that has its nginx from this source; where that is brought, the host is alone. */
export async function worldOf(source: Source, kind: HostKind): Promise<World> {
  const world = await makeWorld({ kind });
  const { host, lab, stack } = world;
  if (source === "existing") {
    await aptInstall(host, "nginx");
  } else if (source !== "package") {
    await host.mustExec(ALONE);
    stack.change({ leqi: { addresses: [lab.leqi.address] } });
  }
  stack.change({ ...(await wordsOf[source](world, kind)) });
  return world;
}

const wordsOf: Readonly<Record<Source, (world: World, kind: HostKind) => Promise<object> | object>> = {
  package: () => ({ nginx: { source: "package" } }),
  // Debian's own sample site listens there.
  existing: () => ({ nginx: { source: "existing" }, firewall: { keepOpen: ["80/tcp"] } }),
  files: async (world, kind) => {
    const system = (
      await world.host.mustExec('. /etc/os-release; echo "$ID-$VERSION_ID/$(uname -m)"')
    ).trim();
    const files = await debs(kind);
    return {
      nginx: {
        source: "files",
        files: { [system]: Object.fromEntries(files.map((path) => [beside(world, path), sha256(path)])) },
      },
    };
  },
  vendor: async (world, kind) => {
    const archive = await vendorArchive(await image(suiteOf(kind), () => undefined), world.lab.folder);
    return {
      nginx: { source: "vendor", archive: { file: beside(world, archive), sha256: sha256(archive) } },
    };
  },
};

/** nginx's packages and what they need, for a kind of host. */
async function debs(kind: HostKind): Promise<string[]> {
  const { packages } = await image(suiteOf(kind), () => undefined);
  return readdirSync(packages)
    .filter((name) => name.endsWith(".deb"))
    .map((name) => join(packages, name));
}

/** Who is listed reaches Leqi, and a stranger gets no handshake. */
export async function expectServed({ host, listed, stranger, stack }: World, tls: Tls): Promise<void> {
  const ca = tls === "none" ? undefined : String((await stack.outputs())["ca"]);
  const url = `${tls === "none" ? "http" : "https"}://${host.address}:${String(PORT)}${LEQI_PATH}`;
  const answer = await listed.post(url, ca === undefined ? {} : { ca });
  expect(answer).toMatchObject({ outcome: "answered", status: 200 });
  expect(await stranger.connects(host.address, PORT)).not.toBe("open");
}

/** The same, and the host says itself that it equals its document. */
export async function expectStands(world: World, tls: Tls): Promise<void> {
  await expectServed(world, tls);
  expect(await status(world.host)).toMatchObject({ equal: true, deviations: [] });
}
