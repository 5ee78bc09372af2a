import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, resolve } from "node:path";

/** What the system says of a file in a word, and what that means. */
const READING: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  ENOTDIR: "there is no such file",
  EISDIR: "this is a folder",
  EACCES: "you may not read it",
  EPERM: "you may not read it",
};

/** What is expected where a reviewed plan is. */
export const A_PLAN = "what lqpt plan --json printed when it was reviewed";

/**
 * Reads a file that a person named.
 *
 * @param named what named it, before its name in an error: `--private-key `
 * @param expected what it should be
 * @throws Error with its name, what is wrong and what was expected.
 */
export function readGiven(path: string, named: string, expected: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const why = reasonOf(error, READING);
    throw new Error(`${named}${path}: ${why}; expected ${expected}`);
  }
}

/**
 * Writes a file that a person named.
 *
 * @throws Error with its name and what to do.
 */
export function writeGiven(path: string, content: string | Buffer): void {
  writing(path, () => {
    writeFileSync(path, content);
  });
}

/**
 * The same of whatever is done to write a file.
 *
 * @param path its name, for the error; relative to where the command was called
 */
export function writing(path: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    const folder = dirname(resolve(path));
    const why = reasonOf(error, {
      ENOENT: `there is no folder ${folder}; make it first: mkdir -p '${folder}'`,
      ENOTDIR: `${folder} is no folder; expected the name of a file in one that is there`,
      EEXIST:
        "there is one already, and nothing was overwritten; expected another name, or take that one away",
      EISDIR: "this is a folder; expected the name of a file",
      EACCES: "you may not write it; expected the name of a file that you may",
      EPERM: "you may not write it; expected the name of a file that you may",
      EROFS: "nothing can be written there; expected the name of a file elsewhere",
      ENOSPC: "there is no room left; make some, then run this again",
    });
    throw new Error(`${path}: ${why}`);
  }
}

/**
 * Makes the folder for what is written into it, where it is not there.
 *
 * @throws Error with its name and what to do.
 */
export function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    const why = reasonOf(error, {
      EEXIST: "a file is in its place; expected the name of a folder",
      ENOTDIR: "a file is in its way; expected the name of a folder",
      EACCES: "you may not make it; expected the name of a folder that you may write to",
      EROFS: "nothing can be written there; expected the name of a folder elsewhere",
    });
    throw new Error(`${path}: ${why}`);
  }
}

function reasonOf(error: unknown, reasons: Readonly<Record<string, string>>): string {
  const { code = "", message } = error as NodeJS.ErrnoException;
  return reasons[code] ?? message;
}

/** `~/.ssh/key` as a shell would have it: at a question there is none. */
export function fromHome(path: string): string {
  return path.replace(/^~(?=\/|$)/, homedir());
}
