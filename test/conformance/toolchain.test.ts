import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exportLines, toolchain } from "../../tools/toolchain";
import { providerVersion } from "../../tools/toolchain/sources";

/** A `go` that builds in no time: it writes down that it was called and makes the program asked for. */
const FAKE_GO = `#!/bin/sh
echo "$*" >> "$(dirname "$0")/calls"
while [ "$1" != -o ]; do shift; done
printf '#!/bin/sh\\n' > "$2"
chmod 755 "$2"
`;
const BROKEN_GO = "#!/bin/sh\necho 'dial tcp: lookup proxy: no such host' >&2\nexit 1\n";

describe("the tool chain", () => {
  const environment = { ...process.env };
  let folder: string;
  const said: string[] = [];
  const searches: Promise<unknown>[] = [];
  const find = () => {
    const search = toolchain({ log: (line) => said.push(line) });
    searches.push(search);
    return search;
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "lqpt-toolchain-"));
    mkdirSync(join(folder, "bin"));
    said.length = 0;
    Object.assign(process.env, {
      LQPT_CACHE: join(folder, "cache"),
      LQPT_PLUGINS: "",
      PULUMI_HOME: join(folder, "home"),
      PATH: `${join(folder, "bin")}:/usr/bin:/bin`,
    });
  });

  afterEach(async () => {
    // One that a failed test left alone would go on with this machine's own go, into a folder that is gone.
    await Promise.allSettled(searches.splice(0));
    process.env = { ...environment };
    rmSync(folder, { recursive: true, force: true });
  });

  function program(path: string, text: string): void {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), text);
    chmodSync(join(folder, path), 0o755);
  }

  function goCalls(): number {
    const calls = join(folder, "bin", "calls");
    return existsSync(calls) ? readFileSync(calls, "utf8").trim().split("\n").length : 0;
  }

  it("builds every part once, also for two who ask at the same time, and says so", async () => {
    program("bin/go", FAKE_GO);
    const [one, two] = await Promise.all([find(), find()]);
    expect(two).toEqual(one);
    expect(goCalls()).toBe(6);
    expect(said).toContainEqual(
      expect.stringMatching(/^building the Pulumi CLI v[\d.]+ from source: 0s of about 4m$/),
    );
    expect(said).toContainEqual(
      expect.stringMatching(/^stand-ins, for tests and the demo only: pulumi-resource-command v/),
    );
    expect(one.parts.map(({ name, kind }) => `${name}: ${kind}`)).toEqual([
      "pulumi: built from source",
      "pulumi-language-nodejs: built from source",
      "pulumi-resource-command: stand-in",
      "pulumi-resource-random: stand-in",
      "pulumi-resource-tls: stand-in",
    ]);
  });

  it("starts no program when all is built, and needs no go then", async () => {
    program("bin/go", FAKE_GO);
    const first = await find();
    expect(await find()).toEqual(first);
    expect(goCalls()).toBe(6);
    rmSync(join(folder, "bin", "go"));
    // Whatever program it started, it would not be found.
    process.env["PATH"] = join(folder, "bin");
    const again = await find();
    expect({ ...again, env: { ...again.env, PATH: "" } }).toEqual({
      ...first,
      env: { ...first.env, PATH: "" },
    });
  });

  it("says what to install where something must be built and there is no go", async () => {
    await expect(find()).rejects.toThrow(
      /the Pulumi CLI v\S+ must be built from source and there is no `go` on PATH\. Install Go/,
    );
  });

  it("reports a failed build in go's own words and leaves nothing that looks built", async () => {
    program("bin/go", BROKEN_GO);
    await expect(find()).rejects.toThrow(/building the Pulumi CLI .* failed \(exit code 1\)[^]*no such host/);
    program("bin/go", FAKE_GO);
    expect((await find()).parts).toHaveLength(5);
  });

  it("takes over the lock of a build that died", async () => {
    program("bin/go", FAKE_GO);
    await find();
    const built = join(folder, "cache", "built");
    for (const name of readdirSync(built)) {
      rmSync(join(built, name), { recursive: true });
      mkdirSync(join(built, `${name}.lock`));
      execFileSync("touch", ["-d", "1 hour ago", join(built, `${name}.lock`)]);
    }
    await find();
    expect(goCalls()).toBe(12);
  });

  it("prefers an official plugin that LQPT_PLUGINS holds, with a home of its own", async () => {
    program("bin/go", FAKE_GO);
    const standIns = await find();
    const version = providerVersion("command");
    const plugin = `official/resource-command-v${version}/pulumi-resource-command`;
    program(plugin, "#!/bin/sh\n# official\n");
    process.env["LQPT_PLUGINS"] = join(folder, "official");
    const chain = await find();
    expect(chain.parts[2]).toMatchObject({ kind: "official", path: join(folder, plugin) });
    expect(chain.parts[3]).toMatchObject({ kind: "stand-in" });
    expect(chain.env["PULUMI_HOME"]).not.toBe(standIns.env["PULUMI_HOME"]);
    const inHome = join(
      chain.env["PULUMI_HOME"] ?? "",
      "plugins",
      `resource-command-v${version}`,
      "pulumi-resource-command",
    );
    expect(readFileSync(inHome, "utf8")).toContain("# official");
  });

  it("refuses an LQPT_PLUGINS that is no folder, rather than use stand-ins", async () => {
    program("bin/go", FAKE_GO);
    process.env["LQPT_PLUGINS"] = join(folder, "nowhere");
    await expect(find()).rejects.toThrow(
      /LQPT_PLUGINS is .*nowhere, which does not exist; expected a folder that holds/,
    );
  });

  /** An official CLI that can download the command plugin and no other. */
  const FAKE_PULUMI = `#!/bin/sh
if [ "$1" = version ]; then echo v3.300.1; exit; fi
echo "$*" >> "$(dirname "$0")/pulumi-calls"
[ "$4" = command ] || exit 1
mkdir -p "$PULUMI_HOME/plugins/resource-$4-$5"
echo official > "$PULUMI_HOME/plugins/resource-$4-$5/pulumi-resource-$4"
`;

  it("prefers the official CLI on PATH, and the plugins that it can download; what it cannot is not tried again", async () => {
    program("bin/go", FAKE_GO);
    program("bin/pulumi", FAKE_PULUMI);
    program("bin/pulumi-language-nodejs", "#!/bin/sh\n");
    for (const call of [1, 2]) {
      const chain = await find();
      expect({ call, first: chain.parts[0] }).toMatchObject({
        first: { version: "v3.300.1", kind: "official" },
      });
      expect(chain.parts.map(({ kind }) => kind)).toEqual([
        "official",
        "official",
        "official",
        "stand-in",
        "stand-in",
      ]);
    }
    expect(goCalls()).toBe(3);
    expect(
      readFileSync(join(folder, "bin", "pulumi-calls"), "utf8")
        .trim()
        .split("\n"),
    ).toEqual(
      (["command", "random", "tls"] as const).map(
        (name) => `plugin install resource ${name} v${providerVersion(name)}`,
      ),
    );
  });

  it("uses plugins of the user's own Pulumi home and leaves that home alone", async () => {
    program("bin/go", FAKE_GO);
    program(`home/plugins/resource-tls-v${providerVersion("tls")}/pulumi-resource-tls`, "#!/bin/sh\n");
    const chain = await find();
    expect(chain.parts[4]).toMatchObject({ kind: "official" });
    expect(chain.env["PULUMI_HOME"]).not.toBe(join(folder, "home"));
    expect(readdirSync(join(folder, "home"))).toEqual(["plugins"]);
  });

  it("prints what a shell can eval", async () => {
    program("bin/go", FAKE_GO);
    const chain = await find();
    const output = execFileSync(
      "sh",
      ["-c", `${exportLines(chain)}; command -v pulumi; echo "$PULUMI_HOME"; echo "$PATH"`],
      {
        encoding: "utf8",
        env: { PATH: "/usr/bin:/bin" },
      },
    );
    const home = chain.env["PULUMI_HOME"] ?? "";
    expect(output.split("\n")).toEqual([
      join(home, "bin", "pulumi"),
      home,
      `${join(home, "bin")}:/usr/bin:/bin`,
      "",
    ]);
  });
});
