import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { mustRun } from "./programs";

/**
 * Makes a control group of this name, empty, in each tree that systemd uses. A host needs its own: systemd-nspawn puts
 * all it runs below the group that it is started in, and two in the same one would take each other's services for theirs.
 */
export async function makeCgroups(name: string): Promise<readonly string[]> {
  const groups = trees().map((tree) => join(tree, name));
  for (const group of groups) {
    mkdirSync(group, { recursive: true });
    await mustRun("find", [group, "-mindepth", "1", "-depth", "-type", "d", "-exec", "rmdir", "{}", "+"]);
  }
  return groups;
}

function trees(): string[] {
  return readFileSync("/proc/self/mounts", "utf8")
    .split("\n")
    .map((line) => line.split(" "))
    .filter(
      ([, , type, options]) => type === "cgroup2" || (type === "cgroup" && options?.includes("name=systemd")),
    )
    .map(([, where]) => where ?? "");
}
