import { describeLab } from "../../support/prepare";
import { kindsOf } from "../kinds";
import { ruleOf } from "./direct";
import { BROKEN_SITE, FOREIGN } from "./hands";
import { both } from "./openings";
import { AFTER, BEFORE, Standing } from "./standing";
import { LQPTCTL, SITE, atConsole, mustAtConsole, status } from "./tool";

/** A host that a person closes while something is wrong with it. */
interface Wrong {
  readonly name: string;
  readonly inject: string;
  /** What `lqptctl close` ends with, and says. Default: 0, and no error. */
  readonly close?: { readonly exit: number; readonly says: readonly string[] };
  /** What `lqptctl open` says, and ends with, until the host is mended. Default: it opens the host as it is. */
  readonly refused?: { readonly exit: number; readonly says: string };
  readonly mend?: string;
}

const WRONGS: readonly Wrong[] = [
  {
    name: "somebody's own rule for the port",
    inject: both(`--add-rich-rule='${ruleOf(FOREIGN)}'`),
  },
  {
    name: "lqpt.conf edited by hand",
    inject: `echo '# by hand' >>${SITE}`,
    close: { exit: 0, says: ["it is kept as /var/lib/lqpt/site-found"] },
  },
  {
    name: "the port opened to everyone",
    inject: both("--add-port=8864/tcp"),
  },
  {
    name: "a mistake in another site of nginx",
    inject: BROKEN_SITE.inject,
    close: {
      exit: 11,
      says: [
        "[E_CLOSE]",
        "nginx did not let go of the site",
        "unknown directive",
        "something listens on port 8864",
      ],
    },
    refused: { exit: 11, says: "E_ROLLED_BACK" },
    mend: BROKEN_SITE.mend,
  },
  {
    name: "firewalld stopped",
    inject: "systemctl stop firewalld",
    refused: { exit: 10, says: "E_FIREWALLD" },
    mend: "systemctl start firewalld && firewall-cmd --state",
  },
  {
    name: "a range of ports that holds it open to everyone",
    inject: both("--add-port=8800-8900/tcp"),
    refused: { exit: 10, says: "E_FOREIGN_OPENING" },
    mend: both("--remove-port=8800-8900/tcp"),
  },
  {
    name: "the interface moved to the zone trusted",
    inject: "firewall-cmd --zone=trusted --change-interface=eth0",
    refused: { exit: 10, says: "E_FOREIGN_OPENING" },
    // The kernel keeps the chains of a zone that was entered once until firewalld is reloaded.
    mend: "firewall-cmd --zone=trusted --remove-interface=eth0 && firewall-cmd --reload",
  },
];

describeLab.each(kindsOf("bookworm"))("a person who closes a %s host", (kind) => {
  let standing: Standing;
  beforeAll(async () => {
    standing = await Standing.start(kind);
  });
  afterAll(() => standing.stop());
  // What one of them left is not the next one's.
  beforeEach(() => standing.host.exec(`[ ! -e /var/lib/lqpt/closed ] || ${LQPTCTL} open`));

  it.each(WRONGS)(
    "with $name: it is closed, and opened again when it is as it should be",
    async ({ inject, close = { exit: 0, says: ["closed: nobody gets in"] }, refused, mend }) => {
      const { host, tool } = standing;
      expect(await tool.converge(BEFORE)).toMatchObject({ exitCode: 0 });
      await host.mustExec(inject);
      try {
        const { exitCode, all } = await atConsole(host, "close");
        expect({ exitCode, all }).toMatchObject({ exitCode: close.exit });
        for (const words of close.says) {
          expect(all).toContain(words);
        }
        expect(all).not.toContain("could not be reset");
        await standing.expectClosed();
        expect(await tool.dial(AFTER)).toMatchObject({
          exitCode: 10,
          all: expect.stringContaining("[E_CLOSED]") as string,
        });
        if (refused !== undefined) {
          expect(await atConsole(host, "open")).toMatchObject({
            exitCode: refused.exit,
            all: expect.stringContaining(refused.says) as string,
          });
          await standing.expectClosed();
        }
      } finally {
        await host.mustExec(mend ?? "true");
      }
      await mustAtConsole(host, "open");
      expect((await status(host)).closed).toBeNull();
      await standing.expectInForce(BEFORE);
    },
  );

  it("with its document damaged: it is closed, and `open` says how an apply may write the document again", async () => {
    const { host, tool } = standing;
    expect(await tool.converge(BEFORE)).toMatchObject({ exitCode: 0 });
    await host.mustExec("truncate -s 0 /var/lib/lqpt/document");
    await mustAtConsole(host, "close");
    await standing.expectNobody();
    expect(await atConsole(host, "open")).toMatchObject({
      exitCode: 10,
      all: expect.stringContaining("rm /var/lib/lqpt/closed, then run pulumi up") as string,
    });
    await standing.expectNobody();
    expect(await tool.dial(BEFORE)).toMatchObject({ exitCode: 10 });
    await host.mustExec("rm /var/lib/lqpt/closed");
    expect(await tool.dial(BEFORE)).toMatchObject({ exitCode: 0 });
    await standing.expectInForce(BEFORE);
  });
});
