import { runWithTool, SHELLS } from "./shell";

describe.each(SHELLS)("what lqptctl says under %s", (_, shell) => {
  it("makes a JSON string of any text", () => {
    const nasty = `a"b\\c $(id) \`id\` 某某\ttab`;
    const { stdout } = runWithTool({
      shell,
      stdin: nasty,
      script: `IFS= read -r text || :; json_string "$text"`,
    });
    expect(JSON.parse(stdout)).toBe(nasty.replace("\t", ""));
  });

  it("makes a JSON array of lines", () => {
    const array = (stdin: string) => runWithTool({ shell, stdin, script: "json_array" }).stdout;
    expect(JSON.parse(array(""))).toEqual([]);
    expect(JSON.parse(array("a\nb c\n"))).toEqual(["a", "b c"]);
  });

  it("tells all reasons to refuse at once, and where that leaves the host", () => {
    const { status, stderr } = runWithTool({
      shell,
      script: "problem E_ONE 'first'; problem E_TWO 'second'; refuse_if_problems; echo went on",
    });
    expect(status).toBe(10);
    expect(stderr).toMatch(/nothing on this host was changed\n {2}\[E_ONE\] first\n {2}\[E_TWO\] second\n$/);
  });
});
