import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { callError } from "./callError";
import { lastWords } from "./lastWords";

/** No state and no output of a run is near it. */
const MOST_BYTES = 1024 ** 3;

/** How a run of the Pulumi CLI ended. */
export interface PulumiRan {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs Pulumi in the project's folder, beside others.
 *
 * @throws Error where there is no Pulumi.
 */
export async function runPulumi(folder: string, words: readonly string[]): Promise<PulumiRan> {
  try {
    const { stdout, stderr } = await promisify(execFile)("pulumi", [...words, "--non-interactive"], {
      ...{
        cwd: folder,
        maxBuffer: MOST_BYTES,
        env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" },
      },
    });
    return { status: 0, stdout, stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as Partial<Record<"stdout" | "stderr", string>> & {
      readonly code?: number | string;
    };
    if (typeof code !== "number") throw new Error(callError("pulumi", error));
    return { status: code, stdout: stdout ?? "", stderr: stderr ?? "" };
  }
}

/**
 * The same for what it prints.
 *
 * @throws Error in Pulumi's own last words where it does not end well.
 */
export async function pulumiPrints(folder: string, words: readonly string[]): Promise<string> {
  const { status, stdout, stderr } = await runPulumi(folder, words);
  if (status === 0) return stdout;
  throw new Error(`pulumi ${words.join(" ")} ended with ${status}: ${lastWords(stderr)}`);
}
