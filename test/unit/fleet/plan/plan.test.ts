import { groupsOf, isRefused, listChanges, replacements } from "../../../../fleet/plan/summary";
import { blob, HOST, SMALL, type Values } from "../../config/stacks";
import { planOf } from "./fleets";

/** A customer of a machine of his own. */
function customer(index: number, more: Values = {}): Values {
  const key = Buffer.alloc(32, 1);
  key.writeUInt32BE(index);
  const host = {
    ...HOST,
    address: `203.0.113.${String(index)}`,
    hostKey: `ssh-ed25519 ${blob("ssh-ed25519", key)}`,
  };
  return {
    ...SMALL,
    id: `c${String(index)}-7f3a`,
    topology: "private-cloud",
    hosts: { "proxy-1": host },
    ...more,
  };
}
const allow = (...cidrs: string[]): Values => ({
  allow: Object.fromEntries(cidrs.map((cidr) => [cidr, "ACME"])),
});
const own = (stack: string): string => `Pulumi.${stack}.yaml`;

test("stacks that do not change are only counted; lists without hosts are no customers", () => {
  const stacks = { a: customer(1, allow("9.9.9.9")), b: customer(2, allow("9.9.9.9")) };
  expect(planOf(stacks, stacks)).toEqual({ program: [], stacks: [], unchanged: 2, mistaken: [] });
});

test("each stack tells the files that its change comes from", () => {
  const before = { a: customer(1, allow("9.9.9.9")), b: customer(2, allow("9.9.9.9")) };
  const after = { a: customer(1, allow("9.9.9.9", "9.9.9.7")), b: customer(2, allow("9.9.9.9")) };
  const { stacks, unchanged } = planOf(before, after, [
    own("a"),
    "Pulumi.prod.yaml",
    "Pulumi.sandbox.yaml",
    "README.md",
  ]);
  expect(unchanged).toBe(1);
  expect(stacks).toMatchObject([
    {
      stack: "a",
      kind: "changed",
      depth: "enforced",
      because: [own("a"), "Pulumi.prod.yaml"],
      environment: "prod",
    },
  ]);
  const [{ before: was, after: is } = { before: null, after: null }] = stacks[0]?.hosts ?? [];
  expect(was).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(is).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(is).not.toBe(was);
});

test.each<[string, Values, Values, string]>([
  ["an owner's name", allow("9.9.9.9"), { allow: { "9.9.9.9": "BCME" } }, "notes"],
  [
    "a login",
    allow("9.9.9.9"),
    { ...allow("9.9.9.9"), hosts: { "proxy-1": { ...HOST, user: "ops", sudo: "nopasswd" } } },
    "access",
  ],
  ["a source", allow("9.9.9.9"), allow("9.9.9.8"), "enforced"],
])("how deep a change goes: %s", (_, before, after, depth) => {
  const { stacks } = planOf(
    { a: { ...customer(1), hosts: { "proxy-1": HOST }, ...before } },
    { a: { ...customer(1), hosts: { "proxy-1": HOST }, ...after } },
  );
  expect(stacks.map((one) => one.depth)).toEqual([depth]);
});

test("a stack is new, gone, or mended, and one with a mistake is compared with nothing", () => {
  const good = customer(1, allow("9.9.9.9"));
  const bad = { ...customer(1), topology: "moon" };
  const kinds = (before: Record<string, Values>, after: Record<string, Values>): unknown => {
    const { stacks, mistaken } = planOf(before, after);
    return [
      ...stacks.map(({ stack, kind }) => [stack, kind]),
      ...mistaken.map(({ stack }) => [stack, "mistaken"]),
    ];
  };
  expect(kinds({}, { a: good })).toEqual([["a", "new"]]);
  expect(kinds({ a: good }, {})).toEqual([["a", "gone"]]);
  expect(kinds({ a: bad }, { a: good })).toEqual([["a", "mended"]]);
  expect(kinds({ a: good }, { a: bad })).toEqual([["a", "mistaken"]]);
});

test("one line of the list names all stacks where it changes, and equal stacks make one group", () => {
  const before = Object.fromEntries(
    [1, 2, 3].map((index) => [`c${String(index)}`, customer(index, allow("9.9.9.9", "9.9.9.1"))]),
  );
  const after = {
    ...Object.fromEntries(
      [1, 2].map((index) => [`c${String(index)}`, customer(index, allow("9.9.9.9", "9.9.9.1", "9.9.9.7"))]),
    ),
    c3: customer(3, allow("9.9.9.9")),
  };
  const plan = planOf(before, after);
  expect(
    listChanges(plan).map(({ sign, cidr, owner, stacks }) => [sign, cidr, owner, stacks.length]),
  ).toEqual([
    ["+", "9.9.9.7", "ACME", 2],
    ["-", "9.9.9.1", "ACME", 1],
  ]);
  expect(groupsOf(plan.stacks).map(({ stacks }) => stacks.map(({ stack }) => stack))).toEqual([
    ["c1", "c2"],
    ["c3"],
  ]);
});

test("an address that comes while another goes is advised to be two changes; one that stays let in is none", () => {
  const before = { a: customer(1, allow("9.9.9.9", "9.9.9.1", "9.9.9.2")) };
  const advised = (...cidrs: string[]): unknown =>
    replacements(planOf(before, { a: customer(1, allow(...cidrs)) })).map(({ come, gone }) => [
      come[0]?.cidr,
      gone[0]?.cidr,
    ]);
  expect(advised("9.9.9.9", "9.9.9.1", "9.9.9.7")).toEqual([["9.9.9.7", "9.9.9.2"]]);
  expect(advised("9.9.9.9", "9.9.9.1", "9.9.9.2", "9.9.9.7")).toEqual([]);
  expect(advised("9.9.9.9", "9.9.9.1", "9.9.9.2/31")).toEqual([]);
});

test("a change of the program is told, and refused together with one of stacks", () => {
  const before = { a: customer(1, allow("9.9.9.9")) };
  const after = { a: customer(1, allow("9.9.9.9", "9.9.9.7")) };
  const files = [
    "README.md",
    "host/apply.sh",
    "config/read.ts",
    "package-lock.json",
    "tools/deferred.js",
    "tools/check.ts",
    "test/unit/x.ts",
    "cli/plan.ts",
  ];
  expect(planOf(before, before, files).program).toEqual([
    "host/apply.sh",
    "config/read.ts",
    "package-lock.json",
    "tools/deferred.js",
  ]);
  expect(isRefused(planOf(before, before, files))).toBe(false);
  expect(isRefused(planOf(before, after, files))).toBe(true);
  expect(isRefused(planOf(before, after, ["README.md"]))).toBe(false);
});

test("hosts that no `up` reaches are told with why", () => {
  const hosts = {
    "proxy-1": { ...HOST, delivery: "bundle" },
    "proxy-2": {
      ...HOST,
      address: "203.0.113.77",
      hostKey: `ssh-ed25519 ${blob("ssh-ed25519", Buffer.alloc(32, 9))}`,
      state: "out",
    },
  };
  const before = { a: customer(1, { ...allow("9.9.9.9"), hosts }) };
  const after = { a: customer(1, { ...allow("9.9.9.9", "9.9.9.7"), hosts }) };
  expect(planOf(before, after).stacks[0]?.unreached).toEqual([
    { host: "proxy-1", why: "bundle" },
    { host: "proxy-2", why: "out" },
  ]);
});
