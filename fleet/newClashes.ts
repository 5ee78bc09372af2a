import type { ConfigIssue } from "../config/errors";
import type { ProjectFolder } from "../config/projectFolder";
import type { StackConfig } from "../config/types";
import { stackFile } from "../config/input";
import { clashes } from "./clashes";
import { lint } from "./lint";

/** What other stacks of the folder have already of a stack that has no file yet. */
export function clashesOf(folder: ProjectFolder, config: StackConfig): ConfigIssue[] {
  const others = lint(folder).flatMap(({ file, config: known }) =>
    known === undefined ? [] : [{ file, config: known }],
  );
  const file = stackFile(config.stack);
  return clashes([...others, { file, config }]).filter((issue) => issue.file === file);
}
