import { Command } from "commander";
import { version } from "../package.json";
import { addBundle } from "./bundle";
import { addCheck } from "./check";
import { addDrift } from "./drift";
import { addForget } from "./forget";
import { addImport } from "./import";
import { addLint } from "./lint";
import { addOpenings } from "./openings";
import { addNew } from "./new";
import { failWith } from "./output";
import { addNotice } from "./notice";
import { addPlan } from "./plan";
import { addRecord } from "./record";
import { addRollout } from "./rollout";
import { addShow } from "./show";
import { addStatus } from "./status";
import { addUnban } from "./unban";
import { addUnlock } from "./unlock";

/** `lqpt` with all its commands. */
export function lqpt(): Command {
  const program = new Command("lqpt")
    .description(
      "Leqi egress proxies as code: what can be done with stacks beside `pulumi preview` and `up`.",
    )
    .version(version)
    .showHelpAfterError("(lqpt --help tells what there is)")
    .exitOverride();
  addNew(program);
  addImport(program);
  addLint(program);
  addShow(program);
  addPlan(program);
  addRollout(program);
  addNotice(program);
  addStatus(program);
  addDrift(program);
  addCheck(program);
  addBundle(program);
  addRecord(program);
  addForget(program);
  addOpenings(program);
  addUnban(program);
  addUnlock(program);
  return program;
}

/** `lqpt WORDS`. Whatever comes of it is printed, and is the exit code of this process. */
export async function callLqpt(words: readonly string[]): Promise<void> {
  try {
    await lqpt().parseAsync(words, { from: "user" });
  } catch (error) {
    failWith(error, words.includes("--json"));
  }
}
