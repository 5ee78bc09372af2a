import {
  type HostRecord,
  isOf,
  parseRecord,
  parseSent,
  recordOf,
  renderRecord,
} from "../../../documents/record";
import { sampleHost } from "../sampleConfig";
import { RECORD, SENT } from "./sampleRecord";

const PATH = "records/acme-prod/proxy-2.json";

test("a record is written as a reviewer reads it, and read back", () => {
  const host = { ...sampleHost, address: RECORD.address };
  const text = renderRecord(recordOf(SENT, host, new Date(RECORD.recorded)));
  expect(text).toMatchSnapshot();
  expect(parseRecord(PATH, text)).toEqual(RECORD);
});

test.each([
  ["no JSON", "<<<<<<< HEAD", "JSON"],
  ["no time", JSON.stringify({ ...RECORD, recorded: undefined }), "recorded"],
  ["a time that an editor made", JSON.stringify({ ...RECORD, recorded: "yesterday" }), "recorded"],
  ["no list", JSON.stringify({ ...RECORD, whitelist: undefined }), "whitelist"],
  ["what is no source", JSON.stringify({ ...RECORD, whitelist: ["::/0"] }), "whitelist.0"],
])("a record with %s is told with its path and the place", (_, text, place) => {
  expect(() => parseRecord(PATH, text)).toThrow(`${PATH} is no record, by its ${place};`);
});

test.each<[string, Partial<Record<keyof HostRecord, unknown>>]>([
  ["another digest", { digest: "sha256:aa" }],
  ["an owner that is none", { owner: "acme\u001b[2J" }],
  ["no time", { at: undefined }],
  ["no version", { lqptctl: "" }],
  ["a time of its own making", { temporary: { "203.0.113.9": "\u001b[2J" } }],
])("a report with %s is none", (_, change) => {
  expect(() => parseSent(JSON.stringify({ ...SENT, ...change }))).toThrow("this is no report of a bundle");
});

test("nothing that a report says reaches a terminal as more than text", () => {
  const { machine, warnings } = parseSent(
    JSON.stringify({ ...SENT, machine: "a\u001b]0;b", warnings: ["\u202eevil\u0007"] }),
  );
  expect([machine, warnings]).toEqual(["a?]0;b", ["?evil?"]]);
});

test.each([
  ["the same machine", {}, true],
  ["another address", { address: "203.0.113.99" }, false],
  ["another owner", { owner: "other-1a2b" }, false],
  ["another host", { host: "proxy-1" }, false],
])("whether a record is of the host as it is now: %s", (_, change, expected) => {
  const { host, owner, address } = RECORD;
  expect(isOf({ ...RECORD, ...change }, { host, owner, address })).toBe(expected);
});
