import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { branchPoint, changedFiles, folderAt, revision, uncommitted } from "../../../fleet/revision";
import { commitAll, git as gitIn } from "../../support/git";

let repo: string;
let folder: string;
const git = (...words: string[]): string => gitIn(repo, ...words);
const commit = (message: string): string => commitAll(repo, message);

beforeEach(() => {
  repo = mkdtempSync(join(tmpdir(), "lqpt-revision-"));
  git("init", "--quiet", "--initial-branch", "main");
  // A project may be a folder of a larger repository.
  folder = join(repo, "proxies");
  mkdirSync(join(folder, "records", "a"), { recursive: true });
  writeFileSync(join(repo, "Pulumi.elsewhere.yaml"), "config: {}\n");
  writeFileSync(join(folder, "Pulumi.yaml"), "name: lqpt\n");
  writeFileSync(join(folder, "Pulumi.a.yaml"), "first\n");
  writeFileSync(join(folder, "records", "a", "proxy-1.json"), "{}\n");
});
afterEach(() => rmSync(repo, { recursive: true }));

test("a folder is what it was at a revision, whatever lies in it now", () => {
  const at = revision(folder, commit("one"));
  writeFileSync(join(folder, "Pulumi.a.yaml"), "second\n");
  writeFileSync(join(folder, "Pulumi.b.yaml"), "new\n");
  const then = folderAt(folder, at);
  expect(then.stacks()).toEqual(["a"]);
  expect([
    then.text("Pulumi.a.yaml"),
    then.text("Pulumi.b.yaml"),
    then.text("records/a/proxy-1.json"),
  ]).toEqual(["first\n", undefined, "{}\n"]);
  expect(uncommitted(folder)).toEqual(["Pulumi.a.yaml", "Pulumi.b.yaml"]);
  expect(changedFiles(folder, at, undefined)).toEqual(["Pulumi.a.yaml", "Pulumi.b.yaml"]);
});

test("a link in a revision is no file: it would show what lies on this machine", () => {
  writeFileSync(join(repo, "secret"), "hunter2\n");
  symlinkSync("../secret", join(folder, "Pulumi.b.yaml"));
  const then = folderAt(folder, revision(folder, commit("one")));
  expect(then.stacks()).toEqual(["a"]);
  expect(then.text("Pulumi.b.yaml")).toBeUndefined();
});

test("attributes in a revision hide nothing of it and change nothing of it", () => {
  writeFileSync(join(folder, ".gitattributes"), "Pulumi.a.yaml export-ignore\n* text eol=crlf ident\n");
  const then = folderAt(folder, revision(folder, commit("one")));
  expect(then.text("Pulumi.a.yaml")).toBe("first\n");
});

test("names with blanks, quotes and newlines are told as they are", () => {
  commit("one");
  writeFileSync(join(folder, 'Pulumi.a "b\nc.yaml'), "x\n");
  const at = revision(folder, commit("two"));
  expect(folderAt(folder, at).text('Pulumi.a "b\nc.yaml')).toBe("x\n");
  expect(changedFiles(folder, revision(folder, "HEAD~1"), at)).toEqual(['Pulumi.a "b\nc.yaml']);
});

test("a change is what came since the branch, not what others did meanwhile", () => {
  commit("one");
  git("switch", "--quiet", "--create", "feature");
  writeFileSync(join(folder, "Pulumi.b.yaml"), "mine\n");
  commit("mine");
  git("switch", "--quiet", "main");
  writeFileSync(join(folder, "Pulumi.a.yaml"), "theirs\n");
  commit("theirs");
  const [main, feature] = [revision(folder, "main"), revision(folder, "feature")];
  const from = branchPoint(folder, main, feature);
  expect(changedFiles(folder, from, feature)).toEqual(["Pulumi.b.yaml"]);
});

test.each(["nope", "--all", "HEAD:proxies", ""])("%j is no revision, and is told with what to do", (name) => {
  commit("one");
  expect(() => revision(folder, name)).toThrow(
    /there is no revision .*; expected a branch, a tag or a commit.*git fetch/,
  );
});

test("histories that have nothing in common are told", () => {
  commit("one");
  git("switch", "--quiet", "--orphan", "other");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "Pulumi.yaml"), "name: lqpt\n");
  commit("other");
  expect(() => branchPoint(folder, revision(folder, "main"), revision(folder, "other"))).toThrow(
    /--unshallow/,
  );
});

test("a folder that is in no repository is told as one", () => {
  const outside = mkdtempSync(join(tmpdir(), "lqpt-outside-"));
  expect(() => revision(outside, "HEAD")).toThrow(/is in no git repository/);
  rmSync(outside, { recursive: true });
});
