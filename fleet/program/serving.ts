// Started by ProgramHost in a project's folder, by Node with the project's own options: runs its program for one
// `pulumi up` after the other, as a language host that is there already (`--client`).

import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, sep } from "node:path";
import type * as grpc from "@grpc/grpc-js";

/** Of the SDK's Automation API, which serves its inline programs by it; not among what it declares. */
interface LanguageServers {
  readonly LanguageServer: new (program: () => Promise<unknown>) => grpc.UntypedServiceImplementation;
}

const folder = process.cwd();
/** Everything comes from the project's own node_modules: two SDKs in one process would not know each other. */
const own = createRequire(join(folder, "index.ts"));

/**
 * The program, loaded anew: as in a process of its own nothing in it remembers the stack before. What lies in
 * node_modules stays, since loading that is what takes the time.
 */
function program(): Promise<unknown> {
  for (const file of Object.keys(require.cache)) {
    if (!file.includes(`${sep}node_modules${sep}`)) Reflect.deleteProperty(require.cache, file);
  }
  return Promise.resolve(createRequire(join(folder, "index.ts"))(folder));
}

type Answer = (error: Error | null, response?: unknown) => void;
type Run = (call: unknown, answer: Answer) => void;

/**
 * An error that nobody caught (a rejected output, say) leaves the API waiting for resources that will never be declared.
 * So what was told of it is sent to the engine, the run is answered, and this process, in which nobody knows what is still
 * to come, ends.
 */
function endingByErrors(run: Run): Run {
  const { log } = own("@pulumi/pulumi") as {
    readonly log: { debug(text: string): Promise<void> | undefined };
  };
  return (call, reply) => {
    let isAnswered = false;
    const answer: Answer = (...words) => {
      process.off("uncaughtException", failed).off("unhandledRejection", failed);
      if (!isAnswered) reply(...words);
      isAnswered = true;
    };
    const failed = (error: unknown): void => {
      // Sent in order, so whatever was logged before is there once this is.
      void Promise.resolve(log.debug("the program ends by an error that nobody caught")).finally(() => {
        if (process.connected) process.disconnect();
        answer(new Error(`the program failed: ${error instanceof Error ? error.message : String(error)}`));
      });
    };
    process.on("uncaughtException", failed).on("unhandledRejection", failed);
    run(call, answer);
  };
}

function serve(): void {
  const { LanguageServer } = own("@pulumi/pulumi/automation/server") as LanguageServers;
  const { LanguageRuntimeService } = own("@pulumi/pulumi/proto/language_grpc_pb") as {
    LanguageRuntimeService: grpc.ServiceDefinition;
  };
  const { grpcChannelOptions } = own("@pulumi/pulumi/runtime") as { grpcChannelOptions: object };
  const { Server, ServerCredentials } = createRequire(own.resolve("@pulumi/pulumi"))("@grpc/grpc-js") as Pick<
    typeof grpc,
    "Server" | "ServerCredentials"
  >;

  // Whoever can speak to it gives the program its config: nobody but this user.
  const place = mkdtempSync(join(tmpdir(), "lqpt-program-"));
  process.once("exit", () => rmSync(place, { recursive: true, force: true }));
  const address = `unix:${join(place, "socket")}`;
  const server = new Server(grpcChannelOptions);
  const service = new LanguageServer(program);
  const run = service["run"] as Run;
  server.addService(
    LanguageRuntimeService,
    Object.assign(service, { run: endingByErrors(run.bind(service)) }),
  );
  server.bindAsync(address, ServerCredentials.createInsecure(), (error) => {
    if (error !== null) throw error;
    process.send?.(address);
  });
  // Who started it is gone, perhaps killed: an `up` that runs comes to its end all the same, as it does by itself.
  process.once("disconnect", () => server.tryShutdown(() => process.exit()));
  // Ctrl-C is for who started it, who decides what is still to be done.
  process.on("SIGINT", () => undefined);
}

serve();
