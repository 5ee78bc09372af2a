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
import { EXIT, failWith } from "./output";
import { addPlan } from "./plan";
import { addRecord } from "./record";
import { addRollout } from "./rollout";
import { addShow } from "./show";
import { addStatus } from "./status";
import { addUnban } from "./unban";
import { addUnlock } from "./unlock";

const program = new Command("lqpt")
  .description("Leqi egress proxies as code: what can be done with stacks beside `pulumi preview` and `up`.")
  .version(version)
  .showHelpAfterError("(lqpt --help tells what there is)")
  .exitOverride();

addNew(program);
addImport(program);
addLint(program);
addShow(program);
addPlan(program);
addRollout(program);
addStatus(program);
addDrift(program);
addCheck(program);
addBundle(program);
addRecord(program);
addForget(program);
addOpenings(program);
addUnban(program);
addUnlock(program);

let isDone = false;
program
  .parseAsync()
  .catch(failWith)
  .finally(() => {
    isDone = true;
  });

// Where nothing is left to wait for, Node ends as if all were well.
process.on("exit", () => {
  if (isDone) return;
  console.error(
    "lqpt: ended before it was done, which is a mistake of lqpt; nothing that it did not tell is known",
  );
  process.exitCode = EXIT.found;
});
