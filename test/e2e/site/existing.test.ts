import { describeLab } from "../../support/prepare";
import type { Host, HostKind } from "../../support/lab";
import { PORT, callLeqi } from "../../support/samples";
import { mustAtConsole, status } from "../firewall/tool";
import { FULL } from "../kinds";
import { aptInstall } from "../packages";
import { makeWorld, must, type World } from "../world";

/** Another site of the machine, which serves all the while. */
const OTHER_PORT = 8080;
const CONF = "/etc/nginx/nginx.conf";

/** A machine whose nginx was there before, and how its nginx.conf is. */
interface Existing {
  readonly name: string;
  readonly kind: HostKind;
  /** nginx.conf, without a word of ours; `OTHER` stands for the other site. */
  readonly conf: string;
  /** Lines of shell before nginx is started. */
  readonly make?: string;
  /** Where our file is to be. */
  readonly site: string;
  /** Whether nginx.conf gets a line of ours. */
  readonly include: boolean;
}

const HEAD = "user www-data;\nworker_processes 2;\npid /run/nginx.pid;\nevents { worker_connections 512; }\n";
const OTHER = `server { listen ${String(OTHER_PORT)}; location / { return 200 "other"; } }`;

const ROWS: readonly Existing[] = [
  {
    name: "includes conf.d",
    kind: "bookworm",
    conf: `${HEAD}http {\n    include /etc/nginx/conf.d/*.conf;\n    ${OTHER}\n}\n`,
    site: "/etc/nginx/conf.d/lqpt.conf",
    include: false,
  },
  {
    name: "includes no folder, in another style",
    kind: "trixie",
    conf: `${HEAD}# http { not this one }\nhttp\n{\n  ${OTHER}\n}\n`,
    site: "/etc/nginx/lqpt.conf",
    include: true,
  },
  {
    name: "has CRLF line ends",
    kind: "bullseye",
    conf: `${HEAD}http {\n    # include conf.d/*.conf;\n    ${OTHER}\n}\n`.replaceAll("\n", "\r\n"),
    site: "/etc/nginx/lqpt.conf",
    include: true,
  },
  {
    name: "is a symlink, and its nginx was started by hand",
    kind: "old",
    conf: `${HEAD}http { ${OTHER}\n}\n`,
    make: `mkdir -p /srv/conf && mv ${CONF} /srv/conf/main.conf && ln -s /srv/conf/main.conf ${CONF}`,
    site: "/etc/nginx/lqpt.conf",
    include: true,
  },
];

describeLab.each(ROWS.filter(({ kind }) => FULL || kind !== "bookworm"))(
  "an nginx that was there before",
  (row) => {
    const { name, kind, conf, make = "true", site, include } = row;
    let world: World;
    let untouched: string;
    beforeAll(async () => {
      world = await makeWorld({ kind });
      const { host } = world;
      await aptInstall(host, "nginx");
      await host.mustExec("systemctl stop nginx");
      await host.write(CONF, conf);
      await host.mustExec(make);
      // By hand, outside any unit, as on a machine whose nginx brought none.
      await host.mustExec(kind === "old" ? "systemctl disable nginx; nginx" : "systemctl start nginx");
      untouched = await files(host);
      world.stack.change({
        nginx: { source: "existing" },
        firewall: { keepOpen: [`${String(OTHER_PORT)}/tcp`] },
      });
    });
    afterAll(() => world.stop());

    it(`serves Leqi beside what it serves, which never fails (nginx.conf ${name})`, async () => {
      const { host, stack, listed, stranger } = world;
      const other = await stranger.watch({
        url: `http://${host.address}:${String(OTHER_PORT)}/`,
        perSecond: 20,
      });
      await must(stack.up());
      expect(await callLeqi(listed, host.address)).toMatchObject({ outcome: "answered", status: 200 });
      expect(await stranger.connects(host.address, PORT)).not.toBe("open");
      expect((await host.exec(`ls ${site}`)).exitCode).toBe(0);
      const lines = (await host.readFile(CONF))
        .split("\n")
        .filter((line) => line.includes(`include ${site};`));
      expect(lines).toHaveLength(include ? 1 : 0);
      expect(await status(host)).toMatchObject({ equal: true, nginx: { source: "existing", conf: CONF } });

      const workers = await host.mustExec("pgrep -f '^nginx: worker process *$' | sort");
      expect((await must(stack.up())).steps).toEqual([]);
      await mustAtConsole(host, "open");
      expect(await host.mustExec("pgrep -f '^nginx: worker process *$' | sort")).toBe(workers);

      stack.change({ allow: { "203.0.113.9": "ACME", "203.0.113.55": "ACME second site" } });
      await must(stack.up());
      expect((await host.readFile(CONF)).split(`include ${site};`).slice(1)).toHaveLength(include ? 1 : 0);
      expect(await other.stop()).toMatchObject({ failed: 0 });
    });

    it("is put back, nginx.conf byte for byte, where our site is refused", async () => {
      const { host, stack, listed, stranger } = world;
      const before = await host.readFile(CONF);
      await host.mustExec(
        `printf 'server { listen %s; no_such; }\\n' 9999 >/etc/nginx/broken && sed -i 's|${OTHER_PORT}; location|${OTHER_PORT}; include /etc/nginx/broken*; location|' $(readlink -f ${CONF})`,
      );
      const broken = await host.readFile(CONF);
      stack.change({ site: { maxBodyMiB: 30 } });
      const { exitCode, all } = await stack.up();
      expect({ exitCode: exitCode !== 0, all }).toMatchObject({
        exitCode: true,
        all: expect.stringContaining("E_ROLLED_BACK") as string,
      });
      expect(await host.readFile(CONF)).toBe(broken);
      expect((await callLeqi(listed, host.address)).status).toBe(200);
      expect((await stranger.post(`http://${host.address}:${String(OTHER_PORT)}/`)).body).toBe("other");
      await host.write("/run/conf", before);
      await host.mustExec(`rm /etc/nginx/broken && cat /run/conf >$(readlink -f ${CONF})`);
      await must(stack.up());
    });

    it("is left as it was when the stack is destroyed, its own site serving", async () => {
      const { host, stack, listed, stranger } = world;
      await must(stack.destroy());
      expect((await stranger.post(`http://${host.address}:${String(OTHER_PORT)}/`)).body).toBe("other");
      expect(await listed.connects(host.address, PORT)).not.toBe("open");
      expect(await files(host)).toBe(untouched);
    });
  },
);

/** Everything under /etc/nginx, byte for byte, and what nginx.conf really is. */
function files(host: Host): Promise<string> {
  return host.mustExec(
    `find /etc/nginx -type f -exec sha256sum {} + | sort -k 2; readlink ${CONF}; sha256sum $(readlink -f ${CONF})`,
  );
}
