import { runWithTool, SHELLS } from "./shell";

const SOON = String(Math.floor(Date.now() / 1000) + 3600);

describe.each(SHELLS)("the timer of whoever is let in for a while, run by %s", (_, shell) => {
  const expire = (temporary: string, answer = "0") =>
    runWithTool({
      shell,
      script: `need_root() { :; }; take_lock() { :; }; again() { echo "again $1" >&2; return ${answer}; }; forget_timer() { echo "no timer"; }
expire; echo "status $?"; cat "$STATE/temporary"`,
      files: { "state/document": "x\n", "state/temporary": temporary },
    });

  it("takes away whoever's time is over, and the timer after the last", () => {
    expect(expire(`192.0.2.1 1000\n192.0.2.2 ${SOON}\n`)).toMatchObject({
      stdout: `status 0\n192.0.2.2 ${SOON}\n`,
      stderr: "again expire\n",
    });
    expect(expire("192.0.2.1 1000\n")).toMatchObject({
      stdout: "no timer\nstatus 0\n",
      stderr: "again expire\n",
    });
  });

  it("touches nothing while nobody's time is over", () => {
    expect(expire(`192.0.2.2 ${SOON}\n`)).toMatchObject({
      stdout: `status 0\n192.0.2.2 ${SOON}\n`,
      stderr: "",
    });
  });

  it("is given a minute before anybody is told that they are still in", () => {
    const now = Math.floor(Date.now() / 1000);
    const told = runWithTool({
      shell,
      script: 'printf "192.0.2.1\\n192.0.2.2\\n192.0.2.3\\n192.0.2.4\\n" | less_just_over',
      files: { "state/temporary": `192.0.2.3 ${now - 90}\n192.0.2.2 ${now - 5}\n192.0.2.1 ${now + 90}\n` },
    });
    expect(told.stdout).toBe("192.0.2.1\n192.0.2.3\n192.0.2.4\n");
    const nobody = runWithTool({ shell, script: "echo 192.0.2.1 | less_just_over" });
    expect(nobody).toMatchObject({ stdout: "192.0.2.1\n", stderr: "" });
  });

  it("keeps on trying where it could not", () => {
    expect(expire("192.0.2.1 1000\n", "1").stdout).toBe("status 1\n192.0.2.1 1000\n");
  });
});
