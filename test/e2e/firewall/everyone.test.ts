import { describeLab } from "../../support/prepare";
import { kindsOf } from "../kinds";
import { AFTER, BEFORE, Standing } from "./standing";

/** Something that opens the port, and no other, to everyone. */
interface Everyone {
  readonly name: string;
  /** What firewall-cmd adds. */
  readonly what: string;
  readonly zone?: string;
}

const rule = (words: string): string => `rich-rule='rule ${words}port port="8864" protocol="tcp" accept'`;

const OPENED: readonly Everyone[] = [
  { name: "the port itself", what: "port=8864/tcp" },
  { name: "a rule without a source", what: rule('family="ipv4" ') },
  { name: "a rule of no family", what: rule("") },
  { name: "a rule for 0.0.0.0/0", what: rule('family="ipv4" source address="0.0.0.0/0" ') },
  { name: "a rule for half of the world", what: rule('family="ipv4" source address="128.0.0.0/1" ') },
  { name: "the port itself in a zone that the stranger enters", what: "port=8864/tcp", zone: "internal" },
  { name: "a rule in a zone that the stranger enters", what: rule('family="ipv4" '), zone: "internal" },
];

const ROWS = OPENED.flatMap((row) => (["runtime", "permanent"] as const).map((scope) => ({ ...row, scope })));

describeLab.each(kindsOf("bookworm"))("on a %s host that is ours", (kind) => {
  let standing: Standing;
  beforeAll(async () => {
    standing = await Standing.start(kind);
  });
  afterAll(() => standing.stop());

  it.each(ROWS)(
    "$name, which opens the port to everyone ($scope), is closed by the next change, which says so",
    async ({ what, zone = "public", scope }) => {
      const { host, tool, stranger } = standing;
      const other = zone === "public" ? undefined : `--zone=${zone} --%s-source=${stranger.address}`;
      expect(await tool.converge(BEFORE)).toMatchObject({ exitCode: 0 });
      if (other !== undefined) await host.mustExec(`firewall-cmd -q ${other.replace("%s", "add")}`);
      try {
        const permanent = scope === "permanent" ? "--permanent" : "";
        await host.mustExec(`firewall-cmd -q ${permanent} --zone=${zone} --add-${what}`);
        expect(await standing.reaches(stranger)).toBe(scope === "runtime");

        const { exitCode, stdout, all } = await tool.dial(AFTER);
        expect({ exitCode, all }).toMatchObject({ exitCode: 0 });
        const { warnings } = JSON.parse(stdout) as { warnings: readonly string[] };
        expect(warnings.join("\n")).toMatch(new RegExp(`zone ${zone} .*\\(${scope}\\): it was closed`));
        await standing.expectInForce(AFTER);
        expect((await host.exec(`firewall-cmd ${permanent} --zone=${zone} --query-${what}`)).stdout).toBe(
          "no\n",
        );
        // Told once, and not for ever.
        expect((await tool.dial(BEFORE)).all).not.toContain("it was closed");
      } finally {
        if (other !== undefined) await host.mustExec(`firewall-cmd -q ${other.replace("%s", "remove")}`);
      }
    },
  );
});
