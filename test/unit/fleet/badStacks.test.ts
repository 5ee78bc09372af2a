import { rmSync } from "node:fs";
import { ConfigError } from "../../../config/errors";
import { ProjectFolder } from "../../../config/projectFolder";
import { lint } from "../../../fleet/lint";
import { BAD_STACKS } from "../config/badStacks";
import { FILES, pathsIn, refusal, type Values } from "../config/stacks";
import { makeFolder, writeStack } from "./folder";

/** What Pulumi's reader makes something else of before anybody checks it: the order of keys, nothing, a number. */
const READ_OTHERWISE = [
  "a Leqi ID that is a number",
  "hosts without a value",
  "hosts as a list",
  "a host that does not say which of two systems it is",
];

class Folder extends ProjectFolder {
  override fileAt(path: string): ReturnType<ProjectFolder["fileAt"]> {
    return FILES[path];
  }
}

let folder: string;
beforeAll(() => {
  folder = makeFolder();
});
afterAll(() => rmSync(folder, { recursive: true }));

function lintMessage(values: Values): string {
  writeStack(folder, "acme-prod", values);
  const [one] = lint(new Folder(folder), ["acme-prod"]);
  return new ConfigError(one?.issues ?? []).message;
}

test.each(BAD_STACKS)("%s is told by `lqpt lint` as by `pulumi preview`", (name, values, paths) => {
  const message = lintMessage(values);
  expect(pathsIn(message)).toEqual(paths);
  if (!READ_OTHERWISE.includes(name)) expect(message).toBe(refusal(values));
});

test("there are 60 of them and more", () => {
  expect(BAD_STACKS.length).toBeGreaterThanOrEqual(60);
});
