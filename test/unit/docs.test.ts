import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { parse as parseYaml } from "yaml";
import { lqpt } from "../../cli/program";
import { ProjectFolder } from "../../config/projectFolder";
import { DECISION_KINDS } from "../../fleet/decision";
import { FLEET_FILE, readFleetSettings } from "../../fleet/rollout/settings";
import type * as v from "valibot";
import { SECRET } from "../../config/parse";
import { entriesOf, isMapping } from "../../config/read";
import {
  archiveSecretsSchema,
  bastionSchema,
  certificateSecretsSchema,
  hostSchema,
  secretsSchema,
  sourceSchema,
  stackSchema,
} from "../../config/schema";
import { scripts } from "../../package.json";
import { parse, ROOT, SMALL, type Values } from "./config/stacks";
import { anchorsOf, blocks, codeWords, fenced, filesIn, linksOf, targetOf, text } from "./docsFiles";

/** What README.md tells a reader to type for a VM of their own, in this order. */
const OWN_VM = [
  "pulumi login --local",
  "pulumi stack init acme-prod",
  "pulumi config set --stack acme-prod --secret --path lqpt:secrets.proxy-1.privateKey < ~/.ssh/acme-proxy",
  "pulumi preview --stack acme-prod",
  "pulumi up --stack acme-prod",
  "pulumi up --stack acme-prod",
  "pulumi destroy --stack acme-prod",
];

/** The same for after a run that was killed. */
const AFTER_A_KILLED_RUN = [
  "pulumi cancel --stack acme-prod",
  "pulumi refresh --clear-pending-creates --yes --stack acme-prod",
  "pulumi up --stack acme-prod",
];

const DOCS = ["README.md", "README.zh-CN.md", "CONTRIBUTING.md", ...filesIn("docs", ".md")];

describe("the docs", () => {
  const examples = DOCS.flatMap((file) =>
    blocks(text(file), "yaml").map((yaml, index) => [file, index + 1, yaml] as const),
  );

  it("show stack files, whole and in pieces", () => {
    expect(examples.length).toBeGreaterThan(5);
  });

  it.each(examples)("%s: its example %i of a file is one that the parser accepts", (file, _, yaml) => {
    if (yaml.startsWith(`# ${FLEET_FILE}\n`)) {
      const files = { names: () => [], read: () => Buffer.from(yaml) };
      expect(readFleetSettings(new ProjectFolder("/", files))).toMatchObject(parseYaml(yaml) as Values);
      return;
    }
    const shown = parseYaml(yaml) as Values;
    const keys = withoutPrefix((shown["config"] ?? shown) as Values);
    // Only a whole file begins with `config:`, and only an environment's own has no owner's mark.
    const whole = "config" in shown;
    const environment = whole && !("id" in keys);
    const complete = { ...(whole ? {} : SMALL), ...secretsFor(keys, text(file)), ...keys };
    expect(parse(complete, environment ? { stack: "prod" } : {})).toBeDefined();
  });

  it("name only npm scripts that there are, with areas and benches that there are", () => {
    const all = DOCS.map(text).join("\n");
    const named = [...all.matchAll(/npm run ([\w-]+)(?: -- ([a-z][\w-]*))?/g)];
    expect(named.length).toBeGreaterThan(5);
    for (const [command, script = "", word] of named) {
      expect({ command, known: Object.hasOwn(scripts, script) }).toEqual({ command, known: true });
      if (script === "e2e") expect(folders("test/e2e")).toContain(word);
      if (script === "bench") expect(readdirSync(join(ROOT, "test/bench"))).toContain(`${word ?? ""}.ts`);
    }
    expect(Object.keys(scripts)).toContain("test");
  });

  it.each(DOCS)("%s: has no link that leads nowhere", (file) => {
    for (const link of linksOf(text(file))) {
      const target = targetOf(file, link);
      if (target === undefined) continue;
      expect({ link, there: existsSync(join(ROOT, target.file)) }).toEqual({ link, there: true });
      if (target.anchor !== undefined) expect(anchorsOf(text(target.file))).toContain(target.anchor);
    }
  });

  it.each(DOCS)("%s: calls lqpt only by commands and options that there are", (file) => {
    const { commands } = lqpt();
    for (const call of lqptCalls(text(file))) {
      const [name = "", ...words] = call.split(/\s+/);
      const command = commands.find((one) => one.name() === name);
      const options = words.filter((word) => /^--[a-z]/.test(word)).map((word) => word.replace(/=.*/, ""));
      const known = ["--help", ...(command?.options ?? []).map(({ long }) => long)];
      const unknown = options.filter((option) => !known.includes(option));
      expect({ call, command: command?.name(), unknown }).toEqual({ call, command: name, unknown: [] });
    }
  });

  it("call lqpt often enough for that to mean something", () => {
    expect(DOCS.flatMap((file) => lqptCalls(text(file))).length).toBeGreaterThan(50);
  });

  it.each(DOCS)("%s: names only keys and error codes that there are", (file) => {
    const known = schemaKeys();
    const keys = codeWords(text(file)).flatMap((code) => /^lqpt:([\w.<>-]*\w>?)/.exec(code)?.[1] ?? []);
    const isKnown = (key: string): boolean => known.some((one) => one === key || one.startsWith(`${key}.`));
    expect(keys.filter((key) => !isKnown(key))).toEqual([]);
    const codes = text(file).match(/\bE_[A-Z_]+\b/g) ?? [];
    expect(codes.filter((code) => !hostCodes().includes(code))).toEqual([]);
  });

  it.each(DOCS)("%s: calls lqptctl only by verbs that there are", (file) => {
    const verbs = [...text("host/main.sh").matchAll(/\blqptctl ([a-z-]+(?: \| [a-z-]+)*)/g)].flatMap(
      ([, found = ""]) => found.split(" | "),
    );
    const called = [...codeWords(text(file)), ...fenced(text(file)).map(({ content }) => content)].flatMap(
      (code) => [...code.matchAll(/(?<![\w/-])lqptctl ([a-z-]+)/g)].map(([, verb]) => verb),
    );
    expect(called.filter((verb) => verb === undefined || !verbs.includes(verb))).toEqual([]);
  });
});

