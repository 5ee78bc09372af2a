import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runPulumi, runPulumiToItsEnd } from "../../../fleet/pulumi";

const { PATH = "" } = process.env;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lqpt-pulumi-test-"));
  process.env["PATH"] = `${folder}:${PATH}`;
});
afterEach(() => {
  process.env["PATH"] = PATH;
  rmSync(folder, { recursive: true });
});

/** Puts a script in Pulumi's place. */
function pulumiIs(script: string): void {
  writeFileSync(join(folder, "pulumi"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

const WAYS = [
  ["that is read", runPulumi],
  ["that comes to its end", runPulumiToItsEnd],
] as const;

test.each(WAYS)("a run %s: its words and what it ended with", async (_, run) => {
  pulumiIs('echo "out $*"; echo err >&2; exit 3');
  const words = { status: 3, stdout: "out up --non-interactive\n", stderr: "err\n" };
  expect(await run(folder, ["up"])).toEqual(words);
});

test.each(WAYS)("a run %s and is killed is one that failed", async (_, run) => {
  pulumiIs("echo begun; kill -KILL $$");
  const { status, stdout, stderr } = await run(folder, ["up"]);
  expect([status, stdout]).toEqual([137, "begun\n"]);
  expect(stderr).toContain("error: pulumi was ended by SIGKILL");
});

test.each(WAYS)("a run %s where there is no Pulumi", async (_, run) => {
  process.env["PATH"] = folder;
  await expect(run(folder, ["up"])).rejects.toThrow("pulumi is not installed, or not on PATH");
});

test("the terminal's Ctrl-C, which goes to a whole group of processes, does not reach an update", async () => {
  pulumiIs("echo $$; cut -d ' ' -f 5 /proc/$$/stat");
  const [leader, group] = (await runPulumiToItsEnd(folder, [])).stdout.trim().split("\n");
  expect(group).toBe(leader);
});
