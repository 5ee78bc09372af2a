import { checkQuoting, type QuotingFindings } from "../../../config/quoting";

/** The findings where the file says one thing and Pulumi handed on another. */
function check(written: string | undefined, value: string, key = "leqiId"): QuotingFindings {
  const text = written === undefined ? undefined : `config:\n  lqpt:${key}: ${written}\n`;
  return checkQuoting("Pulumi.acme-prod.yaml", text, { [key]: value });
}

test.each([
  ["0012345", "5349"],
  ["12345", "12345"],
  ["91310000000000000001", "91310000000000000000"],
  ["91E10", "910000000000"],
  ["91E1", "910"],
  ["0x1F", "31"],
  ["0o17", "15"],
  ["1_000", "1000"],
  ["+5", "5"],
  [".5", "0.5"],
])("an unquoted %s, handed on as %s, is refused", (written, value) => {
  const { issues, warnings } = check(written, value);
  expect(issues).toEqual([
    {
      file: "Pulumi.acme-prod.yaml",
      path: "lqpt:leqiId",
      found: written,
      problem: "YAML reads this as a number, and may change it (0012345 becomes 5349)",
      allowed: "text in quotes",
      next: `write it in quotes: lqpt:leqiId: "${written}"`,
    },
  ]);
  expect(warnings).toEqual([]);
});

test.each([
  ['"0012345"', "0012345"],
  ["'0012345'", "0012345"],
  ["!!str 0012345", "0012345"],
  [">-\n    0012345", "0012345"],
  ["ACME0001", "ACME0001"],
])("%s is text", (written, value) => {
  expect(check(written, value)).toEqual({ issues: [], warnings: [] });
});

test("an alias is judged by what it stands for", () => {
  const text = "x: &unit 0012345\nconfig:\n  lqpt:leqiId: *unit\n";
  expect(checkQuoting("f", text, { leqiId: "5349" }).issues).toHaveLength(1);
});

test("other identifiers are judged as well", () => {
  expect(check("1e3", "1000", "id").issues).toHaveLength(1);
  expect(check("203.1", "203.1", "registeredIp").issues).toHaveLength(1);
});

test("an IPv4 address without quotes is text", () => {
  expect(check("203.0.113.10", "203.0.113.10", "registeredIp")).toEqual({ issues: [], warnings: [] });
  expect(check(undefined, "203.0.113.10", "registeredIp")).toEqual({ issues: [], warnings: [] });
});

test.each([
  ["there is no file", undefined],
  ["the file says something else", '"0012345"'],
])("digits from elsewhere are a warning where %s", (_, written) => {
  expect(check(written, "5349")).toEqual({
    issues: [],
    warnings: [
      "lqpt:leqiId: 5349 was not read from Pulumi.acme-prod.yaml; make sure that it is in quotes where it is " +
        "written, since YAML changes numbers (0012345 becomes 5349)",
    ],
  });
});

test("the file is never a reason to refuse a value that came from elsewhere as text", () => {
  expect(check("0012345", "ACME0001")).toEqual({ issues: [], warnings: [] });
});
