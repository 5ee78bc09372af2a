import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { TOOL_PARTS } from "../../documents/tool";

/** The shells that lqptctl must run under: Debian's, the smallest, and the one of CentOS as /bin/sh. */
export const SHELLS: readonly (readonly [name: string, command: readonly string[]])[] = [
  ["dash", ["dash"]],
  ["busybox", ["busybox", "sh"]],
  ["bash in POSIX mode", ["bash", "--posix"]],
];

export interface ShellResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ShellRun {
  readonly shell: readonly string[];
  /** What to run once all of lqptctl's functions are defined. `$DIR` is a private folder. */
  readonly script: string;
  readonly stdin?: string;
  /** Commands that stand in for the machine's own: name to the body of a sh script. */
  readonly commands?: Readonly<Record<string, string>>;
  /** Files below `$DIR`, by path; what is below `etc/firewalld`, `usr/lib/firewalld` and `etc/sysconfig/network-scripts` there is the machine's own. */
  readonly files?: Readonly<Record<string, string>>;
}

/** Folders that lqptctl names by their absolute paths: firewalld's, and what binds interfaces to its zones. */
const FIREWALLD = /\/((etc|usr\/lib)\/firewalld|etc\/sysconfig\/network-scripts)\b/g;

/** Runs a piece of shell with lqptctl's functions at hand, but not its `main`. */
export function runWithTool({ shell, script, stdin = "", commands = {}, files = {} }: ShellRun): ShellResult {
  const dir = mkdtempSync(join(tmpdir(), "lqpt-host-test-"));
  try {
    for (const [name, body] of Object.entries(commands)) {
      writeFileSync(join(dir, name), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
    }
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(dir, path)), { recursive: true });
      writeFileSync(join(dir, path), content);
    }
    const parts = TOOL_PARTS.filter((part) => part !== "main").map((part) =>
      readFileSync(join(__dirname, "..", "..", "host", `${part}.sh`), "utf8").replace(FIREWALLD, `${dir}$&`),
    );
    const prelude = `LQPTCTL_VERSION=1.2.3+test\nDIR='${dir}'\nPATH="$DIR:$PATH"\nSTATE="$DIR/state"\nHISTORY_FOLDER="$DIR/history"\nHISTORY="$DIR/history/history.jsonl"\nACCESS_FOLDER="$DIR/access"\nTOOL="$DIR/lqptctl"\nSITE_FILE="$DIR/lqpt.conf"\nHEALTHY="$DIR/run/healthy"\n`;
    const file = join(dir, "under-test.sh");
    writeFileSync(file, [...parts, prelude, script].join("\n"));
    const [command = "sh", ...args] = shell;
    const { status, stdout, stderr, error } = spawnSync(command, [...args, file], {
      input: stdin,
      encoding: "utf8",
    });
    if (error !== undefined) {
      throw new Error(
        `${command} could not be run (${error.message}); expected it on PATH: install ${command}`,
      );
    }
    return { status, stdout, stderr };
  } finally {
    rmSync(dir, { recursive: true });
  }
}
