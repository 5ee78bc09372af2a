import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { commitAll, git as gitIn } from "../../support/git";
import { IN_ENGLISH, LQPT, PROJECT } from "../../support/stack";
import { run, type ProgramResult } from "../../support/programs";
import { SMALL } from "../../unit/config/stacks";
import { makeFolder, writeStack } from "../../unit/fleet/folder";

const CI = join(PROJECT, "docs", "ci");
const ACTIONLINT = "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12";

/** As the runners have them, but that lqpt is this one, and GitHub a folder. */
const AROUND = `
npx() { shift; ${process.execPath} ${LQPT} "$@"; }
npm() { :; }
curl() {
  echo "curl $*" >>"$GITHUB/calls"
  case "$*" in
  *per_page*) cat "$GITHUB/notes" ;;
  esac
}
gh() {
  echo "gh $*" >>"$GITHUB/calls"
  case "$*" in
  *--paginate*) [ ! -e "$GITHUB/id" ] || cat "$GITHUB/id" ;;
  *body=@*) cp plan.md "$GITHUB/comment" ;;
  esac
}
`;

interface Step {
  readonly id?: string;
  readonly name?: string;
  readonly run?: string;
}

/** The shell of one step of a job. */
function stepOf(file: string, job: string, which: (step: Step) => boolean): string {
  const { jobs } = parse(readFileSync(join(CI, file), "utf8")) as { jobs: Record<string, { steps: Step[] }> };
  const found = jobs[job]?.steps.find((step) => step.run !== undefined && which(step))?.run;
  if (found === undefined) throw new Error(`${file} has no such step in ${job}`);
  return found;
}

test("GitHub's files have no mistake that actionlint knows", async () => {
  const files = readdirSync(CI)
    .filter((file) => file.startsWith("github-"))
    .map((file) => join(CI, file));
  expect(files.length).toBeGreaterThan(2);
  const { exitCode, all } = await run("go", ["run", ACTIONLINT, "-no-color", ...files], {
    cwd: tmpdir(),
    timeoutMs: 300_000,
  });
  expect({ exitCode, all: all.replace(/^go: downloading .*\n/gm, "") }).toEqual({ exitCode: 0, all: "" });
});

