import type { HostConfig } from "../../../../config/types";
import type { LoginRefusal } from "../../../../fleet/dialErrors";
import type { HostRead, StackRead } from "../../../../fleet/drift/readBack";
import { passwordAccounts, readCarefully } from "../../../../fleet/drift/careful";
import { sampleConfig } from "../../sampleConfig";

const ACCOUNTS = new Map<string, readonly string[]>([
  ...["a", "b", "c", "d"].map((stack) => [stack, ["ops"]] as [string, string[]]),
  ["e", ["root"]],
  ["f", []],
]);
const STACKS = [...ACCOUNTS.keys()];

/** @param refusals by stack, what its one host did with the login; `off`: it does not answer. Default: it lets in. */
async function rounds(
  refusals: Readonly<Record<string, LoginRefusal["kind"] | "off">>,
  problem?: string,
  stacks: readonly string[] = STACKS,
): Promise<(readonly string[])[]> {
  const all: (readonly string[])[] = [];
  await readCarefully(stacks, ACCOUNTS, (some) => {
    if (some.length > 0) all.push(some);
    return Promise.resolve(
      some.map((stack): StackRead => {
        const kind = refusals[stack];
        const account = ACCOUNTS.get(stack)?.[0] ?? "";
        const refusal = kind === undefined || kind === "off" ? undefined : { kind, account };
        const how = kind === undefined ? "asked" : "silent";
        const host: HostRead = {
          ...{ host: "proxy-1", address: "203.0.113.10", how, findings: [], problem, refusal },
          ...{ remark: undefined, status: undefined, record: undefined, kept: undefined },
        };
        // Both of a pair are reached by the same account.
        return { stack, config: undefined, problem: undefined, hosts: [host, host], others: new Map() };
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

test("one whose sudo did nothing as root holds up nobody either, and two of them do", async () => {
  expect(await rounds({ a: "sudo" })).toEqual([["a", "e"], ["b"], ["c", "d", "f"]]);
  expect(await rounds({ a: "sudo", b: "sudo" })).toEqual([["a", "e"], ["b"], ["f"]]);
});

test("a host that is off says nothing of an account: no more than two others are tried before one has let it in", async () => {
  expect(await rounds({ a: "off" })).toEqual([
    ["a", "e"],
    ["b", "c"],
    ["d", "f"],
  ]);
  expect(await rounds({ a: "off", b: "refused", c: "refused" })).toEqual([["a", "e"], ["b", "c"], ["f"]]);
});

test("a password is tried for sudo too, and not for a key or for a host that nobody dials", () => {
  const { hosts } = sampleConfig();
  const [host] = hosts;
  if (host === undefined) throw new Error("the sample has no host");
  const as = (user: string, more: Partial<HostConfig>): HostConfig => ({ ...host, user, ...more });
  expect(
    passwordAccounts({
      hosts: [
        as("keyed", { auth: "key", sudo: "nopasswd" }),
        as("sudoer", { auth: "key", sudo: "password" }),
        as("ops", { auth: "password" }),
        as("gone", { auth: "password", state: "out" }),
      ],
    }),
  ).toEqual(["sudoer", "ops"]);
});

test("no stack is read twice, and none where there is none", async () => {
  expect(await rounds({}, undefined, [])).toEqual([]);
  expect(await rounds({ a: "late" }, undefined, ["a"])).toEqual([["a"]]);
});

test("an account that is shared behind bastions of their own is tried in one stack first", async () => {
  const accounts = new Map(["a", "b", "c"].map((stack) => [stack, ["ops", `jump-${stack}`]]));
  const all: (readonly string[])[] = [];
  const letIn = { how: "asked" } as HostRead;
  await readCarefully([...accounts.keys()], accounts, (some) => {
    if (some.length > 0) all.push(some);
    return Promise.resolve(
      some.map((stack) => ({
        ...{ stack, config: undefined, problem: undefined },
        hosts: [letIn],
        others: new Map(),
      })),
    );
  });
  expect(all).toEqual([["a"], ["b", "c"]]);
});
