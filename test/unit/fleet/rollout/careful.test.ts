import type { LoginRefusal } from "../../../../fleet/dialErrors";
import type { HostRead, StackRead } from "../../../../fleet/drift/readBack";
import { readCarefully } from "../../../../fleet/rollout/careful";

const ACCOUNTS = new Map<string, readonly string[]>([
  ...["a", "b", "c", "d"].map((stack) => [stack, ["ops"]] as [string, string[]]),
  ["e", ["root"]],
  ["f", []],
]);
const STACKS = [...ACCOUNTS.keys()];

/** @param refusals by stack, what its one host did with the login */
async function rounds(
  refusals: Readonly<Record<string, LoginRefusal["kind"]>>,
  problem = "no answer",
  stacks: readonly string[] = STACKS,
): Promise<(readonly string[])[]> {
  const all: (readonly string[])[] = [];
  await readCarefully(stacks, ACCOUNTS, (some) => {
    if (some.length > 0) all.push(some);
    return Promise.resolve(
      some.map((stack): StackRead => {
        const kind = refusals[stack];
        const refusal = kind && { kind, account: ACCOUNTS.get(stack)?.[0] ?? "" };
        const host: HostRead = {
          ...{ host: "proxy-1", address: "203.0.113.10", how: "silent", findings: [], problem, refusal },
          ...{ remark: undefined, status: undefined, record: undefined, kept: undefined },
        };
        return { stack, config: undefined, problem: undefined, hosts: [host] };
      }),
    );
  });
  return all;
}

test("one stack of each account that takes a password goes first, then all others", async () => {
  expect(await rounds({})).toEqual([
    ["a", "e"],
    ["b", "c", "d", "f"],
  ]);
});

test("an account that is refused is tried nowhere else, and the others are", async () => {
  expect(await rounds({ a: "refused" })).toEqual([["a", "e"], ["f"]]);
});

test("what a host prints refuses nobody, whatever words it takes", async () => {
  expect((await rounds({}, "lqptctl ended with 1: it does not let us in")).flat().sort()).toEqual(STACKS);
});

test("one who said nothing in time holds up nobody, as long as a second one lets in", async () => {
  expect(await rounds({ a: "late" })).toEqual([["a", "e"], ["b"], ["c", "d", "f"]]);
  expect(await rounds({ a: "late", b: "late" })).toEqual([["a", "e"], ["b"], ["f"]]);
  expect(await rounds({ a: "late", b: "refused" })).toEqual([["a", "e"], ["b"], ["f"]]);
});

test("no stack is read twice, and none where there is none", async () => {
  expect(await rounds({}, "", [])).toEqual([]);
  expect(await rounds({ a: "late" }, "", ["a"])).toEqual([["a"]]);
});

test("an account that is shared behind bastions of their own is tried in one stack first", async () => {
  const accounts = new Map(["a", "b", "c"].map((stack) => [stack, ["ops", `jump-${stack}`]]));
  const all: (readonly string[])[] = [];
  await readCarefully([...accounts.keys()], accounts, (some) => {
    if (some.length > 0) all.push(some);
    return Promise.resolve(
      some.map((stack) => ({ stack, config: undefined, problem: undefined, hosts: [] })),
    );
  });
  expect(all).toEqual([["a"], ["b", "c"]]);
});
