import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { ProjectFolder } from "../../../../config/projectFolder";
import { readPlan } from "../../../../fleet/rollout/reviewed";
import { readFleetSettings } from "../../../../fleet/rollout/settings";
import { shardOf, wavesOf } from "../../../../fleet/rollout/waves";
import { isHeld, locksIn } from "../../../../fleet/unlock";
import { makeFolder } from "../folder";

const SETTINGS = { canary: [], group: 2, pool: 4, budget: 0, check: false };

test("canaries go first and alone, the others in groups by name", () => {
  expect(wavesOf(["d", "b", "a", "c"], { ...SETTINGS, canary: ["c", "x"] })).toEqual([
    ["c"],
    ["a", "b"],
    ["d"],
  ]);
  expect(wavesOf([], SETTINGS)).toEqual([]);
});

test("each stack is in exactly one wave, and in exactly one shard", () => {
  const stacks = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,5}$/), { maxLength: 30 });
  fc.assert(
    fc.property(stacks, fc.integer({ min: 1, max: 7 }), fc.nat(30), (all, size, canaries) => {
      const waves = wavesOf(all, { ...SETTINGS, group: size, canary: all.slice(0, canaries) });
      expect(waves.flat().sort()).toEqual([...all].sort());
      const shards = Array.from({ length: size }, (_, index) => shardOf(all, index + 1, size));
      expect(shards.flat().sort()).toEqual([...all].sort());
      // Whatever other stacks a plan has: a job has the secrets of its own stacks alone.
      const fewer = all.slice(1);
      shards.forEach((shard, index) => {
        expect(shardOf(fewer, index + 1, size)).toEqual(shard.filter((stack) => fewer.includes(stack)));
      });
    }),
  );
});

test("the shares of a fleet are much alike", () => {
  const stacks = Array.from({ length: 300 }, (_, index) => `c${String(index)}-prod`);
  [1, 2, 3, 4].forEach((shard) => {
    const { length } = shardOf(stacks, shard, 4);
    expect(length).toBeGreaterThan(50);
    expect(length).toBeLessThan(100);
  });
});

describe("fleet.yaml", () => {
  let folder: string;
  beforeEach(() => (folder = makeFolder()));
  afterEach(() => rmSync(folder, { recursive: true }));
  const read = (text: string) => {
    writeFileSync(join(folder, "fleet.yaml"), text);
    return readFleetSettings(new ProjectFolder(folder));
  };

  test("has a default for each key, and need not be there", () => {
    expect(readFleetSettings(new ProjectFolder(folder))).toEqual({
      canary: [],
      group: 50,
      pool: 4,
      budget: 0,
      check: false,
    });
    expect(read("")).toEqual({ canary: [], group: 50, pool: 4, budget: 0, check: false });
    expect(read("canary: [a-prod]\ngroup: 10\npool: 2\nbudget: 3\ncheck: true\n")).toEqual({
      canary: ["a-prod"],
      group: 10,
      pool: 2,
      budget: 3,
      check: true,
    });
  });

  test("has its mistakes told all at once", () => {
    expect(() => read("canary: a-prod\ngroup: 0\npools: 3\n")).toThrowErrorMatchingSnapshot();
    expect(() => read("- a\n")).toThrow(/fleet\.yaml: 1 mistake/);
  });

  test("is no plan", () => {
    expect(() => readPlan("plan.json", "{}")).toThrow(
      /^plan\.json is no plan, by its format; expected what `lqpt plan --json`/,
    );
    const commit = "a".repeat(40);
    const one = {
      ...{ stack: "acme-prod", environment: "prod", kind: "changed", depth: "notes" },
      ...{ because: [], changes: [], dangers: [], hosts: [], whole: null, unreached: [] },
    };
    const plan = (...stacks: unknown[]): string =>
      JSON.stringify({
        ...{ format: 1, from: { name: "x", commit }, to: null, program: [], stacks, unchanged: 0 },
        mistaken: [],
      });
    expect(readPlan("plan.json", plan(one)).stacks).toHaveLength(1);
    expect(() => readPlan("plan.json", plan(one, one))).toThrow("plan.json is no plan, by its stacks");
  });
});

test("who holds a lock is read out of what Pulumi says of it; a process of another machine is not known to run", () => {
  const text = `error: the stack is currently locked by 1 lock(s).
  file:///state/.pulumi/locks/organization/lqpt/prod/59502368.json: created by root@vm-that-is-not-this (pid 17994) at 2026-11-26T12:47:13Z`;
  const [lock, ...more] = locksIn(text);
  expect([lock, more]).toEqual([
    { user: "root", machine: "vm-that-is-not-this", pid: 17994, since: "2026-11-26T12:47:13Z" },
    [],
  ]);
  expect(lock && isHeld(lock)).toBe(false);
});
