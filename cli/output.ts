import { CommanderError } from "commander";
import { ConfigError } from "../config/errors";
import { ProjectFolder } from "../config/projectFolder";

/** How a command ends: all is well; something was found; it was called in a way that is not possible. */
export const EXIT = { ok: 0, found: 1, usage: 64 } as const;

/** The project that the working directory is in. */
export function project(): ProjectFolder {
  return ProjectFolder.above(process.cwd());
}

/** Prints a value for programs. */
export function printJson(value: unknown): void {
  console.log(JSON.stringify(value, undefined, 2));
}

/** Ends with what went wrong, in words and as an exit code. */
export function failWith(error: unknown): void {
  if (error instanceof CommanderError) {
    // It has printed its message; help and the version are no failure.
    process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    return;
  }
  if (!(error instanceof Error)) throw error;
  console.error(error instanceof ConfigError ? error.message : `lqpt: ${error.message}`);
  process.exitCode = EXIT.found;
}
