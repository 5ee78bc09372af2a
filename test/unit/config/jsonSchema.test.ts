import { readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv";
import { renderJsonSchema } from "../../../tools/jsonSchema";
import { readYaml } from "../../../config/yaml";
import { FULL, ROOT, SMALL, type Values } from "./stacks";

const text = readFileSync(join(ROOT, "lqpt.schema.json"), "utf8");
const accepts = new Ajv({ allErrors: true, strict: false }).compile(JSON.parse(text) as object);

/** The stack's file as an editor sees it: secrets encrypted. */
function fileOf(values: Values): unknown {
  const config = Object.entries(values).map(([key, value]) => [`lqpt:${key}`, value] as const);
  const encrypted = (value: unknown): unknown =>
    typeof value === "string"
      ? { secure: "v1:AAAA:BBBB" }
      : Object.fromEntries(Object.entries(value as Values).map(([key, inner]) => [key, encrypted(inner)]));
  return {
    encryptionsalt: "v1:abc",
    config: Object.fromEntries(
      config.map(([key, value]) => [key, key === "lqpt:secrets" ? encrypted(value) : value]),
    ),
  };
}

const wrong = (values: Values): string[] => {
  accepts(fileOf({ ...SMALL, ...values }));
  return (accepts.errors ?? []).map(({ instancePath }) => instancePath);
};

test("lqpt.schema.json is what `npm run schema` makes of the schema", () => {
  expect(renderJsonSchema()).toBe(text);
});

test("it takes a stack that has every key", () => {
  accepts(fileOf(FULL));
  expect(accepts.errors).toBeNull();
});

test.each(["sandbox", "prod"])("it takes the list of %s", (environment) => {
  const file = `Pulumi.${environment}.yaml`;
  accepts(readYaml(file, readFileSync(join(ROOT, file), "utf8")));
  expect(accepts.errors).toBeNull();
});

test.each([
  ["a misspelt key", { listn: {} }, "/config"],
  ["a misspelt key inside", { listen: { prot: 1 } }, "/config/lqpt:listen"],
  ["a word that is none of those allowed", { topology: "moon" }, "/config/lqpt:topology"],
  ["a number that is too large", { listen: { port: 70_000 } }, "/config/lqpt:listen/port"],
  ["an identifier without quotes", { leqiId: 12 }, "/config/lqpt:leqiId"],
  ["a host's misspelt key", { hosts: { a: { adress: "x" } } }, "/config/lqpt:hosts/a"],
])("it marks %s", (_, values, path) => {
  expect(wrong(values)).toContain(path);
});

test("it marks a secret that is not encrypted", () => {
  const file = fileOf(SMALL) as { config: Record<string, unknown> };
  file.config["lqpt:secrets"] = { "proxy-1": { password: "hunter2" } };
  accepts(file);
  expect(accepts.errors).not.toBeNull();
});
