// Lets Node run this project's TypeScript as it is: `node --require ./tools/transpile.js index.ts`. Nothing else is
// loaded here, because every preview waits for it.
//
// What sucrase makes of a file is kept, by the hash of what it was made from, since transpiling takes a tenth of a
// preview (docs/decisions/0011-preview-cost.md). Sucrase keeps each line where it is, so a stack trace is right
// without a source map.
"use strict";

const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");
const { addHook } = require("pirates");

/** As for what else is made from this clone's files, gone with the next `npm ci`. */
const CACHE = join(__dirname, "..", "node_modules", ".cache", "lqpt-transpiled");
/** Raised with whatever changes what is made of the same source: sucrase's version, its options. */
const MADE_BY = "sucrase 3.35.1, imports and typescript";

addHook(transpiled, { exts: [".ts"], ignoreNodeModules: true });

function transpiled(source, file) {
  const kept = join(CACHE, createHash("sha256").update(MADE_BY).update(source).digest("hex"));
  try {
    return readFileSync(kept, "utf8");
  } catch {
    const { code } = require("sucrase").transform(source, {
      transforms: ["imports", "typescript"],
      filePath: file,
    });
    keep(kept, code);
    return code;
  }
}

/** Whole or not at all: several previews may run at once. Where nothing can be kept, a preview is slower and no more. */
function keep(path, code) {
  const draft = `${path}.${String(process.pid)}`;
  try {
    mkdirSync(CACHE, { recursive: true });
    writeFileSync(draft, code);
    renameSync(draft, path);
  } catch {
    return;
  }
}
