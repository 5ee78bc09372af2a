import { runWithTool, SHELLS } from "./shell";

const HELD = 'mkdir "$STATE"; echo "acme-7f3a proxy-1" >"$STATE/owner"; ';

describe.each(SHELLS)("whose a host is, told by %s", (_, shell) => {
  const run = (script: string) => runWithTool({ shell, script });

  it.each([
    ["nobody's", "", "acme-7f3a proxy-1"],
    ["one's own", HELD, "acme-7f3a proxy-1"],
    ["one's own under an older name", HELD, "acme-7f3a proxy-a"],
  ])("lets one in where it is %s", (_, before, who) => {
    expect(run(`${before}check_owner ${who}; echo went on`)).toMatchObject({
      status: 0,
      stdout: "went on\n",
    });
  });

  it.each(["other-1a2b proxy-1", "acme proxy-1", "acme-7f3 proxy-1"])(
    "refuses %s where it is another's",
    (who) => {
      const { status, stdout, stderr } = run(`${HELD}check_owner ${who}; echo went on`);
      expect({ status, stdout }).toEqual({ status: 10, stdout: "" });
      expect(stderr).toContain("[E_OWNER] this host is held by acme-7f3a (as proxy-1)");
    },
  );

  it.each([
    ["nobody's", "", "acme-7f3a proxy-1", true],
    ["exactly this one's", HELD, "acme-7f3a proxy-1", true],
    ["this one's under a newer name", HELD, "acme-7f3a proxy-a", false],
    ["another's", HELD, "other-1a2b proxy-1", false],
  ])("where it is %s, a removal goes on or does nothing", (_, before, who, goesOn) => {
    const { stdout, stderr } = run(`${before}may_release ${who} && echo yes || echo no`);
    expect(stdout).toBe(goesOn ? "yes\n" : "no\n");
    expect(stderr).toContain(goesOn ? "" : "nothing is to be removed");
  });
});
