import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { parse as parseYaml } from "yaml";
import { ProjectFolder } from "../../config/projectFolder";
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

const DOCS = ["README.md", "CONTRIBUTING.md", ...markdownIn("docs")];

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
    const links = [...proseOf(text(file)).matchAll(/\]\(([^)\s]+)\)/g)].map(([, to = ""]) => to);
    for (const link of links.filter((to) => !/^https?:/.test(to))) {
      const [path = "", anchor] = link.split("#");
      const target = path === "" ? file : relative(ROOT, join(ROOT, dirname(file), path));
      expect({ link, there: existsSync(join(ROOT, target)) }).toEqual({ link, there: true });
      if (anchor !== undefined) expect(anchorsOf(text(target))).toContain(anchor);
    }
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
    const inCode = readdirSync(join(ROOT, "host")).flatMap(
      (file) => text(join("host", file)).match(/\bE_[A-Z_]+\b/g) ?? [],
    );
    const explained = [...text("docs/errors.md").matchAll(/^### `(E_[A-Z_]+)`$/gm)].map(([, code]) => code);
    expect(explained.sort()).toEqual([...new Set(inCode)].sort());
  });
});

describe("docs/configuration.md", () => {
  it("has a row for each key of the schema, and none for others", () => {
    const rows = [...text("docs/configuration.md").matchAll(/^\| `lqpt:([^`]+)`/gm)].map(([, key]) => key);
    expect(rows.sort()).toEqual(schemaKeys().sort());
  });
});

function text(file: string): string {
  return readFileSync(join(ROOT, file), "utf8");
}

function markdownIn(folder: string): string[] {
  const files = readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" });
  return files.filter((file) => file.endsWith(".md")).map((file) => join(folder, file));
}

function folders(path: string): string[] {
  const entries = readdirSync(join(ROOT, path), { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

/** The contents of the fenced blocks of one language. */
function blocks(markdown: string, language: string): string[] {
  const fences = markdown.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm);
  return [...fences].filter(([, found]) => found === language).map(([, , content = ""]) => content);
}

function proseOf(markdown: string): string {
  return markdown.replace(/^```[\s\S]*?^```$/gm, "").replace(/`[^`\n]*`/g, "code");
}

function pulumiCommands(markdown: string): string[] {
  const lines = blocks(markdown, "sh").flatMap((block) => block.split("\n"));
  return lines.filter((line) => line.startsWith("pulumi "));
}

/** From a heading to the next of the same level. */
function sectionOf(markdown: string, heading: string): string {
  const [, rest = ""] = markdown.split(`\n${heading}\n`);
  return rest.split(/^## /m)[0] ?? "";
}

/** What GitHub makes of a page's headings. */
function anchorsOf(markdown: string): string[] {
  const headings = [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => heading.toLowerCase());
  return headings.map((heading) => heading.replace(/[^\w\s-]/g, "").replaceAll(" ", "-"));
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
