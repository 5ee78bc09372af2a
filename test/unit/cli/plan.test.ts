import { appendFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { commitAll, git } from "../../support/git";
import { SMALL } from "../config/stacks";
import { makeFolder, writeStack } from "../fleet/folder";
import { callIn } from "./inProcess";

let folder: string;
beforeEach(() => {
  folder = makeFolder();
  writeStack(folder, "acme-prod", { ...SMALL, allow: { "121.36.53.5": "ACME" } });
  git(folder, "init", "--quiet", "--initial-branch", "main");
  commitAll(folder, "x");
});
afterEach(() => rmSync(folder, { recursive: true }));

const plan = (...args: string[]) => callIn(folder, ["plan", ...args]);
const json = async (...args: string[]): Promise<unknown> =>
  JSON.parse((await plan("--json", ...args)).stdout);

/** One of the vendor's addresses becomes another, for everybody. */
function changeProd(): void {
  const file = join(folder, "Pulumi.prod.yaml");
  writeFileSync(file, readFileSync(file, "utf8").replace("49.4.83.185", "49.4.83.186"));
}

test("one line of the environment's file is told for every stack that inherits it; a change alone is no mistake", async () => {
  changeProd();
  const { status, stdout } = await plan();
  expect(status).toBe(0);
  expect(stdout).toContain("the files as they are here, 1 of them not committed");
  expect(stdout).toMatch(/ {2}\+ 49\.4\.83\.186 .* 1 prod stack: acme-prod\n/);
  expect(stdout).toMatch(/ {2}- 49\.4\.83\.185 .* 1 prod stack: acme-prod\n/);
  expect(stdout).toContain("because of Pulumi.prod.yaml");
});

test("nothing is told where nothing changes", async () => {
  expect(await plan()).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/\nNo stack changes\.\n$/) as string,
  });
});

test("--json binds each stack to what it was and what it becomes, and names both revisions", async () => {
  changeProd();
  commitAll(folder, "x");
  expect(await json("--changed-since", "HEAD~1", "--to", "HEAD")).toMatchObject({
    format: 1,
    from: { name: "HEAD~1" },
    to: { name: "HEAD" },
    uncommitted: 0,
    program: [],
    unchanged: 0,
    mistaken: [],
    stacks: [
      {
        stack: "acme-prod",
        hosts: [
          {
            host: "proxy-1",
            before: expect.stringContaining("sha256:") as string,
            after: expect.stringContaining("sha256:") as string,
          },
        ],
      },
    ],
  });
});

test("what --json prints is what rollout takes, which answers programs too", async () => {
  const { stdout } = await plan("--json", "--to", "HEAD");
  const file = join(folder, ".git", "plan.json");
  writeFileSync(file, stdout);
  const { status, stdout: answer } = await callIn(folder, ["rollout", file, "--json"]);
  expect({ status, answer: JSON.parse(answer) as unknown }).toEqual({
    status: 0,
    answer: { format: 1, stacks: [] },
  });
});

test("a mistake in the head ends with 1, with the report and its marker all the same", async () => {
  appendFileSync(join(folder, "Pulumi.prod.yaml"), "  lqpt:leqiId: A\n");
  const { status, stdout } = await plan("--markdown");
  expect(status).toBe(1);
  expect(stdout.startsWith("<!-- lqpt plan -->\n")).toBe(true);
  expect(stdout).toContain("Pulumi.prod.yaml: 1 mistake");
});

test("a change of the program and of stacks at once ends with 1", async () => {
  changeProd();
  writeFileSync(join(folder, "package.json"), "{}");
  expect(await plan()).toMatchObject({ status: 1, stdout: expect.stringContaining("make it two") as string });
});

test.each([
  [["--changed-since", "nope"], 'there is no revision "nope"'],
  [["--to", "nope"], 'there is no revision "nope"'],
  [["nope"], 'no stack "nope" in either revision; expected acme-prod, prod, sandbox'],
])("%j is told with what is expected", async (args, words) => {
  expect(await plan(...args)).toMatchObject({
    status: 1,
    stdout: "",
    stderr: expect.stringContaining(words) as string,
  });
});

test("two forms of report at once are none", async () => {
  expect((await plan("--json", "--markdown")).status).toBe(64);
});

test("a stack's secret is in no form of the report", async () => {
  writeStack(folder, "acme-prod", { ...SMALL, secrets: { "proxy-1": { password: "hunter2" } } });
  for (const form of [[], ["--markdown"], ["--json"]])
    expect((await plan(...form)).stdout).not.toContain("hunter2");
});

test("a notice says what the files say, and nothing that somebody wrote into the plan", async () => {
  writeStack(folder, "acme-prod", { ...SMALL, allow: { "121.36.53.6": "ACME" } });
  commitAll(folder, "x");
  const { stdout } = await plan("--json", "--changed-since", "HEAD~1", "--to", "HEAD");
  const file = join(folder, ".git", "plan.json");
  writeFileSync(file, stdout);
  const told = await callIn(folder, ["notice", file, "--lang", "en"]);
  expect(told).toMatchObject({ status: 0, stderr: "" });
  expect(told.stdout).toMatch(/New: sources[^]*121\.36\.53\.6\tACME[^]*Removed: [^]*121\.36\.53\.5\tACME/);
  writeFileSync(file, stdout.replace("121.36.53.6", "198.51.100.66"));
  expect(await callIn(folder, ["notice", file, "--lang", "en"])).toMatchObject({
    status: 1,
    stdout: "",
    stderr: expect.stringContaining("another change of acme-prod") as string,
  });
  writeFileSync(file, stdout.replace(/"commit": "[0-9a-f]{40}"/, `"commit": "${"a".repeat(40)}"`));
  expect((await callIn(folder, ["notice", file])).stderr).toContain('there is no revision "aaaa');
});

test("a notice of a plan that compares with a branch never merged is refused", async () => {
  git(folder, "checkout", "--quiet", "-b", "elsewhere");
  writeStack(folder, "acme-prod", { ...SMALL, allow: { "121.36.53.7": "words of somebody's own" } });
  commitAll(folder, "x");
  const elsewhere = git(folder, "rev-parse", "HEAD").trim();
  git(folder, "checkout", "--quiet", "main");
  writeStack(folder, "acme-prod", { ...SMALL, allow: { "121.36.53.6": "ACME" } });
  commitAll(folder, "x");
  const { stdout } = await plan("--json", "--changed-since", "HEAD~1", "--to", "HEAD");
  const file = join(folder, ".git", "plan.json");
  writeFileSync(file, stdout.replace(/"commit": "[0-9a-f]{40}"/, `"commit": "${elsewhere}"`));
  expect(await callIn(folder, ["notice", file, "--lang", "en"])).toMatchObject({
    status: 1,
    stdout: "",
    stderr: expect.stringContaining("which is no past of what is checked out") as string,
  });
});