describe("README.md", () => {
  it("shows these commands, and no others, for a VM of one's own", () => {
    const section = sectionOf(text("README.md"), "## Your own VM");
    const [path = ""] = section.split(/^### /m);
    expect(pulumiCommands(path)).toEqual(OWN_VM);
    expect(pulumiCommands(section)).toEqual([...OWN_VM, ...AFTER_A_KILLED_RUN]);
  });
});

describe("docs/errors.md", () => {
  it("explains each error code of a host, and none that there is not", () => {
    const explained = [...text("docs/errors.md").matchAll(/^### `(E_[A-Z_]+)`$/gm)].map(([, code]) => code);
    expect(explained.sort()).toEqual([...new Set(hostCodes())].sort());
  });
});

describe("docs/configuration.md", () => {
  it("has a row for each key of the schema, and none for others", () => {
    const rows = [...text("docs/configuration.md").matchAll(/^\| `lqpt:([^`]+)`/gm)].map(([, key]) => key);
    expect(rows.sort()).toEqual(schemaKeys().sort());
  });
});

describe.each(["docs/lqpt.md", "docs/zh/lqpt.md"])("%s", (file) => {
  it("names each kind of what an import leaves to decide, and none that there is not", () => {
    const [line = ""] = /^.*`filtersNothing`.*$/m.exec(text(file)) ?? [];
    const named = codeWords(line).filter((word) => !["--json", "kind"].includes(word));
    expect(named.sort()).toEqual([...DECISION_KINDS].sort());
  });
});

/** Every error code of a host, as often as it stands there. */
function hostCodes(): string[] {
  return readdirSync(join(ROOT, "host")).flatMap(
    (file) => text(join("host", file)).match(/\bE_[A-Z_]+\b/g) ?? [],
  );
}

function folders(path: string): string[] {
  const entries = readdirSync(join(ROOT, path), { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

function pulumiCommands(markdown: string): string[] {
  const lines = blocks(markdown, "sh").flatMap((block) => block.split("\n"));
  return lines.filter((line) => line.startsWith("pulumi "));
}

/** What a page calls `lqpt` with, one command's words each. */
function lqptCalls(markdown: string): string[] {
  const shell = fenced(markdown)
    .filter(({ language }) => ["sh", "text", ""].includes(language))
    .flatMap(({ content }) => content.replaceAll(/\\\n\s*/g, "").split("\n"));
  return [...shell, ...codeWords(markdown)]
    .map((line) => /^(?:npx )?lqpt ([a-z][^#>]*)/.exec(line)?.[1]?.trim())
    .filter((call) => call !== undefined);
}

/** From a heading to the next of the same level. */
function sectionOf(markdown: string, heading: string): string {
  const [, rest = ""] = markdown.split(`\n${heading}\n`);
  return rest.split(/^## /m)[0] ?? "";
}

/** As the program hands a file's keys to the parser: without their prefix, secrets replaced. */
function withoutPrefix(config: Values): Values {
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => {
      expect(key).toMatch(/^lqpt:/);
      return [key.replace("lqpt:", ""), key === "lqpt:secrets" ? masked(value) : value];
    }),
  );
}

/** Those that the page's own commands give to the hosts of a file. */
function secretsFor({ hosts }: Values, markdown: string): Values {
  const given = pulumiCommands(markdown)
    .map((command) => /--secret --path lqpt:secrets\.([\w-]+)\.(\w+)/.exec(command))
    .filter((match) => match !== null && isMapping(hosts) && Object.hasOwn(hosts, match[1] ?? ""));
  const names = [...new Set(given.map((match) => match?.[1] ?? ""))];
  const of = (name: string): Values =>
    Object.fromEntries(
      given.filter((match) => match?.[1] === name).map((match) => [match?.[2] ?? "", SECRET]),
    );
  return names.length === 0 ? {} : { secrets: Object.fromEntries(names.map((name) => [name, of(name)])) };
}

function masked(value: unknown): unknown {
  if (!isMapping(value) || "secure" in value) return SECRET;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, masked(inner)]));
}

/** Every key, as the docs write it: `listen.port`, `hosts.<host>.address`. */
function schemaKeys(): string[] {
  const named: Readonly<Record<string, string[]>> = {
    allow: ["allow.<cidr>", ...keysOf(sourceSchema, "allow.<cidr>")],
    remove: ["remove.<what>"],
    hosts: keysOf(hostSchema, "hosts.<host>"),
    bastions: keysOf(bastionSchema, "bastions.<bastion>"),
    secrets: [
      ...keysOf(secretsSchema, "secrets.<name>"),
      ...keysOf(certificateSecretsSchema, "secrets.certificate"),
      ...keysOf(archiveSecretsSchema, "secrets.nginxArchive"),
    ],
  };
  return Object.entries(stackSchema.entries).flatMap(([key, schema]) => named[key] ?? keysOf(schema, key));
}

function keysOf(schema: v.GenericSchema, name: string): string[] {
  const entries = entriesOf(schema);
  if (entries === undefined) return [name];
  return Object.entries(entries).flatMap(([key, inner]) => keysOf(inner, `${name}.${key}`));
}
