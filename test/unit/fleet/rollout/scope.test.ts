import { settingsFor, stacksOf } from "../../../../fleet/rollout/scope";
import { ProjectFolder } from "../../../../config/projectFolder";
import { readFleetSettings } from "../../../../fleet/rollout/settings";
import { ROOT } from "../../config/stacks";
import { customer } from "../folder";
import { fleet, planOf } from "../plan/fleets";

const ALL = { a: customer(1), b: customer(2), c: customer(3) };
const FLEET = fleet(ALL);

test("a rollout is for the stacks that were reviewed and have a file, a shard's for its own", () => {
  const changed = (index: number) => ({ ...customer(index), allow: { "203.0.113.9": "ACME" } });
  const plan = planOf({ ...ALL, gone: customer(4) }, { a: changed(1), b: customer(2), c: changed(3) });
  expect(plan.stacks.map(({ stack }) => stack)).toEqual(["a", "c", "gone"]);
  expect(stacksOf(FLEET, plan, undefined)).toEqual(["a", "c"]);
  expect(stacksOf(FLEET, plan, { shard: 2, of: 2 })).toEqual(["c"]);
});

test("a change of the program is for every stack that has hosts", () => {
  const plan = { program: ["index.ts"], stacks: [] };
  expect(stacksOf(FLEET, plan, undefined)).toEqual(["a", "b", "c"]);
});

const FILE = readFleetSettings(new ProjectFolder(ROOT));

test("what is given goes before the file", () => {
  const file = { ...FILE, canary: ["a"], pool: 2 };
  expect(settingsFor(file, {}, FLEET)).toEqual(file);
  expect(settingsFor(file, { canary: ["b"], check: true }, FLEET)).toEqual({
    ...{ ...file, canary: ["b"], check: true },
  });
});

test("a canary that is no stack, or a list alone, is refused, with what there is", () => {
  expect(() =>
    settingsFor({ ...FILE, canary: ["a", "d", "prod"] }, {}, FLEET),
  ).toThrowErrorMatchingSnapshot();
  expect(() => settingsFor(FILE, { canary: ["d"] }, FLEET)).toThrow(/^--canary: 1 mistake[^]*"d"/);
  const many = fleet(
    Object.fromEntries(Array.from({ length: 25 }, (_, index) => [`c${index}`, customer(index)])),
  );
  expect(() => settingsFor(FILE, { canary: ["d"] }, many)).toThrow(/: c0, .*, and 5 more$/);
});
