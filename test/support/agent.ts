import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Methods, Reply, Request } from "./agents/serve";
import { inNamespace } from "./member";
import type { Place } from "./network";

/**
 * Node's options for a program of one or two files of TypeScript: half of what tsx takes for that, and a lab starts
 * five. It must be able to be CommonJS, with all that it imports.
 */
export const TRANSPILED = ["--require", join(__dirname, "..", "..", "tools", "transpile.js")];

type Waiting = (reply: Reply) => void;

/**
 * A long-lived process at a place on the lab's network, told what to do over a pipe and not over that network. It ends
 * with this process, or with the lab.
 */
export class Agent<M extends Methods> {
  private readonly waiting = new Map<number, Waiting>();
  private last = 0;
  private ended: string | undefined;

  private constructor(private readonly child: ChildProcess) {}

  /** @param program a file in agents/ that calls `serve` */
  static start<M extends Methods>(place: Place, program: string): Agent<M> {
    const [command, args] = inNamespace(place, process.execPath, [
      ...TRANSPILED,
      join(__dirname, "agents", program),
    ]);
    const child = spawn(command, args, { cwd: __dirname, stdio: "pipe" });
    const agent = new Agent<M>(child);
    let said = "";
    child.stderr.on("data", (text: Buffer) => {
      said += text.toString();
    });
    child.stdin.on("error", () => undefined);
    createInterface({ input: child.stdout }).on("line", (line) => {
      agent.settle(JSON.parse(line) as Reply);
    });
    child.on("close", (code) => {
      agent.end(
        `the lab's ${program} at ${place.address} ended with ${String(code)}, expected to run on: ${said}`,
      );
    });
    return agent;
  }

  /** Calls a method of the agent's program. Errors: what the method threw; the program ended. */
  async call<K extends keyof M & string>(
    method: K,
    ...[argument]: Parameters<M[K]>
  ): Promise<Awaited<ReturnType<M[K]>>> {
    if (this.ended !== undefined) {
      throw new Error(this.ended);
    }
    this.last += 1;
    const request: Request = { id: this.last, method, argument: argument ?? null };
    const reply = await new Promise<Reply>((settle) => {
      this.waiting.set(request.id, settle);
      this.child.stdin?.write(`${JSON.stringify(request)}\n`);
    });
    if ("error" in reply) {
      throw new Error(reply.error);
    }
    return reply.result as Awaited<ReturnType<M[K]>>;
  }

  private settle(reply: Reply): void {
    this.waiting.get(reply.id)?.(reply);
    this.waiting.delete(reply.id);
  }

  private end(reason: string): void {
    this.ended = reason;
    for (const id of this.waiting.keys()) {
      this.settle({ id, error: reason });
    }
  }
}
