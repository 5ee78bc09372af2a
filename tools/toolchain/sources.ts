import { createHash } from "node:crypto";
import { readFileSync, readdirSync, realpathSync, statSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import type { Patched } from "./patched";

/** Something that is built from a Go module of this folder. */
export interface GoBuild {
  /** What it is, for messages: `the Pulumi CLI v3.259.0`. */
  readonly title: string;
  /** Its folder below tools/. */
  readonly folder: "cli" | "language-nodejs" | "plugins";
  /** What to build: each package, or what is patched first, with the name of the program and its linker flags. */
  readonly programs: readonly {
    readonly name: string;
    readonly pkg: string | Patched;
    readonly ldflags: string;
  }[];
  /** How long it takes on two cores with nothing cached, in seconds. */
  readonly expectedSeconds: number;
}

/** The providers whose plugins a stack needs; their versions are those of the SDKs in package.json. */
export const PROVIDERS = ["command", "random", "tls"] as const;
export type Provider = (typeof PROVIDERS)[number];

const TOOLS = dirname(__dirname);

/** The version of a provider's SDK that package.json pins. */
export function providerVersion(provider: Provider): string {
  const { dependencies } = JSON.parse(readFileSync(join(TOOLS, "..", "package.json"), "utf8")) as {
    dependencies: Record<string, string>;
  };
  const version = dependencies[`@pulumi/${provider}`];
  if (version === undefined || !/^\d+\.\d+\.\d+$/.test(version)) {
    throw new Error(
      `package.json pins @pulumi/${provider} to ${version ?? "nothing"}; expected an exact version such as 1.2.3`,
    );
  }
  return version;
}

/** The version of a module that go.mod in a folder of tools/ requires, with its `v`. */
function required(folder: GoBuild["folder"], module: string): string {
  const found = new RegExp(`^\\s*(?:require )?${module} (v\\S+)`, "m").exec(
    readFileSync(join(TOOLS, folder, "go.mod"), "utf8"),
  );
  if (found?.[1] === undefined) {
    throw new Error(`tools/${folder}/go.mod does not require ${module}; run \`go mod tidy\` there`);
  }
  return found[1];
}

/** The Pulumi CLI. */
export function cliBuild(): GoBuild & { readonly version: string } {
  const version = required("cli", "github.com/pulumi/pulumi/pkg/v3");
  const variable = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";
  const pkg = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";
  return {
    version,
    title: `the Pulumi CLI ${version}`,
    folder: "cli",
    programs: [{ name: "pulumi", pkg, ldflags: `-s -w -X ${variable}=${version}` }],
    expectedSeconds: 240,
  };
}

/** The name of Pulumi's own language host where `pulumi-language-nodejs` is ours, which becomes it. */
export const INNER_LANGUAGE_HOST = "nodejs-language-host";

/**
 * What lets the CLI run Node.js programs: the last release of the host that is a Go module, and before it a program of
 * ours that gives it Pulumi.yaml's runtime.options as flags, because it does not take them from the CLI's requests.
 *
 * That release also stands between the program and the engine's monitor, with a proxy that passes on only what it knew
 * in its day; error hooks are newer. Today's hosts have no such proxy, and neither has this one once it is patched.
 */
export function languageHostBuild(): GoBuild & { readonly version: string } {
  const version = required("language-nodejs", "github.com/pulumi/pulumi/sdk/v3");
  const host: Patched = {
    module: "github.com/pulumi/pulumi/sdk/v3",
    folder: "nodejs/cmd/pulumi-language-nodejs",
    file: "main.go",
    from: 'maybeAppendArg("monitor", address)',
    to: 'maybeAppendArg("monitor", req.GetMonitorAddress())',
  };
  return {
    version,
    title: `Pulumi's Node.js language host ${version}`,
    folder: "language-nodejs",
    programs: [
      { name: "pulumi-language-nodejs", pkg: ".", ldflags: "-s -w" },
      { name: INNER_LANGUAGE_HOST, pkg: host, ldflags: "-s -w" },
    ],
    expectedSeconds: 25,
  };
}

/** The stand-ins for the official provider plugins. */
export function standInBuild(): GoBuild {
  return {
    title: "the stand-in plugins",
    folder: "plugins",
    programs: PROVIDERS.map((name) => ({
      name: `pulumi-resource-${name}`,
      pkg: `./${name}`,
      ldflags: `-s -w -X main.version=${providerVersion(name)}`,
    })),
    expectedSeconds: 60,
  };
}

/** SHA-256 of everything that a build is made from, but the Go release itself. */
export function sourceHash(build: GoBuild): string {
  const hash = createHash("sha256").update(JSON.stringify(build.programs));
  const root = join(TOOLS, build.folder);
  const files = readdirSync(root, { recursive: true, encoding: "utf8" }).sort();
  for (const file of files.filter((name) => /\.go$|(^|\/)go\.(mod|sum)$/.test(name))) {
    hash.update(`\0${file}\0`).update(readFileSync(join(root, file)));
  }
  return hash.digest("hex").slice(0, 16);
}

/** The folder that a build's `go` runs in. */
export function sourceFolder(build: GoBuild): string {
  return join(TOOLS, build.folder);
}

/** A program on PATH, links resolved; undefined when there is none. */
export function onPath(program: string): string | undefined {
  for (const folder of (process.env["PATH"] ?? "").split(delimiter).filter((entry) => entry !== "")) {
    const path = join(folder, program);
    const found = statSync(path, { throwIfNoEntry: false });
    if (found?.isFile() === true && (found.mode & 0o111) !== 0) {
      return realpathSync(path);
    }
  }
  return undefined;
}

/**
 * The release of the `go` on PATH, such as `go1.25.3`, without running it: `go version` alone would
 * take longer than all the rest of a warm call. Undefined when there is no go.
 */
export function goRelease(): string | undefined {
  const go = onPath("go");
  if (go === undefined) {
    return undefined;
  }
  try {
    const release = readFileSync(join(dirname(go), "..", "VERSION"), "utf8").split(/\s/, 1)[0];
    if (release !== undefined && /^go[\w.-]+$/.test(release)) {
      return release;
    }
  } catch {
    // A wrapper that lies outside its Go tree: any change of it counts as another release.
  }
  const { size, mtimeMs } = statSync(go);
  return `go-${size}-${Math.round(mtimeMs)}`;
}
