import { isBeyond, lineOf } from "../bench/support/outcome";

const outcome = (value: number) => ({
  figures: ["one-host stack 1.90 s", "empty program 1.70 s"],
  ratios: [{ value, goal: 1.25 }],
});

describe("a bench's outcome", () => {
  it("is one line of figures with each ratio and its goal", () => {
    expect(lineOf("preview", outcome(1.118))).toBe(
      "bench preview: one-host stack 1.90 s, empty program 1.70 s, ratio 1.12 (goal 1.25)",
    );
    expect(
      lineOf("many", {
        figures: [],
        ratios: [
          { name: "wall", value: 2, goal: 1 },
          { name: "CPU", value: 3 },
        ],
      }),
    ).toBe("bench many: wall 2.00 (goal 1, missed), CPU 3.00");
  });

  it.each([
    { value: 1.25, fails: false, says: "(goal 1.25)" },
    { value: 1.26, fails: false, says: "(goal 1.25, missed)" },
    { value: 2.5, fails: false, says: "(goal 1.25, missed)" },
    { value: 2.51, fails: true, says: "(goal 1.25, missed by far)" },
    { value: NaN, fails: true, says: "(goal 1.25)" },
  ])("with a goal of 1.25 and a ratio of $value says $says; fails: $fails", ({ value, fails, says }) => {
    expect(isBeyond(outcome(value))).toBe(fails);
    expect(lineOf("preview", outcome(value))).toContain(says);
  });

  it("does not fail over a ratio without a goal", () => {
    expect(isBeyond({ figures: [], ratios: [{ value: 100 }] })).toBe(false);
  });
});
