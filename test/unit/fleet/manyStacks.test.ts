import { spawnSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../config/stacks";
import { customer, makeFolder, writeStack } from "./folder";

const COUNT = 500;
/** Milliseconds of the processor, which other work on the machine does not change as it does the clock's. */
const MOST_CPU_MS = 3000;
const MOST_KIB = 300 * 1024;

let folder: string;
beforeAll(() => {
  folder = makeFolder();
  for (let index = 0; index < COUNT; index += 1) {
    writeStack(folder, `c${String(index)}-prod`, customer(index));
  }
  writeFileSync(
    join(folder, "usage.cjs"),
    `process.on("exit", () => { const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
       process.stderr.write(JSON.stringify({ kib: maxRSS, ms: (userCPUTime + systemCPUTime) / 1000 })); });`,
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

test("the files of 500 customers are checked within 3 s and 300 MB", () => {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ["--require", join(folder, "usage.cjs"), join(ROOT, "cli/lqpt.js"), "lint"],
    { cwd: folder, encoding: "utf8" },
  );
  expect({ status, stdout }).toEqual({
    status: 0,
    stdout: `${COUNT + 2} stacks checked, none with mistakes\n`,
  });
  const { kib, ms } = JSON.parse(stderr.slice(stderr.lastIndexOf("{"))) as Record<"kib" | "ms", number>;
  console.info(`lqpt lint of ${COUNT + 2} files: ${ms.toFixed(0)} ms of CPU, ${(kib / 1024).toFixed(0)} MiB`);
  expect(ms).toBeLessThan(MOST_CPU_MS);
  expect(kib).toBeLessThan(MOST_KIB);
});
