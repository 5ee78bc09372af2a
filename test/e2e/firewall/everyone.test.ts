import { describeLab } from "../../support/prepare";
import { kindsOf } from "../kinds";
import { both } from "./openings";
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

const SCOPES = ["runtime", "permanent"] as const;

describeLab.each(kindsOf("bookworm"))("on a %s host that is ours", (kind) => {
  let standing: Standing;
  beforeAll(async () => {
    standing = await Standing.start(kind);
  });
  afterAll(() => standing.stop());

  it.each(OPENED)(
    "$name, which opens the port to everyone now and for good, is closed by the next change, which says so",
    async ({ what, zone = "public" }) => {
      const { host, tool, stranger } = standing;
      const enters = (verb: string): string =>
        zone === "public" ? "true" : `firewall-cmd -q --zone=${zone} --${verb}-source=${stranger.address}`;
      expect(await tool.converge(BEFORE)).toMatchObject({ exitCode: 0 });
      await host.mustExec(enters("add"));
      try {
        await host.mustExec(both(`--zone=${zone} --add-${what}`));
        expect(await standing.reaches(stranger)).toBe(true);

        const { exitCode, stdout, all } = await tool.dial(AFTER);
        expect({ exitCode, all }).toMatchObject({ exitCode: 0 });
        const warnings = (JSON.parse(stdout) as { warnings: readonly string[] }).warnings.join("\n");
        await standing.expectInForce(AFTER);
        for (const scope of SCOPES) {
          expect(warnings).toMatch(new RegExp(`zone ${zone} .*\\(${scope}\\): it was closed`));
          const option = scope === "permanent" ? "--permanent" : "";
          const { stdout: answer } = await host.exec(`firewall-cmd ${option} --zone=${zone} --query-${what}`);
          expect({ scope, answer }).toEqual({ scope, answer: "no\n" });
        }
        // Told once, and not for ever.
        expect((await tool.dial(BEFORE)).all).not.toContain("it was closed");
      } finally {
        await host.mustExec(enters("remove"));
      }
    },
  );
});
