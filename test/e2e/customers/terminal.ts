import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ProgramResult } from "../../support/programs";
import type { World } from "../world";
import { IN_ENGLISH, LQPT } from "../../support/stack";

/** What a person sees, and types then; `down` is the arrow key, `select` the space bar, `back` deletes. */
export type Turn = readonly [
  sees: string,
  ...types: readonly ("down" | "select" | "back" | "enter" | { readonly text: string })[],
];

const KEYS = { down: "\\033\\[B", select: " ", back: "\\x7f", enter: "\\r" } as const;

/** `lqpt WORDS` at a terminal of the operator's, driven as a person would drive it. */
export async function atTerminal(
  { lab, stack }: World,
  words: readonly string[],
  turns: readonly Turn[],
): Promise<ProgramResult> {
  const lines = turns.flatMap(([sees, ...types]) => [
    `expect {\n-exact ${braced(sees)} {}\ntimeout { exit 98 }\neof { exit 97 }\n}`,
    ...types.flatMap((key) => [
      "after 150",
      `send -- ${typeof key === "string" ? `"${KEYS[key]}"` : braced(key.text)}`,
    ]),
  ]);
  const script = [
    "set timeout 60",
    "match_max 100000",
    "set stty_init {rows 50 cols 200}",
    `spawn -noecho ${[process.execPath, LQPT, ...words].map(braced).join(" ")}`,
    ...lines,
    "expect {\neof {}\ntimeout { exit 96 }\n}",
    "exit [lindex [wait] 3]",
  ].join("\n");
  const file = join(stack.folder, "person.exp");
  writeFileSync(file, script);
  return lab.operator.run("expect", ["-f", file], {
    cwd: stack.folder,
    env: { ...stack.env, ...IN_ENGLISH },
  });
}

/** A word of Tcl's in which nothing means anything. */
function braced(text: string): string {
  if (/[{}\\]/.test(text)) throw new Error(`no word for Tcl: ${text}`);
  return `{${text}}`;
}
