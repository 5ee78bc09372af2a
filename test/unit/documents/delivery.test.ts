import { isUntouched, remarkOfDelivery } from "../../../documents/delivery";
import { parseRecord, renderRecord } from "../../../documents/record";

const REPORT = { digest: "sha256:aa", whitelist: ["203.0.113.9"], temporary: {}, warnings: [] };
const RECORD = { recorded: "2026-11-25T08:00:00.000Z", ...REPORT };
const remark = (state: "in" | "out", record?: typeof RECORD) =>
  remarkOfDelivery("acme-prod", { name: "proxy-2", state }, { digest: "sha256:aa" }, record);

test.each([
  ["ssh", "in", false],
  ["ssh", "out", true],
  ["bundle", "in", true],
  ["bundle", "out", true],
] as const)("delivery %s, state %s: no `up` reaches it is %s", (delivery, state, expected) => {
  expect(isUntouched({ delivery, state })).toBe(expected);
});

test("what is said of a host that no `up` reaches", () => {
  expect([
    remark("out", RECORD),
    remark("in"),
    remark("in", RECORD),
    remark("in", { ...RECORD, digest: "sha256:bb" }),
  ]).toMatchSnapshot();
});

test("a record is written as a reviewer reads it, and read back", () => {
  const text = renderRecord(REPORT, new Date(RECORD.recorded));
  expect(text).toMatchSnapshot();
  expect(parseRecord("records/acme-prod/proxy-2.json", text)).toEqual(RECORD);
});

test.each([
  ["no JSON", "<<<<<<< HEAD"],
  ["no time", JSON.stringify(REPORT)],
  ["no list", JSON.stringify({ recorded: RECORD.recorded, digest: "sha256:aa" })],
])("a record with %s is told with its path", (_, text) => {
  expect(() => parseRecord("records/acme-prod/proxy-2.json", text)).toThrow(
    /^records\/acme-prod\/proxy-2\.json is no record/,
  );
});
