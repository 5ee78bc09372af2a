import * as pulumi from "@pulumi/pulumi";
import { loginSecrets, readStack, stackInput } from "../../../config/fromPulumi";
import { SECRET } from "../../../config/parse";
import { ED25519, SMALL } from "./stacks";

/** As Pulumi hands a stack's config on: text as it is, all else as JSON. */
function configure(
  values: Readonly<Record<string, unknown>>,
  secretKeys: readonly string[] = ["secrets"],
): void {
  const entries = Object.entries(values).map(
    ([key, value]) => [`lqpt:${key}`, typeof value === "string" ? value : JSON.stringify(value)] as const,
  );
  const keys = secretKeys.map((key) => `lqpt:${key}`);
  pulumi.runtime.setAllConfig({ ...Object.fromEntries(entries), "pulumi:tags": "{}" }, keys);
}

const SECRETS = { "proxy-1": { password: "hunter2" } };
const WITH_SECRET = {
  ...SMALL,
  hosts: { "proxy-1": { address: "203.0.113.10", user: "root", auth: "password", hostKey: ED25519 } },
  secrets: SECRETS,
};

beforeAll(() =>
  pulumi.runtime.setMocks(
    { newResource: () => ({ id: "", state: {} }), call: () => ({}) },
    "lqpt",
    "acme-prod",
  ),
);

test("the stack's values are those that Pulumi hands on, text as text and the rest by its shape", () => {
  configure({ ...SMALL, leqiId: "0012345" });
  expect(stackInput()).toMatchObject({
    stack: "acme-prod",
    file: "Pulumi.acme-prod.yaml",
    values: { ...SMALL, leqiId: "0012345" },
  });
});

test("what is inherited is read beside Pulumi.yaml, from any folder below it", () => {
  const folder = process.cwd();
  try {
    process.chdir("test/unit");
    configure(SMALL);
    expect(readStack().sources.map(({ from }) => from)).toEqual(Array(4).fill("Pulumi.prod.yaml"));
  } finally {
    process.chdir(folder);
  }
});

test("no secret is among the values, only its shape", () => {
  configure(WITH_SECRET);
  const input = stackInput();
  expect(input.values["secrets"]).toEqual({ "proxy-1": { password: SECRET } });
  expect(JSON.stringify(input)).not.toContain("hunter2");
});

test("a mistake in the config ends the program without a stack trace, and shows no secret", () => {
  configure({ ...WITH_SECRET, secrets: "hunter2" });
  expect(readStack).toThrow(pulumi.RunError);
  expect(readStack).toThrow(/lqpt:secrets\n {4}found: {3}\(not shown\)/);
});

test("a secret outside lqpt:secrets is refused and not shown", () => {
  configure({ ...SMALL, leqiId: "hunter2" }, ["leqiId"]);
  expect(readStack).toThrow(
    /1 mistake; .*\n {2}lqpt:leqiId\n {4}found: {3}\(not shown\)\n {4}problem: this is encrypted/,
  );
});

test("secrets that are not encrypted are a warning", () => {
  configure(WITH_SECRET, []);
  expect(readStack().warnings).toEqual([expect.stringMatching(/^lqpt:secrets is not encrypted/)]);
});

test("digits whose writing cannot be seen are a warning", () => {
  configure({ ...SMALL, leqiId: "5349" });
  expect(readStack().warnings).toEqual([expect.stringMatching(/^lqpt:leqiId: 5349 was not read from/)]);
});

test("a login's secrets are marked secret, and another's are not among them", async () => {
  configure(WITH_SECRET);
  const secrets = loginSecrets("proxy-1");
  expect(await pulumi.isSecret(secrets)).toBe(true);
  expect(await valueOf(secrets)).toEqual({ password: "hunter2" });
  expect(await valueOf(loginSecrets("proxy-2"))).toEqual({});
});

test("a stack without secrets has none for any login", async () => {
  configure(SMALL);
  const secrets = loginSecrets("proxy-1");
  expect(await pulumi.isSecret(secrets)).toBe(true);
  expect(await valueOf(secrets)).toEqual({});
});

async function valueOf<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => output.apply(resolve));
}
