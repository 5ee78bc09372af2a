import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runPulumi, runPulumiToItsEnd } from "../../../fleet/pulumi";
import { until } from "../../support/until";

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

test("an update that does not come to its end is told to, and where it ends well then it has failed all the same", async () => {
  pulumiIs("trap 'echo ended; exit 1' INT; while :; do sleep 0.05; done");
  const { status, stdout, stderr } = await runPulumiToItsEnd(folder, ["up"], 0.3);
  expect([status, stdout]).toEqual([1, "ended\n"]);
  expect(stderr).toMatch(
    /^\nerror: pulumi had not come to its end after 0\.3 s and was ended: .*lqpt unlock$/m,
  );
});

test("one that does not end then either is ended, with whatever it has started", async () => {
  pulumiIs("trap '' INT; sleep 60 & echo $!; wait; sleep 60");
  const { status, stdout, stderr } = await runPulumiToItsEnd(folder, ["up"], 0.3, 0.3);
  expect(status).toBe(137);
  expect(stderr).toContain("had not come to its end");
  await until("what it has started is gone", () => Promise.resolve(!existsSync(`/proc/${stdout.trim()}`)));
});
