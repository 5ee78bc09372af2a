import type { HostRead, StackRead } from "../../../../fleet/drift/readBack";
import type { HostKept } from "../../../../fleet/stateOf";
import { ECDSA, HOST, type Values, without } from "../../config/stacks";
import { sound } from "../plan/fleets";
import { AFTER, allowing, BEFORE, BY_HAND, hostWith, judged, readOf, reviewed, ROLLED } from "./evidence";

test("what was reviewed is done, and done once", () => {
  expect(judged({})).toBe("go");
  expect(judged({ read: readOf(hostWith(AFTER)) })).toBe("already");
});

test("after an `up` by hand the documents decide, and that is said", () => {
  expect(judged({ last: BY_HAND })).toBe("go: no rollout is remembered with it: the documents decide");
});

test("a revision that is not of this one's past is not gone back behind, and one that is not known neither", () => {
  expect(judged({ last: { ...ROLLED, isPast: false } })).toMatch(/^old: /);
  expect(judged({ last: { ...ROLLED, isPast: undefined } })).toMatch(/^old: .*fetch the whole history/);
});

test("a stack that moved since the review goes on where its change means the same", () => {
  const moved = allowing("9.9.9.9", "9.9.9.1");
  const also = allowing("9.9.9.9", "9.9.9.1", "9.9.9.7");
  const evidence = { base: sound(moved), target: sound(also), read: readOf(hostWith(moved)) };
  expect(judged(evidence)).toBe(
    "go: it has moved since the review; planned again, the change means the same",
  );
});

test.each<[string, Values, Values | undefined, Values, RegExp]>([
  [
    "its change means something else",
    allowing("9.9.9.9", "9.9.9.1"),
    allowing("9.9.9.9", "9.9.9.1"),
    allowing("9.9.9.7"),
    /something else/,
  ],
  ["its state is of no known revision", allowing("9.9.9.3"), BEFORE, AFTER, /no revision that is known/],
  ["nothing is known of before", allowing("9.9.9.3"), undefined, AFTER, /not known: plan it again/],
])("a stack is left alone where %s", (_, inForce, base, target, why) => {
  const found = judged({ base: base && sound(base), target: sound(target), read: readOf(hostWith(inForce)) });
  expect(found).toMatch(/^moved: /);
  expect(found).toMatch(why);
});

test("a host that is not what its stack says is left out and named", () => {
  const drifted = hostWith(BEFORE, { findings: [{ kind: "deviates", detail: "nginx does not run" }] });
  expect(judged({ read: readOf(drifted) })).toBe("drifted: proxy-1: nginx does not run");
  const notices = hostWith(BEFORE, { findings: [{ kind: "temporary", detail: "9.9.9.1" }] });
  expect(judged({ read: readOf(notices) })).toBe("go");
});

test("an update of this very change that was cut off is begun again, one of another is not", () => {
  const cutOff = (begun: Values): HostRead => {
    const kept = {
      ...hostWith(BEFORE).kept,
      document: hostWith(begun).kept?.document,
      tool: undefined,
      report: hostWith(BEFORE).kept?.report,
    };
    return hostWith(BEFORE, {
      kept,
      findings: [
        { kind: "unfinished", detail: "" },
        { kind: "deviates", detail: "a run was cut off" },
      ],
    });
  };
  expect(judged({ read: readOf(cutOff(AFTER)) })).toBe("go");
  expect(judged({ read: readOf(cutOff(allowing("9.9.9.3"))) })).toMatch(/^drifted/);
  // That of the last rollout, which this one takes back.
  const back = { reviewed: reviewed(AFTER, BEFORE), target: sound(BEFORE), base: sound(AFTER) };
  expect(judged({ ...back, read: readOf(cutOff(AFTER)) })).toBe("go");
  expect(judged({ ...back, read: readOf(cutOff(AFTER)), last: BY_HAND })).toMatch(/^drifted/);
});

test("what held up the run before still does: an `up` came to its end, and its host is not as it should be", () => {
  const unhealthy = hostWith(AFTER, { findings: [{ kind: "deviates", detail: "nginx does not run" }] });
  expect(judged({ read: readOf(unhealthy) })).toBe("drifted: proxy-1: nginx does not run");
});

