import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ECDSA, HOST, ROOT, SMALL } from "../config/stacks";
import { makeFolder, writeStack } from "../fleet/folder";
import { callIn } from "./inProcess";
import { PUBLIC_KEY } from "./privateKey";

jest.mock("../../../cli/pulumiReady", () => ({ refuseWithoutPulumi: () => undefined }));
jest.mock("../../../cli/pulumi", () => ({ pulumi: () => undefined }));

let folder: string;
beforeAll(() => {
  folder = makeFolder();
  writeStack(folder, "acme-prod", SMALL);
  writeStack(folder, "bundle-prod", {
    ...{ ...SMALL, id: "bundle-1a2b", listen: { tls: "none" } },
    hosts: { "proxy-1": { address: "203.0.113.11", delivery: "bundle" } },
  });
  mkdirSync(join(folder, "a-folder"));
  writeFileSync(join(folder, "a-file"), "");
  writeFileSync(join(folder, "key.pub"), PUBLIC_KEY);
});
afterAll(() => rmSync(folder, { recursive: true }));

const lqpt = (...words: readonly string[]) =>
  callIn(
    folder,
    words.map((word) => word.replace("FOLDER", folder)),
  );

const NEW = [
  ...["new", "new-prod", "--environment", "prod", "--topology", "public-cloud", "--leqi-id", "0012345"],
  ...["--tls", "none", "--host", "203.0.113.12", "--host-key", ECDSA],
];

test.each<[string, readonly string[], string]>([
  [
    "a key",
    [...NEW, "--auth", "key", "--private-key", "FOLDER/x"],
    "--private-key FOLDER/x: there is no such",
  ],
  [
    "a key",
    [...NEW, "--auth", "key", "--private-key", "FOLDER/a-file"],
    "--private-key FOLDER/a-file: Unsupported key format; expected an OpenSSH private key without a passphrase",
  ],
  [
    "a key",
    [...NEW, "--auth", "key", "--private-key", "FOLDER/key.pub"],
    "--private-key FOLDER/key.pub: this is a public key; expected an OpenSSH private key",
  ],
  [
    "a password",
    [...NEW, "--auth", "password", "--password-file", "FOLDER/a-folder"],
    "--password-file FOLDER/a-folder: this is a folder; expected a file with it",
  ],
  ["an answer", ["record", "bundle-prod", "FOLDER/x"], "FOLDER/x: there is no such file; expected what"],
  [
    "a plan",
    ["notice", "FOLDER/x"],
    "FOLDER/x: there is no such file; expected what lqpt plan --json printed",
  ],
  [
    "a plan",
    ["rollout", "FOLDER/x"],
    "FOLDER/x: there is no such file; expected what lqpt plan --json printed",
  ],
  [
    "a form",
    ["openings", "acme-prod", "--out", "FOLDER/no/x.docx"],
    "FOLDER/no/x.docx: there is no folder FOLDER/no; make it first: mkdir -p 'FOLDER/no'",
  ],
  [
    "bundles",
    ["bundle", "bundle-prod", "--out", "FOLDER/a-file"],
    "FOLDER/a-file: a file is in its place; expected the name of a folder",
  ],
])("of %s that cannot be read or written, its name is said, and what to do: %j", async (_, words, told) => {
  const { status, stderr } = await lqpt(...words);
  expect(status).toBe(1);
  expect(stderr.replaceAll(folder, "FOLDER")).toContain(told);
  expect(stderr).not.toMatch(/E[A-Z]{4,}/);
});

test.each([
  ["openings", "acme-prod", "--out", "FOLDER/x.pdf"],
  ["openings", "acme-prod", "--out", "FOLDER/x"],
  ["unban", "acme-prod", "--reason", "x", "--out", "FOLDER/x.pdf"],
])("%s %s %s %s: a Word document is written into no file of another kind", async (...words) => {
  const { status, stderr } = await lqpt(...words);
  expect(status).toBe(64);
  expect(stderr).toContain("expected a name that ends in .docx");
  expect(readdirSync(folder)).not.toContain("x.pdf");
});

describe("the application for openings", () => {
  const example =
    /```yaml\n(config:\n[^]*?)```/.exec(readFileSync(join(ROOT, "README.md"), "utf8"))?.[1] ?? "";

  it("is made of the README's own file, which has no secret yet", async () => {
    writeFileSync(join(folder, "Pulumi.readme-prod.yaml"), example);
    const { status, stdout, stderr } = await lqpt("openings", "readme-prod", "--lang", "en");
    rmSync(join(folder, "Pulumi.readme-prod.yaml"));
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toContain("198.51.100.7\tACME back office");
  });

  it("is refused for a secret that nothing uses, as for every other mistake", async () => {
    writeStack(folder, "wrong-prod", {
      ...{ ...SMALL, id: "wrong-1a2b", hosts: { "proxy-1": { ...HOST, auth: "key" } } },
      secrets: { "proxy-9": { password: { secure: "v1:AAAA" } } },
    });
    const { status, stderr } = await lqpt("openings", "wrong-prod");
    rmSync(join(folder, "Pulumi.wrong-prod.yaml"));
    expect(status).toBe(1);
    expect(stderr).toContain("Pulumi.wrong-prod.yaml: 1 mistake");
    expect(stderr).toContain("lqpt:secrets.proxy-9");
  });
});

test.each([
  ["status", "en", "prod is an environment's list, which customers' stacks inherit, and has no hosts"],
  ["status", "zh", "prod 是环境的公共名单，供各客户的栈继承，本身没有主机"],
  ["check", "en", "prod is an environment's list"],
])("%s of a list that others inherit says what it is (%s)", async (command, language, told) => {
  const { status, stdout } = await lqpt(command, "prod", "--lang", language);
  expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringContaining(told) as string });
});

test("status of a stack without hosts says so", async () => {
  writeStack(folder, "begun-prod", { environments: ["prod"] });
  const { stdout } = await lqpt("status", "begun-prod", "--lang", "en");
  rmSync(join(folder, "Pulumi.begun-prod.yaml"));
  expect(stdout).toBe("begun-prod has no hosts yet; write them under lqpt:hosts of Pulumi.begun-prod.yaml\n");
});
