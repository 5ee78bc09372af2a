import { explainDial, notConnected, notLetIn } from "../../../fleet/dialErrors";
import { ED25519 } from "../config/stacks";

const login = { address: "203.0.113.10", port: 22, user: "ops", auth: "password", hostKey: ED25519 } as const;
const told = (error: object, found = "") =>
  explainDial(Object.assign(new Error("words"), error), login, found);

test.each([
  ["a password that is wrong", { level: "client-authentication" }, /tried once.*locked/],
  ["nobody who listens", { code: "ECONNREFUSED" }, /nothing listens there/],
  ["no way", { code: "ENETUNREACH" }, /bastion/],
  ["silence", { level: "client-timeout" }, /did not answer in time/],
  [
    "no key of the pinned type",
    { message: "no matching host key format" },
    /no host key of the type ssh-ed25519/,
  ],
  [
    "an agent that is not there",
    { level: "agent", message: "connect ENOENT /tmp/agent.1" },
    /the agent gives no key: there is no \/tmp\/agent\.1; expected one that runs/,
  ],
  ["what nobody has seen yet", {}, /words; expected an sshd there/],
])("%s is told with what to do", (_, error, words) => {
  expect(told(error)).toMatch(words);
  expect(told(error)).toMatch(/^no connection to ops@203\.0\.113\.10:22: /);
});

test("another host key is told before everything else, with both fingerprints", () => {
  expect(told({ level: "client-authentication" }, "AAAA")).toMatch(
    /who answers has the host key SHA256:\S+; expected SHA256:\S+\. .*console/,
  );
});

const REFUSED = { kind: "refused", account: "ops" };
test.each([
  [
    "a password that is wrong",
    { level: "client-authentication" },
    REFUSED,
    /it does not let us in\. It was tried once/,
  ],
  ["one who goes once it was tried", { level: "client-socket" }, REFUSED, /it does not let us in: words/],
  ["one who closes then", {}, REFUSED, /it does not let us in: words/],
  [
    "one who says nothing in time",
    { level: "client-timeout" },
    { kind: "late", account: "ops" },
    /did not say in time whether it lets us in/,
  ],
  ["what went wrong otherwise", { level: "agent" }, undefined, /the agent gives no key/],
])("%s tells a program what became of the password", (_, error, refusal, words) => {
  const found = notConnected(Object.assign(new Error("words"), error), login, "", true);
  expect(found.refusal).toEqual(refusal);
  expect(found.message).toMatch(words);
});

test("only a password that was tried is refused", () => {
  expect(notConnected(notLetIn("it has expired"), login, "", true).refusal).toEqual(REFUSED);
  expect(notConnected(new Error("gone"), login, "", false).refusal).toBeUndefined();
  const byKey = { ...login, auth: "key" } as const;
  expect(notConnected(notLetIn("gone"), byKey, "", true).refusal).toBeUndefined();
});
