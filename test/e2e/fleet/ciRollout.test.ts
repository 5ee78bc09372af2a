import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { git } from "../../support/git";
import type { ProgramResult } from "../../support/programs";
import { CiRunner, stepOf } from "./ciRunner";

describe("what GitHub's runners run for a rollout", () => {
  let ci: CiRunner;
  beforeEach(() => {
    ci = new CiRunner();
  });
  afterEach(() => ci.dispose());

  /** What is to be run of a job of the rollout that has this in it. */
  const rolloutStep = (job: string, part: string): string =>
    stepOf("github-rollout.yml", job, ({ run: line }) => line?.includes(part) === true);
  const planned = (env: Readonly<Record<string, string>> = {}): Promise<ProgramResult> =>
    ci.shell(rolloutStep("plan", "lqpt plan"), { SINCE: "", ...env });
  const outputs = (): string => ci.kept("output");

  test("a merge is planned from the last whole rollout, and each job has its share", async () => {
    expect(await planned()).toMatchObject({
      exitCode: 1,
      all: expect.stringContaining("There is no tag") as string,
    });
    ci.git("tag", "lqpt-rolled-out");
    expect(await planned()).toMatchObject({ exitCode: 0 });
    expect(outputs()).toBe(`commit=${ci.git("rev-parse", "HEAD")}\nstacks=0\nwhole=yes\n`);
    ci.commit({ allow: { "121.36.53.6": "ACME" } });
    expect(await planned()).toMatchObject({ exitCode: 0 });
    expect(outputs()).toContain(`commit=${ci.git("rev-parse", "HEAD")}\nstacks=1\n`);
    expect(JSON.parse(ci.kept("plan.json"))).toMatchObject({
      stacks: [{ stack: "acme-prod" }],
    });
    // One stack is in one of the four jobs, and fleet.yaml has no canary.
    const shares = await Promise.all(
      ["1", "2", "3", "4"].map((SHARD) =>
        ci.shell(rolloutStep("rollout", "lqpt rollout").replaceAll("became.json", `became-${SHARD}.json`), {
          SHARD,
        }),
      ),
    );
    const became = shares.map((_, index) => {
      const text = ci.kept(`became-${String(index + 1)}.json`);
      return (JSON.parse(text) as { readonly stacks: readonly unknown[] }).stacks.length;
    });
    expect(became.reduce((sum, one) => sum + one)).toBe(1);
    expect(shares.map(({ exitCode }) => exitCode)).toEqual(became);
    // What is said meanwhile is no command to the runner.
    expect(shares[0]?.stdout).toMatch(/^::stop-commands::([0-9a-f]{32})\n[^]*::\1::\n$/);
    expect(await ci.shell(rolloutStep("canaries", "rollout"))).toMatchObject({
      exitCode: 0,
    });
  });

  test("nothing is rolled out that was not merged, whoever asks for it", async () => {
    const merged = ci.git("rev-parse", "HEAD");
    const step = rolloutStep("plan", "merge-base");
    const other = ci.head({ allow: { "121.36.53.6": "ACME" } });
    expect((await ci.shell(step, { COMMIT: other })).exitCode).not.toBe(0);
    ci.commit({ allow: { "121.36.53.7": "ACME" } });
    expect(await ci.shell(step, { COMMIT: merged })).toMatchObject({ exitCode: 0 });
    expect(ci.git("rev-parse", "HEAD")).toBe(merged);
  });

  test("what was dropped or has waited is in the next plan: it begins at the last whole rollout", async () => {
    const remote = join(ci.platform, "remote.git");
    ci.git("init", "--quiet", "--bare", remote);
    ci.git("remote", "add", "origin", remote);
    const first = ci.git("rev-parse", "HEAD");
    ci.git("tag", "lqpt-rolled-out");
    const moved = (): string => git(remote, "rev-parse", "refs/tags/lqpt-rolled-out");
    const second = ci.commit({ allow: { "121.36.53.5": "ACME Ltd" } });
    const done = stepOf("github-rollout.yml", "done", () => true);
    const becoming = (kind: string): void => {
      mkdirSync(join(ci.platform, "became", "became-1"), { recursive: true });
      const stacks = [{ stack: "acme-prod", kind }];
      writeFileSync(join(ci.platform, "became", "became-1", "became.json"), JSON.stringify({ stacks }));
    };
    const tags = (): string => git(remote, "tag", "--list");
    becoming("waiting");
    expect(await ci.shell(done)).toMatchObject({ exitCode: 0 });
    expect([tags(), ci.kept("summary")]).toEqual(["", "These wait for their windows:\nacme-prod\n"]);
    ci.git("push", "--quiet", "origin", "lqpt-rolled-out");
    expect(moved()).toBe(first);
    becoming("done");
    expect(await ci.shell(done)).toMatchObject({ exitCode: 0 });
    expect(moved()).toBe(second);

    ci.git("fetch", "--quiet", "--tags", "--force", "origin");
    ci.git("checkout", "--quiet", first);
    expect(await ci.shell(done)).toMatchObject({ exitCode: 0 });
    expect(moved()).toBe(second);
    ci.git("checkout", "--quiet", "main");
    for (const allow of ["121.36.53.6", "121.36.53.7"]) {
      ci.commit({ allow: { [allow]: "ACME" } });
    }
    expect(await planned()).toMatchObject({ exitCode: 0 });
    expect(JSON.parse(ci.kept("plan.json"))).toMatchObject({
      from: { commit: second },
    });
  });

  test("what was changed and changed back is in the plan, since it may have reached somebody", async () => {
    ci.git("tag", "lqpt-rolled-out");
    ci.commit({ allow: { "121.36.53.6": "ACME" } });
    const changed = ci.git("rev-parse", "HEAD");
    ci.commit({ allow: { "121.36.53.5": "ACME" } });
    expect(await planned()).toMatchObject({ exitCode: 0 });
    expect(JSON.parse(ci.kept("plan.json"))).toMatchObject({
      stacks: [{ stack: "acme-prod", kind: "back", changes: [], because: ["Pulumi.acme-prod.yaml"] }],
    });
    // What cannot wait is planned from its own parent, and moves no tag.
    expect(await planned({ SINCE: changed })).toMatchObject({ exitCode: 0 });
    expect(JSON.parse(ci.kept("plan.json"))).toMatchObject({ stacks: [{ kind: "changed" }] });
    expect(outputs()).toMatch(/\nwhole=\n$/);
  });
});
