import type { Host } from "../../support/lab";
import { type ProgramResult, run } from "../../support/programs";
import { IN_ENGLISH, LQPT, type Stack } from "../../support/stack";
import type { World } from "../world";

/** `lqpt WORDS` in the folder of a stack, as an operator calls it. */
export async function lqpt(stack: Stack, words: readonly string[], input = ""): Promise<ProgramResult> {
  return run(process.execPath, [LQPT, ...words], {
    ...{ cwd: stack.folder, env: IN_ENGLISH, input, timeoutMs: 60_000 },
  });
}

/** The same, and an error where it does not end with 0; what it printed. */
export async function mustLqpt(stack: Stack, words: readonly string[], input = ""): Promise<string> {
  const { exitCode, stdout, all } = await lqpt(stack, words, input);
  if (exitCode !== 0) throw new Error(`lqpt ${words.join(" ")} ended with ${String(exitCode)}:\n${all}`);
  return stdout;
}

/** `lqpt WORDS` where the operator is, who can dial hosts and call Pulumi. */
export async function lqptDialling(
  { lab, stack }: Pick<World, "lab" | "stack">,
  words: readonly string[],
): Promise<ProgramResult> {
  return lab.operator.run(process.execPath, [LQPT, ...words], {
    ...{ cwd: stack.folder, env: { ...stack.env, ...IN_ENGLISH } },
  });
}

/** The fingerprint of a host's key, as the machine itself shows it on its console. */
export async function printOf(host: Host): Promise<string> {
  const shown = await host.mustExec("ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub");
  return shown.split(" ")[1] ?? "";
}
