import { rmSync } from "node:fs";
import { ProjectFolder } from "../../../../config/projectFolder";
import { comparePlans, type Plan } from "../../../../fleet/plan/plan";
import { type Fleet, renderFleet, type Sound } from "../../../../fleet/plan/rendered";
import type { Values } from "../../config/stacks";
import { makeFolder, writeStack } from "../folder";

/** Stacks as a folder would have them. */
export function fleet(stacks: Readonly<Record<string, Values>>): Fleet {
  const folder = makeFolder();
  try {
    for (const [stack, values] of Object.entries(stacks)) writeStack(folder, stack, values);
    return renderFleet(new ProjectFolder(folder));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** One stack that has no mistake. */
export function sound(values: Values): Sound {
  const { issues = [], sound: found } = fleet({ "acme-prod": values }).get("acme-prod") ?? {};
  if (found === undefined) throw new Error(JSON.stringify(issues));
  return found;
}

/** What becomes of stacks, as `lqpt plan` says it. */
export function planOf(
  before: Readonly<Record<string, Values>>,
  after: Readonly<Record<string, Values>>,
  files: readonly string[] = [],
): Plan {
  return comparePlans(fleet(before), fleet(after), files);
}
