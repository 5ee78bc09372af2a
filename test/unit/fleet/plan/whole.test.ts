import { wholeOf } from "../../../../fleet/plan/whole";
import { HOST, SMALL, type Values } from "../../config/stacks";
import { sound } from "./fleets";

const whole = (values: Values): string => wholeOf(sound(values));
const BRINGING: Values = {
  ...SMALL,
  nginx: { source: "vendor", archive: { url: "http://files.example/a.tar.gz", sha256: "a".repeat(64) } },
};

test("what a stack's file says is the same in whatever order", () => {
  const reversed = Object.fromEntries(Object.entries(BRINGING).reverse());
  expect(whole(reversed)).toBe(whole(BRINGING));
  expect(whole(BRINGING)).toMatch(/^sha256:[0-9a-f]{64}$/);
});

test.each<[string, Values]>([
  ["a source", { ...BRINGING, allow: { "9.9.9.1": "ACME" } }],
  ["what is brought", { ...BRINGING, nginx: { source: "package" } }],
  ["who logs in", { ...BRINGING, hosts: { "proxy-1": { ...HOST, user: "ops", sudo: "nopasswd" } } }],
  ["where a machine is", { ...BRINGING, hosts: { "proxy-1": { ...HOST, address: "203.0.113.99" } } }],
  ["when it may be changed", { ...BRINGING, change: { window: "Sat 22:00-24:00 Asia/Shanghai" } }],
])("it is another where %s is", (_, values) => {
  expect(whole(values)).not.toBe(whole(BRINGING));
});
