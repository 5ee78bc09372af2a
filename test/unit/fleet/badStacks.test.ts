import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfigError } from "../../../config/errors";
import { ProjectFolder } from "../../../config/projectFolder";
import { lint } from "../../../fleet/lint";
import { BAD_STACKS } from "../config/badStacks";
import { FILES, pathsIn, refusal, ROOT } from "../config/stacks";

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
  folder = mkdtempSync(join(tmpdir(), "lqpt-bad-"));
  for (const file of ["Pulumi.yaml", "Pulumi.prod.yaml", "Pulumi.sandbox.yaml"]) {
    cpSync(join(ROOT, file), join(folder, file));
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

function lintMessage(values: object): string {
  const config = Object.entries(values).map(([key, value]) => [`lqpt:${key}`, value as unknown]);
  // JSON is YAML.
  writeFileSync(
    join(folder, "Pulumi.acme-prod.yaml"),
    JSON.stringify({ config: Object.fromEntries(config) as object }),
  );
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
