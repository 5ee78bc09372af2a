import type { Command } from "commander";
import { toPrintable } from "../documents/report";
import { clearPending, isHeld, type Lock, release } from "../fleet/unlock";
import type { Language } from "../words/language";
import { STATE_WORDS, type StateWords } from "../words/state";
import { EXIT, languageOption, printJson, project } from "./output";

interface Options {
  readonly yes?: true;
  readonly json?: true;
  readonly lang: Language;
}

export function addUnlock(program: Command): void {
  program
    .command("unlock")
    .description(
      "tell who holds a stack's lock and since when; release it, and what a killed run left pending",
    )
    .argument("<stack>", "its name: acme-prod for Pulumi.acme-prod.yaml")
    .option("--yes", "release it; without this a lock is only told")
    .option("--json", "for programs: the locks, and whether they were released")
    .addOption(languageOption("of what is said"))
    .addHelpText(
      "after",
      `
Where nobody has locked it, what a killed run left pending in its state is cleared at once: nothing is dialled for that.
A lock of a self-managed backend never expires: a job that was killed leaves it behind. One whose process still runs on
this machine is not released. On the hosts nothing is to be cleared: their own lock went with the run, and the next
\`pulumi up\` takes up whatever it left. Ends with 1 where the stack stays locked.`,
    )
    .action(unlock);
}

async function unlock(stack: string, { yes, json, lang }: Options): Promise<void> {
  const { path } = project();
  const locks = await clearPending(path, stack);
  const held = locks.filter(isHeld);
  const releases = locks.length > 0 && yes !== undefined && held.length === 0;
  if (releases) {
    await release(path, stack);
    const again = await clearPending(path, stack);
    if (again.length > 0)
      throw new Error(`${stack} was locked again meanwhile: ${again.map(textIn(STATE_WORDS.en)).join("; ")}`);
  }
  if (json)
    printJson({ stack, locks: locks.map((lock) => ({ ...lock, held: isHeld(lock) })), released: releases });
  else console.log(told(stack, locks, held, releases, STATE_WORDS[lang]));
  process.exitCode = locks.length === 0 || releases ? EXIT.ok : EXIT.found;
}

function told(
  stack: string,
  locks: readonly Lock[],
  held: readonly Lock[],
  released: boolean,
  words: StateWords,
): string {
  if (locks.length === 0) return words.notLocked(stack);
  const all = locks.map(textIn(words)).join("; ");
  if (released) return words.released(stack, all);
  return held.length > 0 ? words.held(stack, all) : words.locked(stack, all);
}

function textIn(words: StateWords): (lock: Lock) => string {
  return ({ user, machine, pid, since }) => {
    const minutes = Math.max(0, Math.round((Date.now() - Date.parse(since)) / 60_000));
    return toPrintable(words.lock(`${user}@${machine}`, pid, since, minutes));
  };
}
