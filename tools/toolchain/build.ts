import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { withLock } from "./lock";
import { preparePatched } from "./patched";
import { type GoBuild, goRelease, sourceFolder, sourceHash } from "./sources";

export type Log = (line: string) => void;

/**
 * The folder with a build's programs. Built on the first call, which can take minutes; found in the
 * cache on every later one. The folder's name says what it was built from, so that a change of the
 * sources or of Go makes a new one.
 *
 * @throws when something must be built and there is no `go` on PATH, or when `go build` fails
 */
export async function built(build: GoBuild, cache: string, log: Log): Promise<string> {
  const sources = join(cache, "built", `${build.folder}-${sourceHash(build)}`);
  const release = goRelease();
  const present = find(sources, release);
  if (present !== undefined) {
    return present;
  }
  if (release === undefined) {
    throw new Error(
      `${build.title} must be built from source and there is no \`go\` on PATH. ` +
        "Install Go 1.25 or newer, or put the official Pulumi CLI on PATH and its plugins where LQPT_PLUGINS says.",
    );
  }
  const waiting = (seconds: number): void =>
    log(`another process builds ${build.title}: waiting for ${seconds}s`);
  return withLock(`${sources}.lock`, waiting, async () => {
    const meanwhile = find(sources, release);
    return meanwhile ?? (await compile(build, sources, release, log));
  });
}

/** Without Go at hand, what any release of it built from the same sources serves as well. */
function find(sources: string, release: string | undefined): string | undefined {
  const releases = release === undefined ? (existsSync(sources) ? readdirSync(sources) : []) : [release];
  return releases
    .filter((name) => name.startsWith("go"))
    .map((name) => join(sources, name))
    .find((folder) => statSync(folder, { throwIfNoEntry: false }) !== undefined);
}

/** Builds into a folder beside and renames it, so that a killed build leaves nothing that looks whole. */
async function compile(build: GoBuild, sources: string, release: string, log: Log): Promise<string> {
  mkdirSync(sources, { recursive: true });
  for (const left of readdirSync(sources).filter((name) => name.startsWith("partial-"))) {
    rmSync(join(sources, left), { recursive: true, force: true });
  }
  const partial = mkdtempSync(join(sources, "partial-"));
  const start = Date.now();
  const tell = (): void => {
    const elapsed = duration((Date.now() - start) / 1000);
    log(`building ${build.title} from source: ${elapsed} of about ${duration(build.expectedSeconds)}`);
  };
  tell();
  const progress = setInterval(tell, 10_000);
  try {
    for (const program of build.programs) {
      await compileProgram(build, program, partial);
    }
    const finished = join(sources, release);
    renameSync(partial, finished);
    log(`built ${build.title} in ${duration((Date.now() - start) / 1000)}`);
    return finished;
  } finally {
    clearInterval(progress);
    rmSync(partial, { recursive: true, force: true });
  }
}

async function compileProgram(
  build: GoBuild,
  { name, pkg, ldflags }: GoBuild["programs"][number],
  into: string,
): Promise<void> {
  const flags = ["-trimpath", "-buildvcs=false", "-ldflags", ldflags, "-o", join(into, name)];
  if (typeof pkg === "string") {
    await go(build, sourceFolder(build), ["build", ...flags, pkg]);
    return;
  }
  const folder = join(into, "source");
  preparePatched(pkg, sourceFolder(build), folder);
  await go(build, folder, ["build", ...flags, "./patched"]);
  rmSync(folder, { recursive: true });
}

function go(build: GoBuild, cwd: string, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn("go", args, {
      cwd,
      env: process.env,
      stdio: ["ignore", "ignore", "pipe"],
    });
    let errors = "";
    child.stderr.on("data", (chunk: Buffer) => {
      errors = (errors + chunk.toString()).slice(-4_000);
    });
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) {
        resolve();
      } else {
        const command = `(cd tools/${build.folder} && go ${args.join(" ")})`;
        reject(
          new Error(
            `building ${build.title} failed (exit code ${code}): ${command}\n${errors.trim()}\n` +
              "It needs the Go module proxy (see `go env GOPROXY`) and about 3 GB of disk.",
          ),
        );
      }
    });
  });
}

/** `80` is `1m20s`, `240` is `4m`, `17` is `17s`. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  const minutes = Math.floor(whole / 60);
  const rest = whole % 60;
  return minutes === 0
    ? `${rest}s`
    : rest === 0
      ? `${minutes}m`
      : `${minutes}m${String(rest).padStart(2, "0")}s`;
}
