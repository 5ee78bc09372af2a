import { runWithTool, SHELLS } from "./shell";

const list = (...sources: readonly string[]) => sources.map((source) => `${source}\n`).join("");
const A = "203.0.113.1";
const B = "203.0.113.2";
const C = "203.0.113.3";
const D = "203.0.113.4";

describe.each(SHELLS)("the look at whom a document cuts off, by %s", (_, shell) => {
  const problems = (script: string, files: Readonly<Record<string, string>>) =>
    runWithTool({
      shell,
      script: `port=8864; cp "$DIR"/in/* "$WORK"; ${script}; cat "$WORK/problems" 2>/dev/null`,
      files: Object.fromEntries(
        Object.entries({ allow: "", remove: "", known: "", ...files }).map(([name, content]) => [
          `in/${name}`,
          content,
        ]),
      ),
    }).stdout;

  const bulk = (inForce: string, allow: string, remove = "") =>
    problems("check_bulk", { "in-force": inForce, allow, remove });

  it.each([
    ["nobody of nobody", "", list(A)],
    ["nobody", list(A, B), list(A, B, C)],
    ["one of three", list(A, B, C), list(A, B)],
    ["two of five", list("10.0.0.0/8", A, B, C, D), list("10.0.0.0/8", A, B)],
    ["whoever is inside a wider network that comes", list(A, B), list("203.0.113.0/24")],
  ])("does not ask where it is %s", (_, inForce, allow) => {
    expect(bulk(inForce, allow)).toBe("");
  });

  it.each([
    ["one of one", list(A), list(B), 1, 1, A],
    ["one of two", list(A, B), list(B), 1, 2, A],
    ["two of four", list(A, B, C, D), list(C, D), 2, 4, `${A} ${B}`],
    ["all", list(A, B, C), list(D), 3, 3, `${A} ${B} ${C}`],
    ["a network of which one address stays", list("203.0.113.0/24", A), list(A), 1, 2, "203.0.113.0/24"],
  ])("asks where it is half or more: %s", (_, inForce, allow, cut, total, names) => {
    expect(bulk(inForce, allow)).toMatch(
      new RegExp(
        `^\\[E_BULK\\] ${String(cut)} of the ${String(total)} sources in force on port 8864 .* go: ${names}\\n$`,
      ),
    );
  });

  it("does not ask where each is named to go", () => {
    expect(bulk(list(A, B), list(C), list(A, B))).toBe("");
    expect(bulk(list("203.0.113.0/24"), list("10.0.0.1"), list("203.0.113.0/24"))).toBe("");
  });

  it("knows an address by its /32, as somebody's hand may have written it", () => {
    expect(bulk(list(`${A}/32`, `${B}/32`), list(C), list(A, B))).toBe("");
  });

  it("asks for those that are not named, and only for them", () => {
    expect(bulk(list(A, B), list(C), list(B))).toMatch(new RegExp(`go: ${A}\\n$`));
    expect(bulk(list(A, B), list(C), list("203.0.113.0/24"))).toMatch(new RegExp(`go: ${A} ${B}\\n$`));
  });

  it("counts no guest, who was let in at the console and is named by no document", () => {
    const asked = (allow: string, inForce: string) =>
      problems('mkdir -p "$STATE"; cp "$DIR"/in/temporary "$DIR"/in/document "$STATE"; check_bulk', {
        ...{ "in-force": inForce, allow, temporary: `${B} 1\n${C} 1795000000\n` },
        document: `[firewall]\nallow ${A}\nallow ${C}\n\n[nginx]\n`,
      });
    expect(asked(list(A), list(A, B))).toBe("");
    // He is no third who makes less than half of one of two.
    expect(asked(list(A, B), list(A, B, C))).toMatch(new RegExp(`^\\[E_BULK\\] 1 of the 2 .* go: ${C}\\n$`));
  });

  it("asks in mode external too, where it is nginx's list alone that cuts them off", () => {
    const external = (known: string, allow: string) => problems("survey_external", { known, allow });
    expect(external(list(A, B), list(B))).toMatch(new RegExp(`^\\[E_BULK\\] .* go: ${A}\n$`));
    expect(external(list(A, B, C), list(B, C))).toBe("");
    expect(external("", list(A))).toBe("");
  });

  const foreign = (files: Readonly<Record<string, string>>) => problems("check_sources", files);

  it.each([
    ["is listed", { allow: list(A) }],
    ["is inside what is listed", { allow: list("203.0.113.0/24") }],
    ["was listed before", { known: list(A) }],
    ["is named to go", { remove: list(A) }],
  ])("takes a source in force that %s", (_, files) => {
    expect(foreign({ "in-force": list(A), ...files })).toBe("");
  });

  it("takes an address that is written with /32 on the host and was listed before", () => {
    expect(foreign({ "in-force": list(`${A}/32`), known: list(A) })).toBe("");
  });

  it("takes a source that mode external left in firewalld and that was taken off the list since", () => {
    const { stdout } = runWithTool({
      shell,
      script: `port=8864; cp "$DIR"/in/* "$WORK"; check_sources; cat "$WORK/problems" 2>/dev/null`,
      files: {
        "in/in-force": list(A, B),
        "in/allow": list(A),
        "in/known": list(A),
        "in/remove": "",
        "state/sources-left": list(A, B),
      },
    });
    expect(stdout).toBe("");
  });

  it("asks about each source in force that nobody named", () => {
    const told = foreign({
      "in-force": list("203.0.112.0/23", A, B),
      allow: list(A),
      known: list("10.0.0.1"),
    });
    expect(told).toMatch(
      /^\[E_FOREIGN_SOURCE\] 203\.0\.112\.0\/23 .*\n\[E_FOREIGN_SOURCE\] 203\.0\.113\.2 .*\n$/,
    );
  });

  it("names whom the host let in before: by document, by one cut off half-way, by hand for a while", () => {
    const document = (...sources: readonly string[]) =>
      `[firewall]\nmode firewalld\nzone auto\n${sources.map((source) => `allow ${source}\n`).join("")}\n[nginx]\nallow 9.9.9.9\n`;
    const { stdout } = runWithTool({
      shell,
      script: "known_sources",
      files: {
        "state/document": document(A, "10.0.0.0/8"),
        "state/pending/document": document(B),
        "state/pending/known": list(C, A),
        "state/temporary": `${D} 1795000000\n`,
      },
    });
    expect(stdout).toBe(list("10.0.0.0/8", A, B, C, D));
    expect(runWithTool({ shell, script: "known_sources" }).stdout).toBe("");
  });
});
