import type { FindingKind } from "../../../../fleet/drift/judge";
import type { StackRead } from "../../../../fleet/drift/readBack";
import { proved } from "../../../../fleet/drift/repair";

const read = (...found: readonly FindingKind[]): StackRead =>
  ({
    stack: "acme-prod",
    hosts: [{ host: "proxy-1", findings: found.map((kind) => ({ kind, detail: "" })) }],
  }) as unknown as StackRead;
const SILENT = {
  stack: "acme-prod",
  hosts: [{ host: "proxy-1", how: "silent", findings: [], problem: "it does not answer" }],
} as unknown as StackRead;
const DONE = { stack: "acme-prod", host: "proxy-1", refusal: undefined };

test.each([
  ["is taken for equal where nothing is found", read(), undefined],
  ["is taken for equal where there is but something to know", read("temporary"), undefined],
  ["is not where something is found all the same", read("deviates"), "still"],
  ["is not where it does not answer any more", SILENT, "still"],
])("a host on which the document was applied anew %s", (_, after, kind) => {
  expect(proved([DONE], [after])[0]?.refusal?.kind).toBe(kind);
});

test("why a host was left alone stays what it was", () => {
  const left = { ...DONE, refusal: { kind: "closed", detail: "" } } as const;
  expect(proved([left], [read("closed")])).toEqual([left]);
});
