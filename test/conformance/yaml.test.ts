import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writtenKeys } from "../../config/fromYaml";
import { toolchain } from "../../tools/toolchain";
import { Engine, type Runner } from "../support/engine";
import { run } from "../support/programs";

/** Here, and not from a place in a lab: nothing is dialled. */
const HERE: Runner = {
  run: (command, args, { cwd, env }) => run(command, args, { cwd, env, timeoutMs: 60_000 }),
  start: () => {
    throw new Error("nothing is started here");
  },
};

/** Text without quotes, as it may stand for an identifier, a number, an owner. */
const SCALARS = [
  ...["0012345", "022", "08", "0o17", "-0o17", "0x1F", "0b101", "-0b101", "+12", "-7", "1_000", "1__0", "_1"],
  ...["91E10", "913100001E10", "1e3", "1.5", ".5", "5.", "-.5", "1e999", "1.2.3.4", "10.0.0.0/8", "1:30:00"],
  ...["12345678901234567890", "123456789012345678901", "9007199254740993", "18446744073709551616"],
  ...["true", "True", "TRUE", "tRUE", "yes", "no", "on", "off", "y", "n", "null", "Null", "~", "", "nULL"],
  ...["2026-01-02", "2026-1-2", "2026-02-30", "2026-01-02T03:04:05Z", "2026-01-02T03:04:05.60+08:00"],
  ...[
    "2026-01-02 03:04:05",
    "2026-01-02 25:00:00",
    "20260102",
    "0",
    "00",
    "-0",
    "0.0",
    "0e0",
    "1e21",
    "1e-7",
  ],
  ...[
    "'0012345'",
    '"0012345"',
    "'it''s'",
    '"a\\tb"',
    "!!str 0012345",
    "某某有限公司",
    "a：b",
    "a # b",
    "1.0",
  ],
  ...["0x", "0b2", "0o8", "1e", "1e+", "+", "-x", "12ab", "1,5", "１２３", "0_7", "0x_1", "=", "<<"],
];

/** Values with something inside. */
const NESTED = [
  "{b: 1, a: 2, B: 3, ä: 4, '10': 5, '9': 6}",
  "{022: a, 1.5: b, true: c, 2026-01-02: e}",
  "[022, [1e3, ~], {a: 08}]",
  "{a: {secure: x}, b: {secure: 1}}",
  "{}",
  "[]",
  "'{\"a\": 1}'",
  "|\n    two\n    lines\n",
  ">-\n    two\n    folded\n",
  "&anchor {a: 022}",
  "*anchor",
  "{<<: *anchor, b: 2}",
  "{<<: [*anchor, {c: 3}], a: 1}",
];

/** What neither takes. */
const REFUSED = [
  ["a duplicate key", "config:\n  lqpt:a: 1\n  lqpt:a: 2\n"],
  ["a duplicate key further inside", "config:\n  lqpt:a:\n    b: 1\n    b: 2\n"],
  ["a tab", "config:\n\tlqpt:a: 1\n"],
  ["a bracket that stays open", "config:\n  lqpt:a: [1\n"],
  ["a full-width colon", "config:\n  lqpt:a： 1\n"],
  ["an alias of nothing", "config:\n  lqpt:a: *nothing\n"],
] as const;

/** A text once Node has read it: numbers as it has them, the keys of a mapping in the order that it gives them. */
function asProgramsSee(raw: string): string {
  return /^[[{]|^[1-9]\d*$/.test(raw) ? JSON.stringify(JSON.parse(raw)) : raw;
}

describe("a stack's file, read by Pulumi and without it", () => {
  let engine: Engine;
  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), "lqpt-yaml-"));
    writeFileSync(join(folder, "Pulumi.yaml"), "name: lqpt\nruntime: nodejs\n");
    engine = new Engine({ runner: HERE, toolchain: await toolchain(), folder, passphrase: "for tests" });
    await engine.mustRun(["stack", "init", "odd"]);
  });
  afterAll(() => {
    engine.dispose();
  });

  async function byPulumi(text: string): Promise<Record<string, unknown>> {
    engine.write("Pulumi.odd.yaml", text);
    const said = await engine.mustRun(["config", "--json"]);
    // Before it come warnings.
    const config = JSON.parse(said.slice(said.search(/^\{/m))) as Record<string, { value: string }>;
    return Object.fromEntries(Object.entries(config).map(([key, { value }]) => [key, asProgramsSee(value)]));
  }

  const withoutIt = (text: string): Record<string, unknown> =>
    Object.fromEntries(writtenKeys("Pulumi.odd.yaml", text).map(({ key, raw }) => [key, asProgramsSee(raw)]));

  const keyed = (values: readonly string[]): string =>
    `config:\n${values.map((value, index) => `  lqpt:k${String(index)}: ${value}`).join("\n")}\n`;

  it.each([
    ["text without quotes", keyed(SCALARS)],
    ["the same inside a mapping", keyed(SCALARS.map((text) => `\n    key: ${text}`))],
    ["lists and mappings", keyed(NESTED.filter((text) => !text.includes("secure")))],
    ["Windows line ends", keyed(["a", "{b: 1}", "022"]).replaceAll("\n", "\r\n")],
  ])("has the same values: %s", async (_, text) => {
    expect(withoutIt(text)).toEqual(await byPulumi(text));
  });

  it.each(REFUSED)("is refused: %s", async (_, text) => {
    engine.write("Pulumi.odd.yaml", text);
    expect((await engine.cli(["config", "--json"])).exitCode).not.toBe(0);
    expect(() => withoutIt(text)).toThrow("Pulumi.odd.yaml");
  });
});
