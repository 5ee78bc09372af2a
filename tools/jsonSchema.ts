import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type JsonSchema, toJsonSchema } from "@valibot/to-json-schema";
import type * as v from "valibot";
import * as schema from "../config/schema";

// A JSON Schema of a stack's file, for editors that know YAML: they complete keys, tell what each means and mark most
// mistakes while they are typed. What it cannot say, `lqpt lint` does.

const FILE = join(__dirname, "..", "lqpt.schema.json");

const { stackSchema } = schema;

/** What stands behind names that the user chooses; the parser reads those one by one. */
const ENTRIES: Readonly<Record<string, JsonSchema>> = {
  allow: { anyOf: [of(schema.ownerSchema), of(schema.sourceSchema)] },
  remove: of(schema.removeSchema),
  hosts: of(schema.bundleHostSchema),
  bastions: of(schema.bastionSchema),
  secrets: { type: "object", additionalProperties: { $ref: "#/$defs/secret" } },
};

/** A secret as `pulumi config set --secret --path` writes it. */
const SECRET: JsonSchema = {
  type: "object",
  properties: { secure: { type: "string" } },
  required: ["secure"],
  additionalProperties: false,
};

/** The schema of `Pulumi.<stack>.yaml`, as it is to stand in the file. */
export function renderJsonSchema(): string {
  const keys = Object.entries(stackSchema.entries).map(([key, field]) => [
    `lqpt:${key}`,
    keySchema(key, field),
  ]);
  const whole: JsonSchema = {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "A stack of lqpt: Pulumi.<stack>.yaml",
    type: "object",
    properties: {
      config: {
        type: "object",
        properties: Object.fromEntries(keys) as Record<string, JsonSchema>,
        patternProperties: { "^(?!lqpt:).*:": {} },
        additionalProperties: false,
      },
    },
    $defs: { secret: SECRET },
  };
  return `${JSON.stringify(whole, undefined, 2)}\n`;
}

function keySchema(key: string, field: v.GenericSchema): JsonSchema {
  const entry = ENTRIES[key];
  return entry === undefined ? of(field) : { ...of(field), type: "object", additionalProperties: entry };
}

function of(field: v.GenericSchema): JsonSchema {
  const made = toJsonSchema(field, {
    errorMode: "ignore",
    typeMode: "input",
    overrideSchema: ({ valibotSchema, jsonSchema }) => describe(valibotSchema, jsonSchema),
  });
  // Once for the whole file is enough.
  delete made.$schema;
  return made;
}

/** Each schema's own rule is what an editor shows. */
function describe(field: v.GenericSchema, made: JsonSchema): JsonSchema {
  const { message } = field as { readonly message?: string | { readonly rule?: string } };
  const rule = typeof message === "string" ? message : message?.rule;
  const told = rule === undefined ? {} : { description: rule.split("\n")[0] ?? "" };
  return made.type === "object" && made.properties !== undefined
    ? { ...made, ...told, additionalProperties: false }
    : { ...made, ...told };
}

if (require.main === module) writeFileSync(FILE, renderJsonSchema());
