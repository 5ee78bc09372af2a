// Lets Node run this project's TypeScript as it is: `node --require ./tools/transpile.js index.ts`. Nothing else is
// loaded here, because every preview waits for it.
//
// What sucrase makes of a file is kept, since transpiling takes a tenth of a preview
// (docs/decisions/0011-preview-cost.md). Sucrase keeps each line where it is, so a stack trace is right without a
// source map.
"use strict";

const { addHook } = require("pirates");
const { kept } = require("./kept");

/** Raised with whatever changes what is made of the same source: sucrase's version, its options. */
const MADE_BY = "sucrase 3.35.1, imports and typescript";

addHook(transpiled, { exts: [".ts"], ignoreNodeModules: true });

function transpiled(source, file) {
  return kept(MADE_BY, source, () => {
    const transforms = ["imports", "typescript"];
    return require("sucrase").transform(source, { transforms, filePath: file }).code;
  });
}
