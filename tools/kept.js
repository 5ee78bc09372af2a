// What is made of this clone's files, kept from one preview to the next, since each waits for it
// (docs/decisions/0011-preview-cost.md). JavaScript, because it is loaded before TypeScript can be.
"use strict";

const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");

/** As for what else is made from this clone's files, gone with the next `npm ci`. */
const CACHE = join(__dirname, "..", "node_modules", ".cache", "lqpt-kept");

/** What `make` makes of `source`, or made of it in an earlier run. `madeBy` is raised with whatever changes that. */
exports.kept = (madeBy, source, make) => {
  const path = join(CACHE, createHash("sha256").update(madeBy).update(source).digest("hex"));
  try {
    return readFileSync(path, "utf8");
  } catch {
    const made = make();
    keep(path, made);
    return made;
  }
};

/** Whole or not at all: several previews may run at once. Where nothing can be kept, a preview is slower and no more. */
function keep(path, made) {
  const draft = `${path}.${String(process.pid)}`;
  try {
    mkdirSync(CACHE, { recursive: true });
    writeFileSync(draft, made);
    renameSync(draft, path);
  } catch {
    return;
  }
}
