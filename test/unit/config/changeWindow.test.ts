import { isOpen, parseWindow } from "../../../config/changeWindow";

const open = (window: string, time: string): boolean => {
  const parsed = parseWindow(window);
  if (parsed === undefined) throw new Error(`${window} is no window`);
  return isOpen(parsed, Date.parse(time));
};

// 2026-11-28 is a Saturday.
test.each([
  ["Sat 22:00-24:00 Asia/Shanghai", "2026-11-28T21:59:59+08:00", false],
  ["Sat 22:00-24:00 Asia/Shanghai", "2026-11-28T22:00:00+08:00", true],
  ["Sat 22:00-24:00 Asia/Shanghai", "2026-11-28T23:59:59+08:00", true],
  ["Sat 22:00-24:00 Asia/Shanghai", "2026-11-29T00:00:00+08:00", false],
  // By the zone it is Saturday, by UTC still Friday.
  ["Sat 00:00-06:00 Asia/Shanghai", "2026-11-27T17:00:00Z", true],
  ["Sat 22:00-02:00 UTC", "2026-11-29T01:59:00Z", true],
  ["Sat 22:00-02:00 UTC", "2026-11-28T01:59:00Z", false],
  ["Sun 22:00-02:00 UTC", "2026-11-30T01:00:00Z", true],
  ["Mon-Fri,Sun 01:00-05:00 UTC", "2026-11-28T02:00:00Z", false],
  ["Mon-Fri,Sun 01:00-05:00 UTC", "2026-11-29T02:00:00Z", true],
  ["Sat-Mon 01:00-05:00 UTC", "2026-11-30T02:00:00Z", true],
  ["Sat-Mon 01:00-05:00 UTC", "2026-12-01T02:00:00Z", false],
  ["daily 00:00-24:00 UTC", "2026-12-01T12:00:00Z", true],
  ["daily 03:00-03:00 UTC", "2026-12-01T02:59:00Z", true],
])("%s at %s: %s", (window, time, expected) => {
  expect(open(window, time)).toBe(expected);
});

test.each([
  "Sat 22:00-24:00",
  "Sat 22:00-25:00 UTC",
  "Sat 24:00-02:00 UTC",
  "Sat 22:60-23:00 UTC",
  "Samstag 22:00-24:00 UTC",
  "Sat 22-24 UTC",
  "Sat 22:00-24:00 Asia/Shangri-La",
  "Sat 22：00-24：00 Asia/Shanghai",
  "",
])("%j is no window", (text) => {
  expect(parseWindow(text)).toBeUndefined();
});
