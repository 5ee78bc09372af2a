import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseBaseFile, readBaseFile } from "../../../config/baseFiles";
import type { BaseFile } from "../../../config/input";
import { FilesOnDisk } from "../../../config/projectFiles";
import type { Environment } from "../../../config/types";
import { parse, ROOT, type Values } from "./stacks";

const LISTS: Readonly<Record<Environment, readonly string[]>> = {
  sandbox: ["49.4.80.61", "68.79.14.3", "82.156.30.248", "124.70.28.68"],
  prod: ["49.4.83.185", "52.82.125.155", "82.157.180.203", "121.36.53.241"],
};

test.each(["sandbox", "prod"] as const)(
  "%s has the vendor's four egress addresses and no other",
  (environment) => {
    const { file, values } = readBaseFile(new FilesOnDisk(ROOT), environment);
    expect(file).toBe(`Pulumi.${environment}.yaml`);
    const { sources } = parse(values, { stack: environment, file });
    expect(sources.map(({ cidr }) => cidr)).toEqual(LISTS[environment]);
    expect(sources.every(({ owner }) => owner.endsWith(`, ${environment}`))).toBe(true);
  },
);

test("what Pulumi writes into the file of a stack of its own is no mistake", () => {
  const text = "encryptionsalt: v1:abc\nsecretsprovider: passphrase\nconfig:\n  lqpt:environments: [prod]\n";
  expect(parseBaseFile("Pulumi.prod.yaml", text).values).toEqual({ environments: ["prod"] });
});

test("Windows line ends and a byte order mark change nothing", () => {
  const text = "\ufeffconfig:\r\n  lqpt:allow:\r\n    10.0.0.1: 发票云\r\n";
  expect(parseBaseFile("Pulumi.prod.yaml", text).values).toEqual({ allow: { "10.0.0.1": "发票云" } });
});

test.each([
  ["a duplicate key", "config:\n  lqpt:allow:\n    10.0.0.1: a\n    10.0.0.1: b\n"],
  ["a tab", "config:\n\tlqpt:allow: {}\n"],
  ["a bracket that stays open", "config:\n  lqpt:environments: [prod\n  lqpt:allow: {}\n"],
  ["a second document", "config: {}\n---\nconfig: {}\n"],
  ["an empty file", ""],
  ["no config", "encryptionsalt: v1:abc\n"],
  ["config as a list", "config:\n  - lqpt:allow\n"],
  ["a full-width colon", "config：\n  lqpt:allow: {}\n"],
  ["a foreign key beside config", "config: {}\nenvironment: [x]\n"],
  ["a key of another program", "config:\n  aws:region: x\n"],
  ["a stack's own key", "config:\n  lqpt:leqiId: A\n  lqpt:secrets: {a: {password: hunter2}}\n"],
  ["a key without its prefix", "config:\n  allow: {}\n"],
])("%s is refused with its line or key", (_, text) => {
  expect(() => parseBaseFile("Pulumi.prod.yaml", text)).toThrowErrorMatchingSnapshot();
});

test.each([
  ["another environment's name", { environments: ["sandbox"], allow: { "1.2.3.4": "group" } }],
  ["no list", { environments: ["prod"] }],
] satisfies [string, Values][])("%s in the inherited file is refused under that file's name", (_, values) => {
  const bases = (): BaseFile => ({ file: "Pulumi.prod.yaml", values });
  expect(() => parse({ environments: ["prod"] }, { bases })).toThrowErrorMatchingSnapshot();
});

describe("in a folder of its own", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "lqpt-"))));
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  test("a file that is missing is told with what to do", () => {
    expect(() => readBaseFile(new FilesOnDisk(folder), "sandbox")).toThrow(
      /Pulumi\.sandbox\.yaml: 1 mistake; .*\n.*the file itself\n.*nothing\n.*no such file.*\n.*beside Pulumi\.yaml.*\n.*version control/,
    );
  });

  test("the file is read from the folder given, whatever the working directory", () => {
    writeFileSync(join(folder, "Pulumi.prod.yaml"), "config:\n  lqpt:environments: [prod]\n");
    expect(readBaseFile(new FilesOnDisk(folder), "prod").values).toEqual({ environments: ["prod"] });
  });
});
