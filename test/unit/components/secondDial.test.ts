import { asksForASecondDial } from "../../../documents/report";

const STARTED =
  "Process exited with status 13: lqptctl: firewalld was started on proxy-1\n  [E_CONFIRM] it stays only if";

test("a started firewalld is confirmed by one more dial", () => {
  expect(asksForASecondDial([STARTED])).toBe(true);
});

test("a host that asks again is not dialled a third time", () => {
  expect(asksForASecondDial([STARTED, STARTED])).toBe(false);
});

test("no other failure is tried again: a wrong password would count twice", () => {
  expect(asksForASecondDial(["ssh: unable to authenticate"])).toBe(false);
  expect(asksForASecondDial(["[E_BULK] half or more"])).toBe(false);
  expect(asksForASecondDial([])).toBe(false);
});
