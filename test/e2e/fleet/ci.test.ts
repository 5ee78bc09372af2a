import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { git } from "../../support/git";
import { type ProgramResult, run } from "../../support/programs";
import { LQPT } from "../../support/stack";
import { CI, CiRunner, stepOf } from "./ciRunner";

const ACTIONLINT = "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12";

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

describe("what they run for a review", () => {
  let ci: CiRunner;
  beforeEach(() => {
    ci = new CiRunner();
  });
  afterEach(() => ci.dispose());

  const review = (): Promise<ProgramResult> =>
    ci.shell(stepOf("github-review.yml", "documents", ({ id }) => id === "plan"));
  const comment = (job = "documents"): Promise<ProgramResult> =>
    ci.shell(
      stepOf("github-review.yml", job, ({ name }) => name === "comment"),
      { REPOSITORY: "o/r", NUMBER: "41", GH_TOKEN: "x" },
    );
  const calls = (): string => ci.kept("calls");

  test("on GitHub a pull request gets its comment, and the same comment again", async () => {
    ci.head({ allow: { "121.36.53.6": "ACME" } });
    expect(await review()).toMatchObject({ exitCode: 0 });
    expect(existsSync(join(ci.platform, "output"))).toBe(false);
    expect(JSON.parse(readFileSync(join(ci.folder, "plan.json"), "utf8"))).toMatchObject({ format: 1 });
    expect(await comment()).toMatchObject({ exitCode: 0 });
    expect(calls()).toContain("gh api repos/o/r/issues/41/comments -F body=@plan.md");
    expect(ci.kept("comment")).toMatch(/^<!-- lqpt plan -->\n[^]*\n\+ 121\.36\.53\.6 /);
    writeFileSync(join(ci.platform, "id"), "4711\n");
    expect(await comment()).toMatchObject({ exitCode: 0 });
    expect(calls()).toContain("gh api -X PATCH repos/o/r/issues/comments/4711 -F body=@plan.md");
    expect(
      stepOf("github-review.yml", "preview", ({ name }) => name === "comment").replace("previews", "plan"),
    ).toBe(stepOf("github-review.yml", "documents", ({ name }) => name === "comment"));
  });

  test("on GitHub a mistake is told in the comment, and fails the job after it", async () => {
    ci.head({ topology: "moon" });
    expect(await review()).toMatchObject({ exitCode: 0 });
    expect(ci.kept("output")).toBe("found=1\n");
    expect(await comment()).toMatchObject({ exitCode: 0 });
    expect(ci.kept("comment")).toContain("lqpt:topology");
  });

  test("on GitHub a plan that could not be made is told too", async () => {
    expect(await comment()).toMatchObject({ exitCode: 0 });
    expect(ci.kept("comment")).toContain("could not be made");
  });

  test.each(["documents", "preview"])(
    "on GitHub the very commit is fetched that was asked for (%s)",
    async (job) => {
      const made = ci.head({ allow: { "121.36.53.6": "ACME" } });
      const remote = join(ci.platform, "remote.git");
      ci.git("clone", "--quiet", "--bare", ci.folder, remote);
      git(remote, "config", "uploadpack.allowReachableSHA1InWant", "true");
      ci.git("remote", "add", "origin", remote);
      ci.git("update-ref", "-d", "refs/lqpt/head");
      const env = {
        GIT_CONFIG_COUNT: "1",
        GIT_CONFIG_KEY_0: "http.x.extraheader",
        COMMIT: made,
        GH_TOKEN: "hunter2",
      };
      const fetched = await ci.shell(
        stepOf("github-review.yml", job, ({ name }) => name === "fetch"),
        env,
      );
      expect(fetched).toMatchObject({ exitCode: 0, all: "" });
      expect(ci.git("rev-parse", "refs/lqpt/head")).toBe(made);
    },
  );

  test("on GitLab a merge request is planned by the target branch's program, and fails where there is a mistake", async () => {
    const file = parse(readFileSync(join(CI, "gitlab-ci.yml"), "utf8")) as Record<
      string,
      { script: string[] }
    >;
    const script = (file["documents"]?.script ?? []).join("\n");
    const made = ci.head({ allow: { "121.36.53.6": "ACME" } });
    const env = {
      CI_API_V4_URL: "api",
      CI_PROJECT_ID: "1",
      CI_MERGE_REQUEST_IID: "41",
      COMMENT_TOKEN: "hunter2",
    };
    writeFileSync(join(ci.platform, "notes"), "[]");
    expect(await ci.shell(script, { ...env, CI_COMMIT_SHA: made })).toMatchObject({ exitCode: 0 });
    expect(readFileSync(join(ci.folder, "plan.md"), "utf8")).toContain("+ 121.36.53.6 ");
    expect(calls()).toContain(
      "-X POST --data-urlencode body@plan.md api/projects/1/merge_requests/41/notes\n",
    );
    writeFileSync(
      join(ci.platform, "notes"),
      JSON.stringify([
        { id: 7, author: { id: 7 }, body: "x" },
        { id: 9, author: { id: 8 }, body: "<!-- lqpt plan -->\nforged" },
        { id: 8, author: { id: 7 }, body: "<!-- lqpt plan -->\nold" },
      ]),
    );
    expect(await ci.shell(script, { ...env, CI_COMMIT_SHA: made })).toMatchObject({ exitCode: 0 });
    expect(calls()).toContain(
      "-X PUT --data-urlencode body@plan.md api/projects/1/merge_requests/41/notes/8\n",
    );
    expect(calls()).not.toContain("hunter2");
    ci.git("branch", "--quiet", "-D", "feature");
    const wrong = ci.head({ topology: "moon" });
    expect(await ci.shell(script, { CI_COMMIT_SHA: wrong })).toMatchObject({ exitCode: 1 });
    expect(readFileSync(join(ci.folder, "plan.md"), "utf8")).toContain("lqpt:topology");
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
