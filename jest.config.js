/** @type {import("jest").Config} */
module.exports = {
  // A hang ends here; whatever is slower than this says so itself.
  testTimeout: 600_000,
  testMatch: ["<rootDir>/test/**/*.test.ts"],
  testSequencer: "<rootDir>/test/support/longestFirst.js",
  transform: {
    "\\.[mc]?[jt]s$": ["@swc/jest", { jsc: { target: "es2022" }, module: { type: "commonjs" } }],
  },
  moduleNameMapper: { "^unicorn-magic$": "<rootDir>/node_modules/unicorn-magic/node.js" },
  // execa and what it needs are published as ES modules alone, which jest's loader cannot require.
  transformIgnorePatterns: [
    "/node_modules/(?!(execa|@sindresorhus|@sec-ant|figures|get-stream|human-signals|is-plain-obj|is-stream|is-unicode-supported|npm-run-path|path-key|parse-ms|pretty-ms|strip-final-newline|unicorn-magic|yoctocolors)/)",
  ],
};
