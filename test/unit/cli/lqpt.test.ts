import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { lqpt as program } from "../../../cli/program";
import { IN_ENGLISH, LQPT } from "../../support/stack";
import { ED25519, ROOT } from "../config/stacks";
import { makeFolder } from "../fleet/folder";
import { callIn } from "./inProcess";

const STACK = `config:
  lqpt:id: acme-7f3a
  lqpt:environments: [prod]
  lqpt:topology: public-cloud
  lqpt:leqiId: "0012345"
  lqpt:listen: {tls: self-signed}
  lqpt:allow: {121.36.53.0/28: ACME back office}
  lqpt:remove: {49.4.80.61: sandbox address}
  lqpt:hosts:
    proxy-1: {address: 203.0.113.10, user: root, auth: password, hostKey: ${ED25519}}
  lqpt:secrets: {proxy-1: {password: {secure: "v1:AAAA:BBBB"}}}
`;

let folder: string;
beforeAll(() => {
  folder = makeFolder();
  writeFileSync(join(folder, "Pulumi.acme-prod.yaml"), STACK);
});
afterAll(() => rmSync(folder, { recursive: true }));

const lqpt = (...words: string[]) => callIn(folder, words);

test("lint ends with 0 where all is well", async () => {
  expect(await lqpt("lint")).toMatchObject({ status: 0, stdout: "3 stacks checked, none with mistakes\n" });
});

test("lint ends with 1 where there is a mistake, and tells it as `pulumi preview` does", async () => {
  const { status, stdout, stderr } = await lqpt("lint", "acme-test");
  expect(status).toBe(1);
  expect(stdout).toBe("1 stack checked, 1 with mistakes\n");
  expect(stderr).toContain("Pulumi.acme-test.yaml: 1 mistake");
});

test("show tells each value with the file that it comes from, and no secret", async () => {
  const { status, stdout } = await lqpt("show", "acme-prod");
  expect(status).toBe(0);
  expect(stdout.replaceAll(ED25519, "KEY")).toMatchSnapshot();
});

test.each([[["nope"]], [["lint", "--nope"]], [["show"]]])("%j is no way to call it: 64", async (words) => {
  const { status, stderr } = await lqpt(...words);
  expect(status).toBe(64);
  expect(stderr).toContain("lqpt --help");
});

test("the application for openings is of a stack with hosts: another is refused, with what to do instead", async () => {
  expect((await lqpt("openings", "acme-prod", "--lang", "en")).stdout).toContain(
    "121.36.53.0/28\tACME back office",
  );
  const { status, stdout, stderr } = await lqpt("openings", "prod");
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr).toContain(
    "prod has no lqpt:hosts, so there is nothing to open; it is a list that stacks inherit; name a customer's stack: acme-prod",
  );
});

test("every command has its place in docs/lqpt.md", () => {
  const docs = readFileSync(join(ROOT, "docs/lqpt.md"), "utf8");
  const names = program().commands.map((command) => command.name());
  expect(names.filter((name) => !docs.includes(`lqpt ${name}`))).toEqual([]);
});

test("it is a program that works from any folder below Pulumi.yaml, and says so elsewhere", async () => {
  const words = [LQPT, "lint", "prod"];
  const options = {
    cwd: join(ROOT, "docs"),
    encoding: "utf8",
    env: { ...process.env, ...IN_ENGLISH },
  } as const;
  expect(execFileSync(process.execPath, words, options)).toBe("1 stack checked, none with mistakes\n");
  expect(await callIn("/", ["lint"])).toMatchObject({
    status: 1,
    stderr: expect.stringContaining("no Pulumi.yaml in / or above it") as string,
  });
});
