import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ED25519 } from "../config/stacks";
import { makeFolder } from "../fleet/folder";
import { callIn } from "./inProcess";
import { PRIVATE_KEY } from "./privateKey";

// The real Pulumi is in test/e2e/customers; this one fails where it is told to, and notes down what it is called with.
const PULUMI = `#!/bin/sh
echo "$*" >> "$CALLS"
case "$*" in
whoami*) [ "$FAILS" != login ] || { echo "error: PULUMI_ACCESS_TOKEN must be set" >&2; exit 1; }
	printf '{"user": "root", "url": "%s"}' "$BACKEND" ;;
"stack init"*) [ "$FAILS" != init ] || exit 255 ;;
"config set"*) cat >/dev/null; [ "$FAILS" != secret ] && [ "$FAILS" != rm ] || exit 255 ;;
"stack rm"*) [ "$FAILS" != rm ] || exit 255 ;;
esac
`;

const WORDS = [
  ...["new", "new-prod", "--environment", "prod", "--topology", "public-cloud", "--leqi-id", "0012345"],
  ...["--tls", "none", "--host", "203.0.113.10", "--host-key", ED25519, "--auth", "key"],
];

let folder: string;
const { env } = process;
beforeEach(() => {
  folder = makeFolder();
  mkdirSync(join(folder, "bin"));
  writeFileSync(join(folder, "bin/pulumi"), PULUMI, { mode: 0o755 });
  writeFileSync(join(folder, "key"), PRIVATE_KEY);
  process.env = { PATH: `${join(folder, "bin")}:/usr/bin:/bin`, CALLS: join(folder, "calls") };
});
afterEach(() => {
  process.env = env;
  rmSync(folder, { recursive: true });
});

const lqptNew = (given: Readonly<Record<string, string>>) => {
  Object.assign(process.env, given);
  return callIn(folder, [...WORDS, "--private-key", join(folder, "key")]);
};
const calls = () => readFileSync(join(folder, "calls"), "utf8").trim().split("\n");
const files = () => readdirSync(folder).filter((name) => name.startsWith("Pulumi.new-prod"));

const FILES = { BACKEND: "file://~", PULUMI_CONFIG_PASSPHRASE: "" };

test.each<[string, Readonly<Record<string, string>>, string]>([
  ["is not logged in", { FAILS: "login" }, "PULUMI_ACCESS_TOKEN must be set; expected it logged in"],
  ["has no passphrase", { BACKEND: "file://~" }, "expected it in PULUMI_CONFIG_PASSPHRASE_FILE"],
  [
    "has a passphrase in a file that is not there",
    { BACKEND: "postgres://lqpt:hunter2@db/lqpt", PULUMI_CONFIG_PASSPHRASE_FILE: "/nowhere/passphrase" },
    "PULUMI_CONFIG_PASSPHRASE_FILE: /nowhere/passphrase: there is no such file",
  ],
  ["is not there", { PATH: "/nowhere" }, "pulumi is not installed, or not on PATH"],
])("where Pulumi %s nothing is written, and it is said what to do", async (_, given, words) => {
  const { status, stderr } = await lqptNew(given);
  expect(status).toBe(1);
  expect(stderr).toContain(words);
  expect(stderr).toContain("Nothing was written");
  expect(stderr).not.toMatch(/hunter2|ENOENT/);
  expect(files()).toEqual([]);
});

test("a service that keeps the secrets' key itself needs no passphrase", async () => {
  expect(await lqptNew({ BACKEND: "https://app.pulumi.com/acme" })).toMatchObject({ status: 0 });
  expect(files()).toEqual(["Pulumi.new-prod.yaml"]);
});

test("where the stack cannot be made its file is taken back, and a stack that was there already stays", async () => {
  const { status, stderr } = await lqptNew({ ...FILES, FAILS: "init" });
  expect(status).toBe(1);
  expect(stderr).toContain("Nothing is left of it");
  expect(files()).toEqual([]);
  expect(calls().filter((call) => call.startsWith("stack rm"))).toEqual([]);
});

test("where a secret cannot be set the stack and its file are taken back", async () => {
  const { status, stderr } = await lqptNew({ ...FILES, FAILS: "secret" });
  expect(status).toBe(1);
  expect(stderr).toContain("Nothing is left of it");
  expect(files()).toEqual([]);
  expect(calls().at(-1)).toBe("stack rm new-prod --yes --non-interactive");
});

test("a stack that cannot be taken back is told, with how", async () => {
  const { stderr } = await lqptNew({ ...FILES, FAILS: "rm" });
  expect(stderr).toContain("pulumi stack rm new-prod --yes");
  expect(files()).toEqual([]);
});
