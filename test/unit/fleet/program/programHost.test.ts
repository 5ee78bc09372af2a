import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { credentials, Server, ServerCredentials } from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { SetRootResourceResponse } from "@pulumi/pulumi/proto/engine_pb";
import { LanguageRuntimeClient } from "@pulumi/pulumi/proto/language_grpc_pb";
import { RunRequest } from "@pulumi/pulumi/proto/language_pb";
import { ResourceMonitorService } from "@pulumi/pulumi/proto/resource_grpc_pb";
import { RegisterResourceResponse, SupportsFeatureResponse } from "@pulumi/pulumi/proto/resource_pb";
import { ProjectFolder } from "../../../../config/projectFolder";
import { ProgramHosts } from "../../../../fleet/program/programHost";
import { until } from "../../../support/until";
import { ROOT } from "../../config/stacks";

jest.setTimeout(60_000);

/** An engine that takes whatever it is told, which is enough for a program to be run. */
const engine = new Server();
let engineAddress: string;
let folder: string;
let hosts: ProgramHosts;

beforeAll(async () => {
  const answering =
    <T>(response: () => T) =>
    (_: unknown, answer: (error: null, response: T) => void): void =>
      answer(null, response());
  engine.addService(ResourceMonitorService, {
    supportsFeature: answering(() => new SupportsFeatureResponse()),
    registerResource: answering(() => new RegisterResourceResponse().setUrn("urn:pulumi:a::lqpt::x::x")),
    registerResourceOutputs: answering(() => new Empty()),
    signalAndWaitForShutdown: answering(() => new Empty()),
  });
  engine.addService(EngineService, {
    log: answering(() => new Empty()),
    setRootResource: answering(() => new SetRootResourceResponse()),
  });
  engineAddress = await new Promise((resolve, reject) => {
    engine.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) =>
      error === null ? resolve(`127.0.0.1:${port}`) : reject(error),
    );
  });
});
afterAll(() => engine.forceShutdown());

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lqpt-program-test-"));
  for (const name of ["Pulumi.yaml", "tools", "node_modules"])
    symlinkSync(join(ROOT, name), join(folder, name));
  write("package.json", `{"main": "index.ts"}`);
  write("counted.ts", "export const runs: number[] = [];");
  write(
    "index.ts",
    `import { appendFileSync } from "node:fs";
import { getStack } from "@pulumi/pulumi";
import { runs } from "./counted";
runs.push(1);
appendFileSync("ran", [process.pid, getStack(), runs.length].join(" ") + "\\n");`,
  );
  hosts = new ProgramHosts(new ProjectFolder(folder));
});
afterEach(() => {
  hosts.close();
  rmSync(folder, { recursive: true });
});

function write(file: string, text: string): void {
  writeFileSync(join(folder, file), `${text}\n`);
}

/** Has the program run as `pulumi up --client=…` does, and tells what went wrong. */
async function run([option = ""]: readonly string[], stack: string): Promise<string> {
  const client = new LanguageRuntimeClient(option.replace("--client=", ""), credentials.createInsecure());
  const request = new RunRequest();
  request.setProject("lqpt");
  request.setStack(stack);
  request.setMonitorAddress(engineAddress);
  request.setArgsList([engineAddress]);
  try {
    return await new Promise((resolve) => {
      client.run(request, (error, response) => resolve(error?.message ?? response.getError()));
    });
  } finally {
    client.close();
  }
}

/** Which process ran the program for which stack, and how often what it counts by was there before. */
function ran(): { readonly pid: number; readonly stack: string; readonly runs: number }[] {
  const lines = readFileSync(join(folder, "ran"), "utf8").trim().split("\n");
  return lines.map((line) => {
    const [pid, stack = "", runs] = line.split(" ");
    return { pid: Number(pid), stack, runs: Number(runs) };
  });
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test("one process runs the program for many stacks, each time as if it were the first", async () => {
  for (const stack of ["a", "b"]) expect(await hosts.lend((options) => run(options, stack))).toBe("");
  const [first, second] = ran();
  expect([first?.stack, first?.runs, second?.stack, second?.runs]).toEqual(["a", 1, "b", 1]);
  expect(second?.pid).toBe(first?.pid);
});

test("at the same time each stack has a process of its own, and none is left behind", async () => {
  await Promise.all(["a", "b"].map((stack) => hosts.lend((options) => run(options, stack))));
  const pids = ran().map(({ pid }) => pid);
  expect(new Set(pids).size).toBe(2);
  hosts.close();
  await until("the processes end", () => Promise.resolve(!pids.some(isThere)));
});

test("one that is lent when all is over ends when it comes back", async () => {
  await hosts.lend(async (options) => {
    hosts.close();
    await run(options, "a");
  });
  const [first] = ran();
  await until("the process ends", () => Promise.resolve(!isThere(first?.pid ?? 0)));
});

test("where a process has died, the next stack gets another", async () => {
  await hosts.lend((options) => run(options, "a"));
  const [first] = ran();
  process.kill(first?.pid ?? 0, "SIGKILL");
  await until("it ends", () => Promise.resolve(!isThere(first?.pid ?? 0)));
  await hosts.lend((options) => run(options, "b"));
  expect(ran().map(({ stack }) => stack)).toEqual(["a", "b"]);
});

test("a program that fails where nobody catches it is told, and the next stack gets another process", async () => {
  const index = readFileSync(join(folder, "index.ts"), "utf8");
  write(
    "index.ts",
    `${index}
import { CustomResource, output } from "@pulumi/pulumi";
if (getStack() === "a") new CustomResource("t:i:R", "r", { key: output(Promise.reject(new Error("it is wrong"))) });`,
  );
  expect(await hosts.lend((options) => run(options, "a"))).toContain("it is wrong");
  expect(await hosts.lend((options) => run(options, "b"))).toBe("");
  const [first, second] = ran();
  expect([first?.stack, second?.stack]).toEqual(["a", "b"]);
  expect(second?.pid).not.toBe(first?.pid);
  await until("the first ends", () => Promise.resolve(!isThere(first?.pid ?? 0)));
});

test("a program that cannot be run so is left to Pulumi", async () => {
  rmSync(join(folder, "Pulumi.yaml"));
  write("Pulumi.yaml", "name: lqpt\nruntime: nodejs");
  const left = new ProgramHosts(new ProjectFolder(folder));
  expect(await left.lend((options) => Promise.resolve(options))).toEqual([]);
});
