import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { lqpt } from "../../../cli/program";
import { recordFile } from "../../../config/input";
import { renderRecord } from "../../../documents/record";
import { commitAll, git } from "../../support/git";
import { SMALL } from "../config/stacks";
import { RECORD, SENT } from "../documents/sampleRecord";
import { makeFolder, writeStack } from "../fleet/folder";
import { ROLLOUT_WORDS } from "../../../words/rollout";
import { callIn } from "./inProcess";

// No command is to call Pulumi here, whether it is on this machine or not: it knows one dead host, and all is well.
const mockState = JSON.stringify({
  version: 3,
  deployment: { resources: [{ urn: "urn:pulumi:acme-prod::lqpt::command::dead-1-state" }] },
});
jest.mock("../../../cli/pulumiReady", () => ({ refuseWithoutPulumi: () => undefined }));
jest.mock("../../../cli/pulumi", () => ({ pulumi: () => undefined }));
jest.mock("../../../fleet/pulumi", () => ({
  runPulumi: () => Promise.resolve({ status: 0, stdout: mockState, stderr: "" }),
  pulumiPrints: (_: string, words: readonly string[]) =>
    Promise.resolve(words.includes("history") ? "[]" : mockState),
}));

let folder: string;
beforeAll(() => {
  folder = makeFolder();
  writeStack(folder, "acme-prod", SMALL);
  const { owner: id, host, address } = RECORD;
  writeStack(folder, "bundle-prod", {
    ...SMALL,
    id,
    listen: { tls: "none" },
    hosts: { [host]: { address, delivery: "bundle" } },
  });
  writeStack(folder, "wrong-prod", { ...SMALL, topology: "moon" });
  mkdirSync(join(folder, "records", "bundle-prod"), { recursive: true });
  writeFileSync(join(folder, recordFile("bundle-prod", host)), renderRecord(RECORD));
  writeFileSync(join(folder, "answer.txt"), `-----\n${JSON.stringify(SENT)}\n-----\n`);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The one JSON object on stdout; its keys are in the order in which they were printed. */
async function jsonOf(
  ...words: string[]
): Promise<{ status: number; answer: Readonly<Record<string, unknown>> }> {
  const { status, stdout } = await callIn(folder, [...words, "--json"]);
  return { status, answer: JSON.parse(stdout) as Readonly<Record<string, unknown>> };
}

test.each(lqpt().commands.map((command) => [command.name(), command] as const))(
  "%s can answer programs, and people in either language",
  (_, command) => {
    const option = (long: string) => command.options.find((one) => one.long === long);
    expect(option("--json")?.description).toMatch(/^for programs/);
    expect(option("--lang")?.argChoices).toEqual(["zh", "en"]);
  },
);

const NEW = [
  ...["new", "new-prod", "--environment", "prod", "--topology", "public-cloud", "--leqi-id", "0012345"],
  ...["--tls", "none", "--host", "203.0.113.77", "--delivery", "bundle"],
];

test.each<[string[], string[]]>([
  [["lint", "acme-prod"], ["stacks"]],
  [
    ["show", "acme-prod"],
    ["stack", "values"],
  ],
  [
    ["openings", "acme-prod"],
    [
      ...["stack", "out", "language", "title", "opening", "facts", "tables", "lists"],
      ...["farewell", "signature", "boxes", "annexes"],
    ],
  ],
  [
    ["bundle", "bundle-prod", "--out", "FOLDER"],
    ["stack", "bundles"],
  ],
  [
    ["record", "bundle-prod", "FOLDER/answer.txt"],
    ["stack", "host", "file", "report", "remark"],
  ],
  [
    ["status", "bundle-prod"],
    ["stack", "hosts", "spent"],
  ],
  [["drift", "bundle-prod"], ["stacks"]],
  [
    ["drift", "bundle-prod", "--repair"],
    ["stacks", "repairs"],
  ],
  [
    ["unlock", "bundle-prod"],
    ["stack", "locks", "released"],
  ],
  [NEW, ["stack", "file", "secrets"]],
  [
    ["forget", "acme-prod", "dead-1", "--yes"],
    ["stack", "host", "resources", "letsIn"],
  ],
  [
    ["check", "bundle-prod"],
    ["stack", "hosts", "notDialled"],
  ],
])("%j --json: the format, and then what it is about", async (words, keys) => {
  const { answer } = await jsonOf(...words.map((word) => word.replace("FOLDER", folder)));
  expect(Object.keys(answer)).toEqual(["format", ...keys]);
  expect(answer["format"]).toBe(1);
});

test("a host that nobody dials has the same keys in status as one that is asked", async () => {
  const { answer, status } = await jsonOf("status", "bundle-prod");
  expect(status).toBe(1);
  expect(answer["hosts"]).toEqual([
    {
      ...{ host: RECORD.host, address: RECORD.address, findings: [], status: null },
      remark: expect.objectContaining({ kind: "change", outstanding: true }) as object,
    },
  ]);
});

test("what is for programs is the same in either language, and nothing else is on stdout", async () => {
  for (const command of ["lint", "show", "status", "bundle"]) {
    const words = [command, "bundle-prod", ...(command === "bundle" ? ["--out", folder] : [])];
    const [zh, en] = [await jsonOf(...words, "--lang", "zh"), await jsonOf(...words, "--lang", "en")];
    expect([command, zh]).toEqual([command, en]);
  }
});

test("what a rollout tells programs is in English, whichever language people are told in", async () => {
  const values = { ...SMALL, allow: { "203.0.113.9": "某某有限公司" } };
  const bundle = { ...values, hosts: { "proxy-1": { address: "203.0.113.10", delivery: "bundle" } } };
  const own = makeFolder();
  try {
    writeStack(own, "acme-prod", bundle);
    git(own, "init", "--quiet", "--initial-branch", "main");
    commitAll(own, "x");
    writeStack(own, "acme-prod", { ...bundle, allow: { "203.0.113.8": "某某有限公司" } });
    commitAll(own, "x");
    const plan = await callIn(own, ["plan", "--changed-since", "HEAD~1", "--to", "HEAD", "--json"]);
    const file = join(own, ".git", "plan.json");
    writeFileSync(file, plan.stdout);
    const told = async (language: string, ...more: string[]) =>
      callIn(own, ["rollout", file, "--json", "--lang", language, ...more]);
    const [zh, en] = [await told("zh"), await told("en")];
    expect(zh.stderr).toContain(ROLLOUT_WORDS.zh.whys.unreached);
    expect([zh.status, zh.stdout]).toEqual([en.status, en.stdout]);
    expect(JSON.parse(zh.stdout)).toEqual({
      format: 1,
      stacks: [{ stack: "acme-prod", kind: "unreached", why: "its hosts are by bundle, or out", seconds: 0 }],
    });
    const dry = await told("zh", "--dry-run");
    expect(dry.stdout).toBe(en.stdout);
    expect(dry.stderr).toMatch(/试运行：什么也没有做，也没有什么要做\n$/);
    const people = await callIn(own, ["rollout", file, "--dry-run"]);
    expect(people.stdout).toBe("a dry run: nothing was done, and nothing would be\n");
  } finally {
    rmSync(own, { recursive: true });
  }
});

test("a rollout whose canary is no stack is not begun", async () => {
  const own = makeFolder();
  try {
    writeStack(own, "acme-prod", SMALL);
    writeFileSync(join(own, "fleet.yaml"), "canary: [acme-porod]\n");
    git(own, "init", "--quiet", "--initial-branch", "main");
    commitAll(own, "x");
    const file = join(own, ".git", "plan.json");
    writeFileSync(file, (await callIn(own, ["plan", "--to", "HEAD", "--json"])).stdout);
    const { status, stdout } = await callIn(own, ["rollout", file, "--json"]);
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      error: {
        issues: [
          {
            ...{ file: "fleet.yaml", path: "canary", found: '"acme-porod"' },
            allowed: "a stack that has hosts: acme-prod",
          },
        ],
      },
    });
  } finally {
    rmSync(own, { recursive: true });
  }
});

