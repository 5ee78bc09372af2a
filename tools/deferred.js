// Pulumi's SDK loads at its start what it needs for functions that become code elsewhere (TypeScript, npm's Arborist with
// sigstore and pacote, a session of Node's debugger), for the Automation API, for traces to Zipkin, and for stack traces
// in its own TypeScript. No program of ours does the first two, hardly anybody the third, and the last reads a map for
// each file in which a promise is made; and each preview and `up` waited for them: three quarters of what loading the
// SDK takes (docs/decisions/0011-preview-cost.md). Here each is loaded when something of it is first asked for.
"use strict";

const { createRequire } = require("node:module");

/**
 * As the SDK names them, each with what is known of it without loading it. All that the SDK does with one is to read
 * what it exports, by name, in functions; with the last nothing.
 */
const DEFERRED = {
  "@pulumi/pulumi/automation": {},
  "@pulumi/pulumi/typescript-shim": {},
  // Waited for before the program runs, so that an error can name the file of a function that cannot become code.
  "@pulumi/pulumi/runtime/closure/v8Hooks": { isInitializedAsync: () => Promise.resolve() },
  "@npmcli/arborist": {},
  "@opentelemetry/exporter-zipkin": {},
  "@opentelemetry/instrumentation": {},
  "@opentelemetry/instrumentation-grpc": {},
  "@opentelemetry/resources": {},
  "@opentelemetry/sdk-trace-base": {},
  "@opentelemetry/sdk-trace-node": {},
  "source-map-support/register": {},
};

const ofProject = createRequire(`${process.cwd()}/index.ts`);
const sdk = found(ofProject, "@pulumi/pulumi");
const files = sdk === undefined ? [] : standInsFor(createRequire(sdk));

function standInsFor(ofSdk) {
  return Object.entries(DEFERRED).flatMap(([name, known]) => {
    const file = found(ofSdk, name);
    if (file === undefined) return [];
    require.cache[file] = standIn(file, known);
    return [file];
  });
}

/** Another version of the SDK may do without it. */
function found(from, name) {
  try {
    return from.resolve(name);
  } catch {
    return undefined;
  }
}

/** What is in the cache in its place, until it is asked for anything else than what is known. */
function standIn(file, known) {
  // The compiler's `import * as` makes a copy of a module unless it says that it is one of these.
  const readable = { __proto__: null, __esModule: true, ...known };
  const exports = new Proxy(
    {},
    { get: (_, name) => (name in readable ? readable[name] : whole(file)[name]) },
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
