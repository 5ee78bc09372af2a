import { readdirSync } from "node:fs";
import * as v from "valibot";
import { filePathSchema } from "../../../config/schema";
import { programFiles } from "../../../fleet/plan/program";
import { ROOT } from "./stacks";

const isTaken = (path: string): boolean => v.safeParse(filePathSchema, path).success;

test.each([
  "nginx.deb",
  "packages/nginx_1.26.2-1~bookworm_amd64.deb",
  "x/index.ts",
  "hosts/a.rpm",
  "toolset/b",
])("a brought file may be %s", (path) => {
  expect(isTaken(path)).toBe(true);
});

test.each(["../x", "a/../b", "./a", "a//b", "/etc/x", "a b", ".git/config", "node_modules/x/index.js"])(
  "none may be %s",
  (path) => {
    expect(isTaken(path)).toBe(false);
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
