import { createInterface } from "node:readline";

/** What an agent does, by name. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- each method has its own argument
export type Methods = Readonly<Record<string, (argument: any) => unknown>>;

export interface Request {
  readonly id: number;
  readonly method: string;
  readonly argument: unknown;
}

export type Reply =
  { readonly id: number; readonly result: unknown } | { readonly id: number; readonly error: string };

/** Answers requests, one JSON object a line, until standard input ends. */
export function serve(methods: Methods): void {
  const reply = (message: Reply): void => {
    process.stdout.write(`${JSON.stringify(message)}\n`);
  };
  // Ctrl-C is for our owner, who then closes our standard input.
  process.on("SIGINT", () => undefined);
  const lines = createInterface({ input: process.stdin });
  lines.on("line", (line) => {
    const { id, method, argument } = JSON.parse(line) as Request;
    Promise.resolve(argument)
      .then(methods[method])
      .then((result) => {
        reply({ id, result: result ?? null });
      })
      .catch((error: unknown) => {
        reply({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
      });
  });
  lines.on("close", () => process.exit(0));
}
