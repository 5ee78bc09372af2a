import { callLqpt } from "../../../cli/program";

/** What a call of `lqpt` came to. */
export interface Called {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * `lqpt WORDS` in a folder, in English where no `--lang` says otherwise. In this process: one of its own would take a
 * second, most of it to load what is loaded here already.
 */
export async function callIn(folder: string, words: readonly string[]): Promise<Called> {
  const printed = { stdout: "", stderr: "" };
  const { env, exitCode } = process;
  const isTerminal = process.stdin.isTTY;
  const take =
    (stream: keyof typeof printed) =>
    (text: unknown): boolean => {
      printed[stream] += String(text);
      return true;
    };
  const line = (stream: keyof typeof printed) => (text: unknown) => void take(stream)(`${String(text)}\n`);
  const spies = [
    jest.spyOn(process, "cwd").mockReturnValue(folder),
    jest.spyOn(process.stdout, "write").mockImplementation(take("stdout")),
    jest.spyOn(process.stderr, "write").mockImplementation(take("stderr")),
    jest.spyOn(console, "log").mockImplementation(line("stdout")),
    jest.spyOn(console, "error").mockImplementation(line("stderr")),
  ];
  process.env = { ...env, LC_ALL: "C.UTF-8" };
  Object.assign(process, { exitCode: 0 });
  // Nobody is asked, whoever runs the tests.
  process.stdin.isTTY = false;
  try {
    await callLqpt(words);
    return { status: Number(process.exitCode), ...printed };
  } finally {
    Object.assign(process, { env, exitCode });
    process.stdin.isTTY = isTerminal;
    spies.forEach((spy) => spy.mockRestore());
  }
}
