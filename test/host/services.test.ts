import { runWithTool, SHELLS } from "./shell";

const service = (content: string): string =>
  `<?xml version="1.0" encoding="utf-8"?>\n<service>\n  <short>Ours</short>\n  ${content}\n</service>\n`;

/** The administrator's own and the distribution's. */
const FOLDER: Readonly<Record<string, string>> = {
  etc: "etc/firewalld/services",
  lib: "usr/lib/firewalld/services",
};

const TCP = '<port protocol="tcp" port="8864"/>';

describe.each(SHELLS)("a service of firewalld's, read by %s", (_, shell) => {
  /** `files`: by path below the two folders, `etc/ours`. */
  const opens = (name: string, files: Readonly<Record<string, string>>): boolean => {
    const { stdout } = runWithTool({
      shell,
      script: `service_opens ${name} 8864 && echo yes || echo no`,
      files: Object.fromEntries(
        Object.entries(files).map(([path, content]) => [
          `${FOLDER[path.slice(0, 3)] ?? ""}${path.slice(3)}.xml`,
          service(content),
        ]),
      ),
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
