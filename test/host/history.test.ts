import { runWithTool, SHELLS } from "./shell";

const line = (time: string, verb = "apply") => `{"time":"${time}","verb":"${verb}","who":"root"}\n`;

/** The clock of a test: now, and 180 days before. */
const CLOCK = `date() {
	case $* in
	*-180*) echo 2026-05-28T12:00:00Z ;;
	*-d*) return 1 ;;
	*) echo 2026-11-24T12:00:00Z ;;
	esac
}
logger() { cat >/dev/null; }
`;

describe.each(SHELLS)("the history of changes, kept by %s", (_, shell) => {
  const forget = (history: string, clock = CLOCK) =>
    runWithTool({
      shell,
      script: `${clock}forget_history; cat "$HISTORY"; ls "$HISTORY_FOLDER"`,
      files: { "history/history.jsonl": history },
    }).stdout;

  it("forgets what is older than it is to be kept, to the second", () => {
    const kept = line("2026-05-28T12:00:00Z") + line("2026-11-01T00:00:00Z").repeat(100);
    const old = line("2025-12-31T23:59:59Z") + line("2026-05-28T11:59:59Z");
    expect(forget(old + kept)).toBe(`${kept}history.jsonl\n`);
    expect(forget(kept)).toBe(`${kept}history.jsonl\n`);
  });

  it("keeps the last hundred in any case, so that a clock that was once ahead takes not all away", () => {
    const [older, last] = [line("2025-01-01T00:00:00Z").repeat(7), line("2025-12-31T23:59:59Z").repeat(100)];
    expect(forget(older + last)).toBe(`${last}history.jsonl\n`);
  });

  it("forgets nothing where the clock cannot say what is old", () => {
    const all = line("2020-01-01T00:00:00Z") + line("2026-11-01T00:00:00Z");
    expect(forget(all, "date() { return 1; }\n")).toBe(`${all}history.jsonl\n`);
  });

  it("begins with the first change, and adds each as one line of JSON", () => {
    const { stdout } = runWithTool({
      shell,
      script: `${CLOCK}SUDO_USER='o"neil'; LOGNAME=root
printf '203.0.113.9\\n10.0.0.0/8\\n' >"$WORK/added"; echo 'CHG-1 "x"' >"$WORK/ticket"
add_history apply none abc
: >"$WORK/added"; unset SUDO_USER; LOGNAME=nils
add_history close abc abc
cat "$HISTORY"`,
    });
    const lines = stdout
      .trimEnd()
      .split("\n")
      .map((text) => JSON.parse(text) as unknown);
    const common = { time: "2026-11-24T12:00:00Z", ticket: 'CHG-1 "x"', after: "abc", removed: [] };
    expect(lines).toEqual([
      { ...common, verb: "apply", who: 'o"neil', before: "none", added: ["203.0.113.9", "10.0.0.0/8"] },
      { ...common, verb: "close", who: "nils", before: "abc", added: [] },
    ]);
  });

  it("is printed whole, and is empty before the first change", () => {
    const script = "need_root() { :; }; history";
    const all = line("2026-11-01T00:00:00Z") + line("2026-11-02T00:00:00Z", "remove");
    expect(runWithTool({ shell, script, files: { "history/history.jsonl": all } }).stdout).toBe(all);
    expect(runWithTool({ shell, script })).toMatchObject({ status: 0, stdout: "", stderr: "" });
  });
});