describe("a host that the file names no more", () => {
  const second = { ...HOST, address: "203.0.113.12", hostKey: ECDSA };
  const both = (values: Values): Values => ({ ...values, hosts: { "proxy-1": HOST, "proxy-2": second } });
  const kept = (values: Values): HostKept => {
    const text = sound(values).hosts.find(({ host }) => host.name === "proxy-2")?.document.text;
    return { document: text, tool: undefined, report: undefined };
  };
  const withSecond = (values: Values, values2 = values): StackRead => ({
    ...readOf(hostWith(values)),
    others: new Map([["proxy-2", kept(both(values2))]]),
  });
  const removal = {
    reviewed: reviewed(both(BEFORE), BEFORE),
    target: sound(BEFORE),
    base: sound(both(BEFORE)),
  };

  test("is taken away where that was reviewed, also where nothing else changes", () => {
    expect(judged({ ...removal, read: withSecond(BEFORE) })).toBe("go");
    expect(judged({ ...removal, read: readOf(hostWith(BEFORE)) })).toBe("already");
  });

  test("is not taken away by another change", () => {
    expect(judged({ read: withSecond(BEFORE) })).toMatch(/^moved: its state is of no revision/);
    expect(judged({ read: withSecond(BEFORE), base: undefined })).toMatch(/^moved: .*plan it again$/);
    const ofBoth = { ...withSecond(BEFORE), hosts: [hostWith(both(BEFORE))] };
    expect(judged({ read: ofBoth, base: sound(both(BEFORE)) })).toMatch(/^moved: .*something else/);
    const ofProgram = { reviewed: undefined, target: sound(BEFORE), base: sound(BEFORE) };
    expect(judged({ ...ofProgram, read: withSecond(BEFORE) })).toMatch(/^moved: its file has changed too/);
  });

  test("is not taken away where it has another document than was reviewed", () => {
    expect(judged({ ...removal, read: withSecond(BEFORE, AFTER) })).toMatch(/^moved/);
  });

  test("of all of them a rollout takes none", () => {
    const none = without(BEFORE, "hosts");
    const evidence = { reviewed: reviewed(BEFORE, none), target: sound(none) };
    expect(judged({ ...evidence, read: readOf() })).toMatch(/^moved: its file names no host any more/);
  });
});

test("a host that does not answer, a stack that cannot be read", () => {
  expect(judged({ read: readOf(hostWith(BEFORE, { how: "silent", problem: "no answer" })) })).toBe(
    "silent: proxy-1: no answer",
  );
  expect(judged({ read: { ...readOf(), problem: "no stack named 'acme-prod' found" } })).toMatch(
    /^silent: no stack/,
  );
});

test("outside its window a stack waits, unless it is there already", () => {
  const windowed = (values: Values): Values => ({
    ...values,
    change: { window: "Sat 22:00-24:00 Asia/Shanghai" },
  });
  const plan = { reviewed: reviewed(windowed(BEFORE), windowed(AFTER)), target: sound(windowed(AFTER)) };
  expect(judged({ ...plan, now: Date.parse("2026-11-28T21:00:00+08:00") })).toBe(
    "waiting: Sat 22:00-24:00 Asia/Shanghai",
  );
  expect(judged({ ...plan, now: Date.parse("2026-11-28T23:00:00+08:00") })).toBe("go");
  expect(judged({ ...plan, now: 0, read: readOf(hostWith(AFTER)) })).toBe("already");
});

test("another way to log in is no document's: it is done until this very revision was", () => {
  const login = { ...BEFORE, hosts: { "proxy-1": { ...HOST, user: "ops", sudo: "nopasswd" } } };
  const evidence = { reviewed: reviewed(BEFORE, login), target: sound(login) };
  expect(judged(evidence)).toBe("go");
  expect(judged({ ...evidence, last: { ...ROLLED, isThis: true } })).toBe("already");
});

test("hosts that no `up` reaches are not its business", () => {
  const bundle = { ...AFTER, hosts: { "proxy-1": { ...HOST, delivery: "bundle" } } };
  expect(judged({ target: sound(bundle) })).toMatch(/^unreached/);
  expect(judged({ target: undefined })).toMatch(/^moved: its file has a mistake now/);
});

test("a change of the program goes to a stack whatever its documents, until this very revision was", () => {
  expect(judged({ reviewed: undefined, target: sound(BEFORE) })).toBe("go");
  expect(judged({ reviewed: undefined, target: sound(BEFORE), last: { ...ROLLED, isThis: true } })).toBe(
    "already",
  );
});

test("a change of the program takes no change of the stack's file along, reviewed elsewhere or not at all", () => {
  const emptied = { reviewed: undefined, target: sound(AFTER), base: sound(BEFORE) };
  const expected =
    "moved: its file has changed too since its last rollout, and the program alone was reviewed: roll that change out first";
  expect(judged(emptied)).toBe(expected);
  expect(judged({ ...emptied, last: BY_HAND })).toBe(expected);
  expect(judged({ ...emptied, base: undefined })).toMatch(/^moved: .*plan it again$/);
});
