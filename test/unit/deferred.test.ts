import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PROJECT = join(__dirname, "..", "..");
const DEFERRED = join(PROJECT, "tools", "deferred.js");

/** Says which packages and modules are loaded. */
const LOADED = `
const loaded = (...names) => names.filter((name) => Object.values(require.cache).some(({ filename, paths }) =>
  paths.length > 0 && ["/", ".js"].some((end) => filename.includes("/node_modules/" + name + end))));
`;

/** What a program prints that Node runs with the SDK's deferred. */
function run(program: string, folder = PROJECT): string {
  const words = ["--require", DEFERRED, "--eval", LOADED + program];
  return execFileSync("node", words, { cwd: folder, encoding: "utf8", stdio: "pipe" });
}

const V8_HOOKS = "@pulumi/pulumi/runtime/closure/v8Hooks";
const SERIALIZING = ["typescript", "@npmcli/arborist", "sigstore", V8_HOOKS];
const TRACING = ["@opentelemetry/sdk-trace-node"];
const heavy = `JSON.stringify(loaded(${[
  ...SERIALIZING,
  ...TRACING,
  "source-map-support",
  "@pulumi/pulumi/automation",
]
  .map((name) => JSON.stringify(name))
  .join(", ")}))`;

test("the SDK is loaded without what no program of ours uses", () => {
  const program = `
    const pulumi = require("@pulumi/pulumi");
    require("@pulumi/pulumi/cmd/run/tracing");
    require("source-map-support/register");
    void require("${V8_HOOKS}").isInitializedAsync().then(() =>
      console.log(typeof pulumi.output, ${heavy}, loaded("@grpc/grpc-js").length));`;
  expect(run(program)).toBe("function [] 1\n");
});

test("a function can still be turned into text, with the packages that it needs", () => {
  const program = `
    const { runtime } = require("@pulumi/pulumi");
    const arborist = require("@npmcli/arborist");
    const answer = 42;
    void runtime.serializeFunction(() => answer).then(({ text }) =>
      console.log(text.includes("answer: 42"), typeof arborist.Arborist, ${heavy}));`;
  expect(run(program)).toBe(`true function ${JSON.stringify(SERIALIZING)}\n`);
});

test("traces can still be sent", () => {
  const program = `
    require("@pulumi/pulumi");
    const tracing = require("@pulumi/pulumi/cmd/run/tracing");
    tracing.start("http://127.0.0.1:9/");
    console.log(tracing.newSpan("of a test").isRecording(), ${heavy});`;
  expect(run(program)).toBe(`true ${JSON.stringify(TRACING)}\n`);
});

test("a folder without the SDK is as it was", () => {
  const folder = mkdtempSync(join(tmpdir(), "lqpt-deferred-"));
  try {
    expect(run("console.log(Object.keys(require.cache).length);", folder)).toBe("1\n");
  } finally {
    rmSync(folder, { recursive: true });
  }
});
