import { untriedCanaries } from "../../../../fleet/rollout/canaries";

const of = (kind: Parameters<typeof untriedCanaries>[0][number]["kind"]): string[] =>
  untriedCanaries(
    [
      { stack: "a", kind },
      { stack: "b", kind },
    ],
    { canary: ["a"] },
  ).map(({ stack }) => stack);

test.each(["waiting", "silent", "drifted", "moved", "old"] as const)(
  "a canary that was left out (%s) has tried nothing, and no other stack counts",
  (kind) => {
    expect(of(kind)).toEqual(["a"]);
  },
);

test.each(["go", "already", "unreached", "done", "failed", "unhealthy", "stopped"] as const)(
  "one that is there, goes first, or has failed (%s) holds nobody up by itself",
  (kind) => {
    expect(of(kind)).toEqual([]);
  },
);