/** Words that a command is called with where it fails before it dials anybody or calls Pulumi. */
const FAILING: Readonly<Record<string, readonly string[]>> = {
  new: ["new", "acme-prod"],
  import: ["import", "acme-prod"],
  plan: ["plan", "--to", "nope"],
  rollout: ["rollout", "nope.json"],
  notice: ["notice", "nope.json"],
  unban: ["unban", "acme-prod", "--reason", "x"],
  bundle: ["bundle", "acme-prod"],
  record: ["record", "acme-prod", "FOLDER/answer.txt"],
  ...Object.fromEntries(["show", "status", "check", "openings"].map((name) => [name, [name, "nope-prod"]])),
  forget: ["forget", "acme-prod", "proxy-1"],
};

test.each(Object.entries(FAILING))("%s that fails says why to programs too", async (_, words) => {
  const { status, answer } = await jsonOf(...words.map((word) => word.replace("FOLDER", folder)));
  expect({ status, answer }).toMatchObject({ status: 1, answer: { format: 1, error: {} } });
  expect(answer["error"]).toMatchObject({ message: expect.stringMatching(/\S/) as string });
});

test("mistakes of a file come one by one", async () => {
  const { status, answer } = await jsonOf("show", "wrong-prod");
  expect(status).toBe(1);
  expect(answer["error"]).toMatchObject({
    issues: [
      {
        file: "Pulumi.wrong-prod.yaml",
        path: "lqpt:topology",
        message: expect.stringMatching(/^found "moon"; .*allowed: /) as string,
      },
    ],
  });
});

test("a call that is not possible is told as well, and ends with 64", async () => {
  const { status, answer } = await jsonOf("show");
  expect(status).toBe(64);
  expect(answer).toEqual({ format: 1, error: { message: "error: missing required argument 'stack'" } });
});
