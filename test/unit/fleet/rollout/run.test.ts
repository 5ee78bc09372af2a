import { parseWindow } from "../../../../config/changeWindow";
import { ProjectFolder } from "../../../../config/projectFolder";
import type { CheckReport } from "../../../../documents/checkReport";
import { lqptctl } from "../../../../documents/tool";
import type { Answer } from "../../../../fleet/askHosts";
import type { Sound } from "../../../../fleet/plan/rendered";
import type { readBack } from "../../../../fleet/drift/readBack";
import { roll, type Rollout, type RolloutEvent } from "../../../../fleet/rollout/run";
import { whyText } from "../../../../fleet/rollout/why";
import { ROLLOUT_WORDS } from "../../../../words/rollout";
import type { HostConfig } from "../../../../config/types";
import { customer } from "../folder";
import { fleet } from "../plan/fleets";
import { ROOT } from "../../config/stacks";

const STACKS = ["a", "b", "c"];
const TARGETS = new Map<string, Sound>(
  [...fleet(Object.fromEntries(STACKS.map((stack, index) => [stack, customer(index + 1)])))].flatMap(
    ([stack, { sound }]) => (sound === undefined ? [] : [[stack, sound]]),
  ),
);

/** Words of the check by stack; default: connected. */
let mockResults: Readonly<Record<string, string>> = {};
let mockChecked: string[] = [];
const mockTargets = TARGETS;
jest.mock("../../../../fleet/loginSecrets", () => ({ loginSecretsOf: () => Promise.resolve({}) }));
/** Stacks whose `pulumi up` ends badly, or cannot be called. */
let mockUps: Readonly<Record<string, "failed" | "none">> = {};
/** Each stack's newest update, by its history; default: then. */
let mockNewest: Readonly<Record<string, string>> = {};
jest.mock("../../../../fleet/pulumi", () => ({
  runPulumiToItsEnd: (_: string, words: readonly string[]) => {
    const how = mockUps[words[words.indexOf("--stack") + 1] ?? ""];
    if (how === "none") return Promise.reject(new Error("pulumi is not installed"));
    const stderr = "error: pulumi was ended by SIGKILL";
    return Promise.resolve(
      how === "failed" ? { status: 137, stdout: "", stderr } : { status: 0, stdout: "", stderr: "" },
    );
  },
  pulumiPrints: (_: string, words: readonly string[]) => {
    const startTime = mockNewest[words[words.indexOf("--stack") + 1] ?? ""] ?? "then";
    return Promise.resolve(JSON.stringify([{ kind: "update", result: "succeeded", version: 1, startTime }]));
  },
}));
jest.mock("../../../../fleet/program/programHost", () => ({
  ProgramHosts: class {
    lend = (call: (options: readonly string[]) => unknown): unknown => call([]);
    close = (): void => undefined;
  },
}));
/** What was said of each stack's state to whoever read it back. */
let mockKept: Parameters<typeof readBack>[3];
jest.mock("../../../../fleet/drift/readBack", () => ({
  readBack: (_: unknown, stacks: readonly string[], __: unknown, keptOf: typeof mockKept) => {
    mockKept = keptOf;
    return Promise.resolve(
      stacks.map((stack) => ({
        stack,
        hosts: (mockTargets.get(stack)?.hosts ?? []).map(({ host, document }) => ({
          ...{ host: host.name, findings: [], status: { digest: document.digest } },
        })),
      })),
    );
  },
}));
jest.mock("../../../../fleet/askCheck", () => ({
  ...jest.requireActual<object>("../../../../fleet/askCheck"),
  askCheck: (hosts: readonly HostConfig[]): Promise<Answer<CheckReport>[]> => {
    const [stack = ""] =
      [...mockTargets].find(([, { config }]) => config.hosts.some((host) => hosts.includes(host))) ?? [];
    mockChecked.push(stack);
    const result = mockResults[stack] ?? "connected";
    const way = { result, says: `says ${result}` };
    const environments = { prod: { direct: way, nginx: { result: "connected", says: "" } } };
    return Promise.resolve(
      hosts.map((host) => ({ host, said: { leqi: "", environments, egress: null, callsLeft: 0 } })),
    );
  },
}));

beforeEach(() => {
  mockUps = {};
  mockNewest = {};
  mockResults = {};
  mockChecked = [];
});

