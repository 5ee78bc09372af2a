import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { decodeText } from "../../../config/encoding";
import { ConfigError } from "../../../config/errors";
import { makeFolder, writeStack } from "../fleet/folder";
import { callIn } from "../cli/inProcess";
import { SMALL } from "./stacks";

/** 发票 as an editor on a Chinese Windows saves it. */
const GBK = Buffer.from([0xb7, 0xa2, 0xc6, 0xb1]);
const FILE = "Pulumi.acme-prod.yaml";

const refused = (bytes: Buffer): string => {
  try {
    decodeText(FILE, bytes);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error("it was read");
};

test("what is UTF-8 is read as it is, its byte order mark with it", () => {
  const text = "\ufeffconfig:\r\n  lqpt:allow: {10.0.0.1: 发票云}\r\n";
  expect(decodeText(FILE, Buffer.from(text))).toBe(text);
});

test("a file in GBK is refused with its first such line, what is allowed and the command that mends it", () => {
  const message = refused(Buffer.concat([Buffer.from("config:\n  lqpt:customer: {name: "), GBK]));
  expect(message).toMatchInlineSnapshot(`
    "Pulumi.acme-prod.yaml: 1 mistake; nothing was changed on any host
      line 2
        found:   bytes that are not shown
        problem: this is not UTF-8; in GBK, as editors on a Chinese Windows save it, Chinese is such bytes
        allowed: a file in UTF-8
        next:    iconv -f GB18030 -t UTF-8 'Pulumi.acme-prod.yaml' > 'Pulumi.acme-prod.yaml.new' && mv 'Pulumi.acme-prod.yaml.new' 'Pulumi.acme-prod.yaml'; then read whether its Chinese is right, and set the editor to UTF-8"
  `);
});

test("a file in UTF-16 is refused with the command for that", () => {
  expect(refused(Buffer.from("\ufeffconfig: {}", "utf16le"))).toContain("iconv -f UTF-16 -t UTF-8");
});

test("nothing of such a file is repeated: a secret may be in it", () => {
  expect(refused(Buffer.concat([Buffer.from("password: hunter2"), GBK]))).not.toContain("hunter2");
});

describe("in a folder", () => {
  let folder: string;
  beforeEach(() => {
    folder = makeFolder();
    writeStack(folder, "acme-prod", SMALL);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test.each([
    ["a customer's file", FILE],
    ["an environment's file", "Pulumi.prod.yaml"],
    ["the project's own file", "Pulumi.yaml"],
  ])("lint refuses %s that is in GBK", async (_, file) => {
    writeFileSync(join(folder, file), Buffer.concat([Buffer.from("# "), GBK, Buffer.from("\nconfig: {}\n")]));
    const { status, stderr } = await callIn(folder, ["lint", "acme-prod"]);
    expect(status).toBe(1);
    expect(stderr).toContain(`${file}: 1 mistake`);
    expect(stderr).toContain("not UTF-8");
  });
});
