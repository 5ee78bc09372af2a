import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PROJECT = join(__dirname, "..", "..");
const DEFERRED = join(PROJECT, "tools", "deferred.js");

/** Says which of `packages` are loaded. */
const LOADED = `
const loaded = (...packages) => packages.filter((name) => Object.values(require.cache).some((module) =>
  module.filename.includes("/node_modules/" + name + "/") && module.children.length + module.paths.length > 0));
`;

/** What a program prints that Node runs with the SDK's deferred. */
function run(program: string, folder = PROJECT): string {
  const words = ["--require", DEFERRED, "--eval", LOADED + program];
  return execFileSync("node", words, { cwd: folder, encoding: "utf8", stdio: "pipe" });
}

const HEAVY =
  '"typescript", "@npmcli/arborist", "sigstore", "@opentelemetry/sdk-trace-node", "source-map-support"';

test("the SDK is loaded without what no program of ours uses", () => {
  const program = `
    const pulumi = require("@pulumi/pulumi");
    require("@pulumi/pulumi/cmd/run/tracing");
    require("source-map-support/register");
    console.log(typeof pulumi.output, loaded(${HEAVY}), loaded("@grpc/grpc-js"));`;
  expect(run(program)).toBe("function [] [ '@grpc/grpc-js' ]\n");
});

test("a function can still be turned into text, with the packages that it needs", () => {
  const program = `
    const { runtime } = require("@pulumi/pulumi");
    const arborist = require("@npmcli/arborist");
    const answer = 42;
    void runtime.serializeFunction(() => answer).then(({ text }) =>
      console.log(text.includes("answer: 42"), typeof arborist.Arborist, loaded(${HEAVY})));`;
  expect(run(program)).toBe("true function [ 'typescript', '@npmcli/arborist', 'sigstore' ]\n");
});

test("traces can still be sent", () => {
  const program = `
    require("@pulumi/pulumi");
    const tracing = require("@pulumi/pulumi/cmd/run/tracing");
    tracing.start("http://127.0.0.1:9/");
    console.log(tracing.newSpan("of a test").isRecording(), loaded(${HEAVY}));`;
  expect(run(program)).toBe("true [ '@opentelemetry/sdk-trace-node' ]\n");
});

test("a folder without the SDK is as it was", () => {
  const folder = mkdtempSync(join(tmpdir(), "lqpt-deferred-"));
  try {
    expect(run("console.log(Object.keys(require.cache).length);", folder)).toBe("1\n");
  } finally {
    rmSync(folder, { recursive: true });
  }
});
