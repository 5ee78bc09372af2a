import fc from "fast-check";
import { contains, parseNetwork } from "../../config/addresses";
import { runWithTool, SHELLS } from "./shell";

const inside = (shell: readonly string[], lines: readonly string[], networks: readonly string[]): string[] =>
  runWithTool({
    shell,
    script: `printf '%s\\n' ${lines.join(" ")} >"$DIR/lines"; printf '%s\\n' ${networks.join(" ")} >"$DIR/networks"; inside "$DIR/lines" "$DIR/networks"`,
  })
    .stdout.split("\n")
    .filter((line) => line !== "");

describe.each(SHELLS)("networks inside others, by %s", (_, shell) => {
  it("are found at both ends of a network, and no further", () => {
    const lines = [
      "10.0.0.255",
      "10.0.1.0",
      "10.0.1.255",
      "10.0.2.0",
      "10.0.1.128/25",
      "10.0.0.0/23",
      "255.255.255.255",
    ];
    expect(inside(shell, lines, ["10.0.1.0/24", "255.255.255.255"])).toEqual([
      "10.0.1.0",
      "10.0.1.255",
      "10.0.1.128/25",
      "255.255.255.255",
    ]);
  });
});

describe("networks inside others", () => {
  const network = fc
    .tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 255 }), fc.integer({ min: 24, max: 32 }))
    .map(([third, fourth, prefix]) => {
      const base = fourth - (fourth % 2 ** (32 - prefix));
      return prefix === 32
        ? `10.0.${String(third)}.${String(base)}`
        : `10.0.${String(third)}.${String(base)}/${String(prefix)}`;
    });

  it("are the same for the host as for the config's own code", () => {
    const parse = (text: string) => {
      const parsed = parseNetwork(text);
      if (!("network" in parsed)) {
        throw new Error(text);
      }
      return parsed.network;
    };
    fc.assert(
      fc.property(
        fc.array(network, { minLength: 1, maxLength: 20 }),
        fc.array(network, { minLength: 1, maxLength: 5 }),
        (lines, wider) => {
          const expected = lines.filter((line) => wider.some((wide) => contains(parse(wide), parse(line))));
          expect(inside(["dash"], lines, wider)).toEqual(expected);
        },
      ),
      { numRuns: 30 },
    );
  });
});
