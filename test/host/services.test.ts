import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runWithTool, SHELLS } from "./shell";

const FOLDERS = "/etc/firewalld/services /usr/lib/firewalld/services";

/** The function with folders of the test's own in place of firewalld's. */
function moved(): string {
  const text = readFileSync(join(__dirname, "..", "..", "host", "firewall.sh"), "utf8");
  const body = /^service_opens\(\) \(\n[^]*?\n\)/m.exec(text)?.[0];
  if (body?.includes(FOLDERS) !== true) {
    throw new Error(`host/firewall.sh has no service_opens that reads ${FOLDERS}`);
  }
  return body.replace(FOLDERS, '"$DIR/etc" "$DIR/lib"');
}

const service = (content: string): string =>
  `<?xml version="1.0" encoding="utf-8"?>\n<service>\n  <short>Ours</short>\n  ${content}\n</service>\n`;

const TCP = '<port protocol="tcp" port="8864"/>';

describe.each(SHELLS)("a service of firewalld's, read by %s", (_, shell) => {
  /** `files`: by path below the two folders, `etc/ours`. */
  const opens = (name: string, files: Readonly<Record<string, string>>): boolean => {
    const writes = Object.entries(files).map(
      ([path, content]) => `cat >"$DIR/${path}.xml" <<'XML'\n${service(content)}XML`,
    );
    const { stdout } = runWithTool({
      shell,
      script: [
        ...['mkdir "$DIR/etc" "$DIR/lib"', ...writes, moved()],
        `service_opens ${name} 8864 && echo yes || echo no`,
      ].join("\n"),
    });
    expect(stdout).toMatch(/^(yes|no)\n$/);
    return stdout === "yes\n";
  };

  it.each([
    ["the port", TCP, true],
    ["the port, written the other way round", '<port port="8864" protocol="tcp"></port>', true],
    ["a range that holds it", '<port port="8000-8864" protocol="tcp"/>', true],
    ["a range that does not", '<port port="8865-9000" protocol="tcp"/>', false],
    ["another port", '<port port="18864" protocol="tcp"/>', false],
    ["the port of UDP", '<port port="8864" protocol="udp"/>', false],
    ["the port as a source's", '<source-port port="8864" protocol="tcp"/>', false],
    ["several, on one line", `<port port="1" protocol="udp"/>${TCP}<port port="2" protocol="tcp"/>`, true],
    [
      "the port of UDP beside another of TCP",
      '<port port="8864" protocol="udp"/><port port="1" protocol="tcp"/>',
      false,
    ],
    ["nothing", "", false],
  ])("with %s", (_, content, expected) => {
    expect(opens("ours", { "lib/ours": content })).toBe(expected);
  });

  it("counts as the administrator wrote it, where he did", () => {
    expect(opens("ours", { "lib/ours": TCP, "etc/ours": "" })).toBe(false);
    expect(opens("ours", { "lib/ours": "", "etc/ours": TCP })).toBe(true);
  });

  it("opens what the services open that it includes", () => {
    expect(opens("ours", { "etc/ours": '<include service="leqi"/>', "etc/leqi": TCP })).toBe(true);
  });

  it("opens nothing where there is no such service", () => {
    expect(opens("ours", {})).toBe(false);
  });
});
