import { EXIT } from "./output";
import { callLqpt } from "./program";

let isDone = false;
void callLqpt(process.argv.slice(2)).finally(() => {
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