async function rolled(more: Partial<Rollout>, events: RolloutEvent[] = []): Promise<string[]> {
  const outcomes = await roll({
    folder: new ProjectFolder(ROOT),
    head: { name: "HEAD", commit: "a".repeat(40) },
    settings: { canary: ["a"], group: 50, pool: 4, budget: 0, check: true },
    ...{ waves: [["a"], ["b", "c"]], already: [], targets: TARGETS, isStopping: () => false },
    newest: new Map(STACKS.map((stack) => [stack, "1 then succeeded"])),
    told: (event) => events.push(event),
    ...more,
  });
  return outcomes.map(({ stack, kind, why }) => {
    const text = whyText(why, ROLLOUT_WORDS.en);
    return `${stack}: ${kind}${text === "" ? "" : `: ${text}`}`;
  });
}

test("a canary that does not reach Leqi stops the others, in this run and in the next", async () => {
  mockResults = { a: "dropped" };
  const why = "a: unhealthy: proxy-1: prod, directly: says dropped";
  const stopped = ["b: stopped: too many others failed", "c: stopped: too many others failed"];
  expect(await rolled({})).toEqual([why, ...stopped]);
  const events: RolloutEvent[] = [];
  const again = { waves: [["b", "c"]], already: ["a"] };
  expect(await rolled(again, events)).toEqual([why, ...stopped]);
  expect(events[0]).toEqual({ what: "again", stacks: ["a"] });
});

test("once it reaches Leqi the rest goes on", async () => {
  expect(await rolled({ waves: [["b", "c"]], already: ["a"] })).toEqual(["a: already", "b: done", "c: done"]);
  expect(mockChecked).toEqual(["a", "b", "c"]);
});

test("a host that may not call any more within this hour is told of, and stops nobody", async () => {
  mockResults = { a: "not-tried", b: "not-tried" };
  expect(await rolled({ waves: [["b"], ["c"]], already: ["a"] })).toEqual([
    "a: already: proxy-1: prod, directly: says not-tried",
    "b: done: proxy-1: prod, directly: says not-tried",
    "c: done",
  ]);
});

test("a `pulumi up` that is killed, or cannot be called, is its own stack's failure, and the others are told of", async () => {
  mockUps = { b: "failed" };
  const one = { waves: [["a", "b", "c"]] };
  expect((await rolled(one)).sort()).toEqual([
    "a: done",
    "b: failed: error: pulumi was ended by SIGKILL",
    "c: done",
  ]);
  mockUps = { b: "none" };
  expect((await rolled(one)).sort()).toEqual(["a: done", "b: failed: pulumi is not installed", "c: done"]);
});

test("a person who stops it is told of as that", async () => {
  expect(await rolled({ waves: [["a"]], isStopping: () => true })).toEqual([
    "a: stopped: the run was stopped",
  ]);
});

describe("a stack's turn", () => {
  const meanwhile = "moved: somebody else has updated it since this run began: run this again";

  test("does not come where somebody else has updated it meanwhile, and the others go on", async () => {
    mockNewest = { b: "later" };
    const outcomes = await rolled({ waves: [["a"], ["b"], ["c"]] });
    expect(outcomes).toEqual(["a: done", `b: ${meanwhile}`, "c: done"]);
  });

  test("that does not come holds up the others where it is their canary's", async () => {
    mockNewest = { a: "later" };
    const stopped = "stopped: a canary was not changed, so nothing has gone first";
    expect(await rolled({})).toEqual([`a: ${meanwhile}`, `b: ${stopped}`, `c: ${stopped}`]);
  });

  test("comes later where its window has closed", async () => {
    const target = TARGETS.get("b");
    if (target === undefined) throw new Error("there is no such stack");
    const window = parseWindow("Sat 22:00-24:00 Asia/Shanghai");
    const targets = new Map([...TARGETS, ["b", { ...target, config: { ...target.config, window } }]]);
    const now = jest.spyOn(Date, "now").mockReturnValue(Date.parse("2026-11-29T00:20:00+08:00"));
    try {
      const outcomes = await rolled({ targets, waves: [["b"], ["c"]] });
      expect(outcomes).toEqual(["b: waiting: Sat 22:00-24:00 Asia/Shanghai", "c: done"]);
    } finally {
      now.mockRestore();
    }
  });
});

test("without --check nobody calls Leqi", async () => {
  mockResults = { a: "dropped" };
  const settings = { canary: ["a"], group: 50, pool: 4, budget: 0, check: false };
  expect(await rolled({ waves: [["b", "c"]], already: ["a"], settings })).toEqual(["b: done", "c: done"]);
  expect(mockChecked).toEqual([]);
});

test("after an update that ended well the gate takes the state for what was to be, and asks the hosts alone", async () => {
  await rolled({ waves: [["a"]] });
  const [{ document } = { document: undefined }] = TARGETS.get("a")?.hosts ?? [];
  expect(mockKept?.("a")?.get("proxy-1")).toEqual({
    ...{ document: document?.text, report: { digest: document?.digest } },
    tool: `lqptctl ${lqptctl().version}`,
  });
});
