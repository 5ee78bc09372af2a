import { join } from "node:path";
import type { Command } from "commander";
import type { StackPlan } from "../fleet/plan/plan";
import { renderFleet } from "../fleet/plan/rendered";
import { folderAt, isPastOf, revision } from "../fleet/revision";
import { asReviewed } from "../fleet/rollout/asReviewed";
import { readPlan } from "../fleet/rollout/reviewed";
import type { Form } from "../forms/form";
import { isNoticeable, noticeForm } from "../forms/notice";
import { renderText } from "../forms/text";
import type { Language } from "../words/language";
import { docxOf } from "./formFile";
import { A_PLAN, makeFolder, readGiven, writeGiven } from "./givenFiles";
import { languageOption, printJson, project } from "./output";

interface Options {
  readonly lang: Language;
  readonly out?: string;
  readonly json?: true;
}

export function addNotice(program: Command): void {
  program
    .command("notice")
    .description("乐企代理变更通知: what each customer is told of a reviewed change")
    .argument("<plan>", "what lqpt plan --json printed when it was reviewed")
    .argument("[stacks...]", "those to tell; default: each that the change is enforced in")
    .option("-o, --out <folder>", "write <stack>.docx into it, one a stack; default: text, printed")
    .option("--json", "for programs: the notices, part by part")
    .addOption(languageOption("of the notices", "zh"))
    .addHelpText(
      "after",
      "\nReads the project's folder and its git history alone. A stack of which only notes or the way to its hosts change has no notice; of one\nwhose file is gone nothing is known here any more.",
    )
    .action(notice);
}

async function notice(file: string, names: readonly string[], { lang, out, json }: Options): Promise<void> {
  const folder = project();
  const plan = readPlan(file, readGiven(file, "", A_PLAN).toString());
  const from = revision(folder.path, plan.from.commit);
  // Of a branch that was never merged somebody could have had whatever he likes be told as what was before.
  if (isPastOf(folder.path, from.commit, revision(folder.path, "HEAD")) !== true) {
    throw new Error(
      `${file} compares with ${from.commit}, which is no past of what is checked out; expected a plan of this branch: plan again`,
    );
  }
  const before = renderFleet(folderAt(folder.path, from));
  const after = renderFleet(folder);
  const told = chosen(plan.stacks, names).map((one) => ({
    stack: one.stack,
    form: noticeForm(asReviewed(one, before, after), lang),
  }));
  if (out !== undefined) await writeAll(out, told);
  if (json) printJson({ out: out ?? null, notices: told.map(({ stack, form }) => ({ stack, ...form })) });
  else if (out === undefined) process.stdout.write(told.map(({ form }) => renderText(form)).join("\n\n"));
  else told.forEach(({ stack, form }) => console.log(`${fileIn(out, stack)}: ${form.title}`));
}

/** @throws Error for a stack that the plan has not, or of which a customer has nothing to hear. */
function chosen(stacks: readonly StackPlan[], names: readonly string[]): StackPlan[] {
  const noticeable = stacks.filter(isNoticeable);
  const without = names.filter((name) => !noticeable.some(({ stack }) => stack === name));
  if (without.length > 0) {
    throw new Error(
      `the plan changes nothing that a customer must hear of in ${without.join(", ")}; expected of ${noticeable.map(({ stack }) => stack).join(", ") || "none: it has no such stack"}`,
    );
  }
  return noticeable.filter(({ stack }) => names.length === 0 || names.includes(stack));
}

async function writeAll(
  folder: string,
  told: readonly { readonly stack: string; readonly form: Form }[],
): Promise<void> {
  makeFolder(folder);
  for (const { stack, form } of told) writeGiven(fileIn(folder, stack), await docxOf(form));
}

function fileIn(folder: string, stack: string): string {
  return join(folder, `${stack}.docx`);
}
