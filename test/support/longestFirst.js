"use strict";
const { default: Sequencer } = require("@jest/test-sequencer");

/** Those that take minutes, longest first: one that begins last would keep a single worker busy at the end. */
const LONGEST = ["/death", "/site/sources", "/badInput", "/rollback", "/e2e/firewall/", "/e2e/"];

/** Orders the test files without what a former run measured, which a fresh clone has not. */
module.exports = class extends Sequencer {
  sort(tests) {
    const rank = ({ path }) => {
      const found = LONGEST.findIndex((part) => path.includes(part));
      return found < 0 ? LONGEST.length : found;
    };
    return [...tests].sort((one, other) => rank(one) - rank(other) || (one.path < other.path ? -1 : 1));
  }
};
