// Pulumi's SDK loads at its start what it needs for functions that become code elsewhere (TypeScript, and npm's
// Arborist with sigstore and pacote), for traces to Zipkin, and for stack traces in its own TypeScript. No program of
// ours does the first, hardly anybody the second, the third reads a map for each file that a promise was made in; and
// each preview and `up` waited for them: three quarters of what loading the SDK takes
// (docs/decisions/0011-preview-cost.md). Here each is loaded when something of it is first asked for.
"use strict";

const { createRequire } = require("node:module");

/** As the SDK names them. All that it does with each is to read what it exports, by name, in functions; of the last nothing. */
const DEFERRED = [
  "@pulumi/pulumi/typescript-shim",
  "@npmcli/arborist",
  "@opentelemetry/exporter-zipkin",
  "@opentelemetry/instrumentation",
  "@opentelemetry/instrumentation-grpc",
  "@opentelemetry/resources",
  "@opentelemetry/sdk-trace-base",
  "@opentelemetry/sdk-trace-node",
  "source-map-support/register",
];

const ofProject = createRequire(`${process.cwd()}/index.ts`);
const sdk = found(ofProject, "@pulumi/pulumi");
const ofSdk = createRequire(sdk ?? __filename);
const files =
  sdk === undefined ? [] : DEFERRED.map((name) => found(ofSdk, name)).filter((file) => file !== undefined);
files.forEach((file) => (require.cache[file] = standIn(file)));

/** Another version of the SDK may do without it. */
function found(from, name) {
  try {
    return from.resolve(name);
  } catch {
    return undefined;
  }
}

/** What is in the cache in its place, until it is asked for anything. */
function standIn(file) {
  const exports = new Proxy(
    {},
    // The compiler's `import * as` makes a copy of a module unless it says that it is one of these.
    { get: (_, name) => (name === "__esModule" ? true : whole(file)[name]) },
  );
  return { id: file, filename: file, loaded: true, exports, children: [], paths: [] };
}

const loaded = new Map();

/** The module itself. With the first of them all stand-ins go, so that none of what is loaded now meets another. */
function whole(file) {
  if (loaded.size === 0) files.forEach((each) => Reflect.deleteProperty(require.cache, each));
  if (!loaded.has(file)) loaded.set(file, require(file));
  return loaded.get(file);
}
