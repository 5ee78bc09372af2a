import { readdirSync } from "node:fs";
import * as v from "valibot";
import { filePathSchema } from "../../../config/schema";
import { programFiles } from "../../../fleet/plan/program";
import { ROOT } from "./stacks";

const isTaken = (path: string): boolean => v.safeParse(filePathSchema, path).success;

test.each([
  "nginx.deb",
  "packages/nginx_1.26.2-1~bookworm_amd64.deb",
  "hosts/a.rpm",
  "vendor/fpy-nginx-lqpt.tar.gz",
  "a.tar",
  "a.tgz",
  "a.b.tar.xz",
])("a brought file may be %s", (path) => {
  expect(isTaken(path)).toBe(true);
});

test.each([
  ...["../x.deb", "a/../b.deb", "./a.deb", "a//b.deb", "/etc/x.deb", "a b.deb", ".git/config.deb", ".deb"],
  ...["a/.x.deb", "node_modules/x/index.deb", "a.zip", "deb", "a.deb/b"],
])("none may be %s", (path) => {
  expect(isTaken(path)).toBe(false);
});

/** What Pulumi, Node, npm or a shell would run or take for their settings. */
test.each([
  "Pulumi.json",
  "Pulumi.yml",
  "Pulumi.acme-prod.json",
  "payload/x.js",
  "x/index.ts",
  ".nvmrc",
  "a.sh",
])("none may be %s, which a preview would run with the secrets at hand", (path) => {
  expect(isTaken(path)).toBe(false);
});

test.each(["Pulumi.json", "Pulumi.yml"])(
  "%s, which Pulumi would take for the project, is of the program",
  (path) => {
    expect(programFiles([path, `docs/${path}`])).toEqual([path]);
  },
);

test("none may be of the program, which a preview would run with the secrets at hand", () => {
  // By what there is, so that a folder that comes is thought of.
  const entries = readdirSync(ROOT, { withFileTypes: true }).filter(
    ({ name }) => !/^(docs|test)$/.test(name),
  );
  const folders = entries.filter((one) => one.isDirectory()).map(({ name }) => `${name}/x.js`);
  expect(folders.length).toBeGreaterThan(8);
  expect(folders.filter(isTaken)).toEqual([]);
  const files = entries.filter((one) => one.isFile()).map(({ name }) => name);
  expect(programFiles(files).length).toBeGreaterThan(4);
  expect(programFiles(files).filter(isTaken)).toEqual([]);
});
