import { runWithTool, SHELLS } from "./shell";

/**
 * A look during which other runs change the host, the first so many times. What is said: how often it was looked, what lay
 * about from the look before, and whether somebody is at work.
 */
const looked = (shell: readonly string[], disturbed: number): string =>
  runWithTool({
    shell,
    files: { "state/document": "x" },
    script: `await_run() { at_work=no; }
look() {
	ls "$WORK" >>"$DIR/left"
	echo x >>"$DIR/looks"
	: >"$WORK/seen"
	[ "$(wc -l <"$DIR/looks")" -gt ${String(disturbed)} ] || { sleep 0.02 && : >"$STATE/pending" && rm "$STATE/pending"; }
}
at_rest look
echo "$(wc -l <"$DIR/looks") $(wc -l <"$DIR/left") $at_work"`,
  }).stdout.replace(/ +/g, " ");

describe.each(SHELLS)("a look at the host under %s", (_, shell) => {
  it("is had once where nobody changes it, and anew where somebody did", () => {
    expect(looked(shell, 0)).toBe("1 0 no\n");
    expect(looked(shell, 1)).toBe("2 0 no\n");
    expect(looked(shell, 2)).toBe("3 0 no\n");
  });

  it("ends where somebody always does, and says so", () => {
    expect(looked(shell, 9)).toBe("4 0 yes\n");
  });

  it("waits no longer for somebody who is at work already", () => {
    const { stdout } = runWithTool({
      shell,
      files: { "state/document": "x" },
      script: `await_run() { at_work=yes; }
look() { echo "$at_work"; sleep 0.02; : >"$STATE/pending"; }
at_rest look`,
    });
    expect(stdout).toBe("yes\n");
  });
});
