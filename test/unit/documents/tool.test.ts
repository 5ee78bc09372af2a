import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { lqptctl, TOOL_PARTS } from "../../../documents/tool";

describe("lqptctl as one file", () => {
  it("has every part of host/, once", () => {
    const files = readdirSync(join(__dirname, "../../../host")).filter((file) => file.endsWith(".sh"));
    expect([...TOOL_PARTS].map((part) => `${part}.sh`).sort()).toEqual(files.sort());
  });

  it("names its own version, which is the project's and the text's", () => {
    const { version, text } = lqptctl();
    expect(version).toMatch(/^\d+\.\d+\.\d+\+[0-9a-f]{8}$/);
    expect(text).toContain(`LQPTCTL_VERSION='${version}'\n`);
  });

  it("runs nothing before its last line, so that half of it does nothing", () => {
    expect(lqptctl().text.trimEnd().split("\n").at(-1)).toBe('main "$@"');
  });

  it("is unpacked by what every host has", () => {
    const { packed, text } = lqptctl();
    expect(packed.length).toBeLessThan(text.length / 2);
    expect(spawnSync("sh", ["-c", "base64 -d|gzip -dc"], { input: packed, encoding: "utf8" }).stdout).toBe(
      text,
    );
  });
});
