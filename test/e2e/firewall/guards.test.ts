import { describeLab } from "../../support/prepare";
import { leqiUrl } from "../../support/samples";
import { kindsOf } from "../kinds";
import { fingerprint } from "../world";
import { type Wanted, documentOf, guarded, inside, outside } from "./direct";
import { BEFORE, GONE, LISTED, Standing } from "./standing";
import { apply, atConsole, documentFor } from "./tool";

const FEW: Wanted = { allow: [LISTED, "82.157.180.203", "198.51.100.21"] };
const WHO_GO = ["49.4.83.185", GONE];

/** A document that a host which stands refuses. */
interface Refused {
  readonly name: string;
  readonly document: (standing: Standing) => string;
  readonly says: readonly string[];
}

const whole = documentOf(FEW);

const REFUSED: readonly Refused[] = [
  {
    name: "that cuts half of those in force, none of them named",
    document: () => documentOf(FEW),
    says: ["[E_BULK] 2 of the 4 sources in force on port 8864", `${GONE} ${WHO_GO[0] ?? ""}`],
  },
  {
    name: "that cuts half of those in force, one of them named",
    document: () => documentOf({ ...FEW, remove: [GONE] }),
    says: ["[E_BULK] 2 of the 4", `Add those that are to go: ${WHO_GO[0] ?? ""}`],
  },
  {
    name: "of a zone that the host does not have",
    document: ({ host }) => documentFor(host, BEFORE.allow, { zone: "nowhere" }),
    says: ["[E_ZONE] zone nowhere does not exist here", "public"],
  },
  {
    name: "that was cut short within its list",
    document: () => whole.slice(0, whole.indexOf("198.51.100.21") + 4),
    says: ["[E_DOCUMENT]"],
  },
  {
    name: "that was cut short before its last line",
    document: () => whole.slice(0, whole.lastIndexOf("[end]")),
    says: ["[E_DOCUMENT] the document does not end with [end]: it was cut short on its way"],
  },
  {
    name: "of which nothing came",
    document: () => "",
    says: ["[E_DOCUMENT]"],
  },
];

describeLab.each(kindsOf("bookworm"))("a %s host", (kind) => {
  let standing: Standing;
  beforeAll(async () => {
    standing = await Standing.start(kind);
  });
  afterAll(() => standing.stop());

  it.each(["close", "open", "allow 203.0.113.44 --for 1h"])(
    "without a document refuses `lqptctl %s`, and is as it was",
    async (words) => {
      const { host } = standing;
      const before = await fingerprint(host);
      expect(await atConsole(host, words)).toMatchObject({
        exitCode: 10,
        all: expect.stringContaining("[E_NO_DOCUMENT]") as string,
      });
      expect(await fingerprint(host)).toBe(before);
    },
  );

  it.each(REFUSED)(
    "that stands refuses a document $name, says why, and is as it was",
    async ({ document, says }) => {
      const { host, tool, listed, stranger } = standing;
      expect(await tool.converge(BEFORE)).toMatchObject({ exitCode: 0 });
      const text = document(standing);
      await host.write("/run/document", text, "600");
      const before = await fingerprint(host);
      const wrong = await guarded(
        [outside(stranger, host), inside(listed, leqiUrl(host.address))],
        async () => {
          const { exitCode, all } = await apply(host, text);
          return [
            ...(exitCode === 10 ? [] : [`ended with ${String(exitCode)}`]),
            ...[...says, "nothing on this host was changed"]
              .filter((words) => !all.includes(words))
              .map((words) => `"${words}" is not in ${all}`),
          ];
        },
      );
      expect(wrong).toEqual([]);
      expect(await fingerprint(host)).toBe(before);
      await standing.expectInForce(BEFORE);
    },
  );

  it("that stands takes a document that cuts half of those in force where each is named", async () => {
    const { tool, gone } = standing;
    expect(await tool.dial({ ...FEW, remove: WHO_GO })).toMatchObject({ exitCode: 0 });
    await standing.expectInForce(FEW);
    expect(await standing.reaches(gone)).toBe(false);
  });
});
