import { execFileSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PROJECT = join(__dirname, "..", "..");

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lqpt-transpile-"));
  mkdirSync(join(folder, "tools"));
  mkdirSync(join(folder, "node_modules"));
  for (const file of ["transpile.js", "kept.js"]) {
    cpSync(join(PROJECT, "tools", file), join(folder, "tools", file));
  }
  for (const name of ["pirates", "sucrase"]) {
    symlinkSync(join(PROJECT, "node_modules", name), join(folder, "node_modules", name));
  }
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const cache = () => join(folder, "node_modules/.cache/lqpt-kept");
function run(program: string): string {
  writeFileSync(join(folder, "index.ts"), program);
  return execFileSync("node", ["--require", "./tools/transpile.js", "./index.ts"], {
    cwd: folder,
    encoding: "utf8",
  });
}

test("a file of TypeScript runs, and what was made of it is kept and used", () => {
  const program = "const answer: number = 41 + 1;\nconsole.log(answer);\n";
  expect(run(program)).toBe("42\n");
  const [kept] = readdirSync(cache());
  expect(readdirSync(cache())).toHaveLength(1);

  const path = join(cache(), kept ?? "");
  writeFileSync(path, readFileSync(path, "utf8").replace("41 + 1", "'kept'"));
  expect(run(program)).toBe("kept\n");
});

test("a changed file is never served from what was kept", () => {
  run("console.log(1 as number);\n");
  expect(run("console.log(2 as number);\n")).toBe("2\n");
});

test("a line of a stack trace is the line of the source", () => {
  const program =
    "interface Gone {\n  readonly x: number;\n}\nconst it: Gone = { x: 1 };\nconsole.log(new Error(String(it.x)).stack);\n";
  expect(run(program)).toContain("index.ts:5:");
});

test("where nothing can be kept the program runs all the same", () => {
  writeFileSync(join(folder, "node_modules/.cache"), "a file where the folder should be");
  chmodSync(join(folder, "node_modules/.cache"), 0o444);
  expect(run("console.log(3 as number);\n")).toBe("3\n");
});

test("what was kept is told apart by sucrase's version", () => {
  const { version } = JSON.parse(
    readFileSync(join(PROJECT, "node_modules/sucrase/package.json"), "utf8"),
  ) as { version: string };
  expect(readFileSync(join(PROJECT, "tools/transpile.js"), "utf8")).toContain(`sucrase ${version}`);
});
