import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { renderCall, renderFarewell, renderBrought, renderStdin } from "../../../documents/remoteShell";
import { quoteWord, TOOL_PATH } from "../../../documents/toolCalls";

const words = ["apply", "--tool", "0.1.0+abc"];

describe("the command line on a host", () => {
  it.each(["none", "nopasswd", "password"] as const)("is short, with sudo %s", (sudo) => {
    expect([
      renderCall({ sudo, words }),
      renderBrought({ sudo, words }),
      renderFarewell({ sudo, words }),
    ]).toMatchSnapshot();
  });

  it.each([
    ["plain-word_1.2:3/4=5+6", "plain-word_1.2:3/4=5+6"],
    ["", "''"],
    ["two words", "'two words'"],
    ["it's $(id)", `'it'\\''s $(id)'`],
  ])("quotes %j", (word, quoted) => {
    expect(quoteWord(word)).toBe(quoted);
  });
});

describe("sudo with a password", () => {
  const dir = mkdtempSync(join(tmpdir(), "lqpt-shell-test-"));
  afterAll(() => {
    rmSync(dir, { recursive: true });
  });

  /** Runs the line with a sudo that prints what it was given, and a lqptctl that prints its stdin. */
  function run(sudoBody: string, line: string, stdin: string) {
    mkdirSync(join(dir, "bin"), { recursive: true });
    writeFileSync(join(dir, "bin", "sudo"), `#!/bin/sh\n${sudoBody}\n`, { mode: 0o755 });
    writeFileSync(join(dir, "tool"), `#!/bin/sh\necho "tool $*: $(cat)"\n`, { mode: 0o755 });
    return spawnSync("sh", ["-c", line.replaceAll(TOOL_PATH, join(dir, "tool"))], {
      input: stdin,
      encoding: "utf8",
      env: { PATH: `${join(dir, "bin")}:${process.env["PATH"] ?? ""}`, TMPDIR: dir },
    });
  }

  const takesPassword = 'IFS= read -r given; echo "password $given, then: $(cat)"; shift 3; exec "$@"';
  const document = "line 1\nline 2\n";

  it.each(["plain", "with spaces at the end  ", "back\\slash", "$(id) 'quoted' \"twice\"", "密码"])(
    "gets the password %j alone, and lqptctl the document alone",
    (password) => {
      const { stdout, status } = run(
        takesPassword,
        renderCall({ sudo: "password", words: ["apply"] }),
        renderStdin(document, password),
      );
      expect(stdout).toBe(`password ${password}, then: \ntool apply: line 1\nline 2\n`);
      expect(status).toBe(0);
    },
  );

  it("unpacks lqptctl, and runs nothing of one that came in part", () => {
    const line = renderBrought({ sudo: "password", words: ["install"] });
    const packed = gzipSync('echo "installing: $*"\n').toString("base64");
    expect(run(takesPassword, line, renderStdin(packed, "x"))).toMatchObject({
      stdout: "password x, then: \ninstalling: install\n",
      status: 0,
    });
    const part = renderStdin(packed.slice(0, -8), "x");
    expect(run(takesPassword, line, part)).toMatchObject({ stdout: "", status: 9 });
  });

  it("leaves no file behind, and explains a refusal", () => {
    const { stderr, status } = run(
      'echo "sudo: sorry, you must have a tty to run sudo" >&2; exit 1',
      renderCall({ sudo: "password", words: ["apply"] }),
      renderStdin(document, "x"),
    );
    expect(status).toBe(1);
    expect(stderr).toContain("must have a tty");
    expect(stderr).toContain("without requiretty");
    expect(spawnSync("ls", [dir], { encoding: "utf8" }).stdout).toBe("bin\ntool\n");
  });
});