describe("what they run", () => {
  let folder: string;
  let github: string;
  const git = (...words: string[]): string => gitIn(folder, ...words);
  const commit = (): string => commitAll(folder, "x");
  const shell = (script: string, env: Readonly<Record<string, string>> = {}): Promise<ProgramResult> =>
    run("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", `${AROUND}${script}`], {
      cwd: folder,
      env: {
        ...IN_ENGLISH,
        GITHUB: github,
        GITHUB_OUTPUT: join(github, "output"),
        GITHUB_STEP_SUMMARY: join(github, "summary"),
        ...env,
      },
      timeoutMs: 60_000,
    });

  beforeEach(() => {
    folder = makeFolder();
    github = mkdtempSync(join(tmpdir(), "lqpt-github-"));
    git("init", "--quiet", "--initial-branch", "main");
    writeFileSync(join(folder, ".gitignore"), "/plan.*\n");
    writeStack(folder, "acme-prod", { ...SMALL, allow: { "121.36.53.5": "ACME" } });
    commit();
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
    rmSync(github, { recursive: true });
  });

  /** A head that is not checked out, as a pull request's is. */
  function head(values: Readonly<Record<string, unknown>>): string {
    git("switch", "--quiet", "--create", "feature");
    writeStack(folder, "acme-prod", { ...SMALL, ...values });
    const made = commit();
    git("switch", "--quiet", "main");
    git("update-ref", "refs/lqpt/head", made);
    return made;
  }
  const review = (): Promise<ProgramResult> =>
    shell(stepOf("github-review.yml", "documents", ({ id }) => id === "plan"));
  const comment = (job = "documents"): Promise<ProgramResult> =>
    shell(
      stepOf("github-review.yml", job, ({ name }) => name === "comment"),
      { REPOSITORY: "o/r", NUMBER: "41", GH_TOKEN: "x" },
    );
  const calls = (): string => readFileSync(join(github, "calls"), "utf8");

  test("on GitHub a pull request gets its comment, and the same comment again", async () => {
    head({ allow: { "121.36.53.6": "ACME" } });
    expect(await review()).toMatchObject({ exitCode: 0 });
    expect(existsSync(join(github, "output"))).toBe(false);
    expect(JSON.parse(readFileSync(join(folder, "plan.json"), "utf8"))).toMatchObject({ format: 1 });
    expect(await comment()).toMatchObject({ exitCode: 0 });
    expect(calls()).toContain("gh api repos/o/r/issues/41/comments -F body=@plan.md");
    expect(readFileSync(join(github, "comment"), "utf8")).toMatch(
      /^<!-- lqpt plan -->\n[^]*\n\+ 121\.36\.53\.6 /,
    );
    writeFileSync(join(github, "id"), "4711\n");
    expect(await comment()).toMatchObject({ exitCode: 0 });
    expect(calls()).toContain("gh api -X PATCH repos/o/r/issues/comments/4711 -F body=@plan.md");
    expect(
      stepOf("github-review.yml", "preview", ({ name }) => name === "comment").replace("previews", "plan"),
    ).toBe(stepOf("github-review.yml", "documents", ({ name }) => name === "comment"));
  });

  test("on GitHub a mistake is told in the comment, and fails the job after it", async () => {
    head({ topology: "moon" });
    expect(await review()).toMatchObject({ exitCode: 0 });
    expect(readFileSync(join(github, "output"), "utf8")).toBe("found=1\n");
    expect(await comment()).toMatchObject({ exitCode: 0 });
    expect(readFileSync(join(github, "comment"), "utf8")).toContain("lqpt:topology");
  });

  test("on GitHub a plan that could not be made is told too", async () => {
    expect(await comment()).toMatchObject({ exitCode: 0 });
    expect(readFileSync(join(github, "comment"), "utf8")).toContain("could not be made");
  });

  test("on GitHub a merge is planned from what was pushed, and each job has its share", async () => {
    const before = git("rev-parse", "HEAD");
    writeStack(folder, "acme-prod", { ...SMALL, allow: { "121.36.53.6": "ACME" } });
    commit();
    const plan = stepOf(
      "github-rollout.yml",
      "plan",
      ({ run: line }) => line?.includes("lqpt plan") === true,
    );
    expect(await shell(plan, { BEFORE: before, RUNNER_TEMP: github })).toMatchObject({ exitCode: 0 });
    expect(JSON.parse(readFileSync(join(github, "plan.json"), "utf8"))).toMatchObject({
      stacks: [{ stack: "acme-prod" }],
    });
    const rollout = stepOf(
      "github-rollout.yml",
      "rollout",
      ({ run: line }) => line?.includes("lqpt rollout") === true,
    );
    // The second of four jobs has none of one stack, and fleet.yaml no canary.
    expect(await shell(rollout, { SHARD: "2", RUNNER_TEMP: github })).toMatchObject({ exitCode: 0 });
    expect(JSON.parse(readFileSync(join(github, "became.json"), "utf8"))).toMatchObject({ stacks: [] });
    const canaries = stepOf(
      "github-rollout.yml",
      "canaries",
      ({ run: line }) => line?.includes("rollout") === true,
    );
    expect(await shell(canaries, { RUNNER_TEMP: github })).toMatchObject({ exitCode: 0 });
  });

  test("on GitHub what was dropped or has waited is in the next plan: it begins at the last whole rollout", async () => {
    const remote = join(github, "remote.git");
    git("init", "--quiet", "--bare", remote);
    git("remote", "add", "origin", remote);
    const first = git("rev-parse", "HEAD");
    const done = stepOf("github-rollout.yml", "done", () => true);
    const becoming = (kind: string): void => {
      mkdirSync(join(github, "became", "became-1"), { recursive: true });
      const stacks = [{ stack: "acme-prod", kind }];
      writeFileSync(join(github, "became", "became-1", "became.json"), JSON.stringify({ stacks }));
    };
    const tags = (): string => gitIn(remote, "tag", "--list");
    becoming("waiting");
    expect(await shell(done, { RUNNER_TEMP: github })).toMatchObject({ exitCode: 0 });
    expect([tags(), readFileSync(join(github, "summary"), "utf8")]).toEqual([
      "",
      "These wait for their windows:\nacme-prod\n",
    ]);
    becoming("done");
    expect(await shell(done, { RUNNER_TEMP: github })).toMatchObject({ exitCode: 0 });
    expect(tags()).toBe("lqpt-rolled-out");

    git("fetch", "--quiet", "--tags", "origin");
    for (const allow of ["121.36.53.6", "121.36.53.7"]) {
      writeStack(folder, "acme-prod", { ...SMALL, allow: { [allow]: "ACME" } });
      commit();
    }
    const plan = stepOf(
      "github-rollout.yml",
      "plan",
      ({ run: line }) => line?.includes("lqpt plan") === true,
    );
    const before = git("rev-parse", "HEAD~1");
    expect(await shell(plan, { BEFORE: before, RUNNER_TEMP: github })).toMatchObject({ exitCode: 0 });
    expect(JSON.parse(readFileSync(join(github, "plan.json"), "utf8"))).toMatchObject({
      from: { commit: first },
    });
  });

  test("on GitLab a merge request is planned by the target branch's program, and fails where there is a mistake", async () => {
    const file = parse(readFileSync(join(CI, "gitlab-ci.yml"), "utf8")) as Record<
      string,
      { script: string[] }
    >;
    const script = (file["documents"]?.script ?? []).join("\n");
    const made = head({ allow: { "121.36.53.6": "ACME" } });
    const env = {
      CI_API_V4_URL: "api",
      CI_PROJECT_ID: "1",
      CI_MERGE_REQUEST_IID: "41",
      COMMENT_TOKEN: "hunter2",
    };
    writeFileSync(join(github, "notes"), "[]");
    expect(await shell(script, { ...env, CI_COMMIT_SHA: made })).toMatchObject({ exitCode: 0 });
    expect(readFileSync(join(folder, "plan.md"), "utf8")).toContain("+ 121.36.53.6 ");
    expect(calls()).toContain(
      "-X POST --data-urlencode body@plan.md api/projects/1/merge_requests/41/notes\n",
    );
    writeFileSync(
      join(github, "notes"),
      JSON.stringify([
        { id: 7, body: "x" },
        { id: 8, body: "<!-- lqpt plan -->\nold" },
      ]),
    );
    expect(await shell(script, { ...env, CI_COMMIT_SHA: made })).toMatchObject({ exitCode: 0 });
    expect(calls()).toContain(
      "-X PUT --data-urlencode body@plan.md api/projects/1/merge_requests/41/notes/8\n",
    );
    expect(calls()).not.toContain("hunter2");
    git("branch", "--quiet", "-D", "feature");
    const wrong = head({ topology: "moon" });
    expect(await shell(script, { CI_COMMIT_SHA: wrong })).toMatchObject({ exitCode: 1 });
    expect(readFileSync(join(folder, "plan.md"), "utf8")).toContain("lqpt:topology");
  });

  test("every other call of lqpt in them is one that there is", async () => {
    const all = readdirSync(CI)
      .map((file) => readFileSync(join(CI, file), "utf8"))
      .join("\n");
    const called = [...all.matchAll(/npx lqpt ([a-z]+)((?: --[a-z-]+)*)/g)];
    expect(called.length).toBeGreaterThan(8);
    for (const [, verb = "", options = ""] of called) {
      const { stdout } = await run(process.execPath, [LQPT, verb, "--help"], {});
      for (const option of options.split(" ").filter((one) => one !== "")) expect(stdout).toContain(option);
    }
  });
});
