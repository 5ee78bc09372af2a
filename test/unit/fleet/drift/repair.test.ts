import { setTimeout as sleep } from "node:timers/promises";
import { ProjectFolder } from "../../../../config/projectFolder";
import type { HostConfig } from "../../../../config/types";
import { lqptctl } from "../../../../documents/tool";
import type { FindingKind } from "../../../../fleet/drift/judge";
import type { StackRead } from "../../../../fleet/drift/readBack";
import { proved, repair } from "../../../../fleet/drift/repair";
import { ROOT } from "../../config/stacks";
import { sampleConfig, sampleHost } from "../../sampleConfig";

/** Which hosts were being changed at the same moment. */
const mockTogether = new Set<string>();
const mockChanged: string[] = [];
jest.mock("../../../../fleet/loginSecrets", () => ({ loginSecretsOf: () => Promise.resolve({}) }));
jest.mock("../../../../fleet/askHosts", () => ({
  ...jest.requireActual<object>("../../../../fleet/askHosts"),
  callOn: async ({ name }: HostConfig) => {
    mockChanged.push(name);
    await sleep(20);
    if (mockChanged.at(-1) !== name) mockTogether.add(name);
    return { status: 0, stdout: "", stderr: "" };
  },
}));

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

test("the hosts of one stack are made equal one after the other, so that the others serve meanwhile", async () => {
  const kept = { document: "x", tool: `lqptctl ${lqptctl().version}`, report: undefined };
  const names = ["proxy-1", "proxy-2"];
  const config = sampleConfig({ hosts: names.map((name) => ({ ...sampleHost, name })) });
  const findings = [{ kind: "deviates", detail: "" }];
  const one = { stack: "acme-prod", config, hosts: names.map((host) => ({ host, findings, kept })) };
  const reads = [one as unknown as StackRead];
  const told: string[] = [];
  const done = await repair(new ProjectFolder(ROOT), reads, [], ({ host }) => told.push(host));
  expect(done).toEqual(names.map((host) => ({ stack: "acme-prod", host, refusal: undefined })));
  expect([told, [...mockTogether]]).toEqual([names, []]);
});
