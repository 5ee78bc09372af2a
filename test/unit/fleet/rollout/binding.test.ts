import { lqptctl } from "../../../../documents/tool";
import { judge } from "../../../../fleet/drift/judge";
import { comparePlans } from "../../../../fleet/plan/plan";
import type { HostKept } from "../../../../fleet/stateOf";
import { ECDSA, HOST, type Values } from "../../config/stacks";
import { fleet, planOf, sound } from "../plan/fleets";
import { AFTER, allowing, BEFORE, BY_HAND, hostWith, judged, readOf, reviewed, ROLLED } from "./evidence";

test("what is brought beside the documents is done until it was, by this revision or by one before it", () => {
  const bringing = (sha256: string): Values => ({
    ...BEFORE,
    nginx: {
      source: "vendor",
      archive: { url: "http://files.example/nginx.tar.gz", sha256: sha256.repeat(64) },
    },
  });
  const [old, now] = [bringing("a"), bringing("b")];
  expect(sound(old).hosts).toEqual(sound(now).hosts);
  const evidence = {
    reviewed: reviewed(old, now),
    target: sound(now),
    base: sound(old),
    read: readOf(hostWith(old)),
  };
  expect(judged(evidence)).toBe("go");
  expect(judged({ ...evidence, last: { ...ROLLED, isThis: true } })).toBe("already");
  expect(judged({ ...evidence, base: sound(now) })).toBe("already");
  expect(judged({ ...evidence, base: sound(now), last: { ...ROLLED, hasSucceeded: false } })).toBe("go");
  expect(judged({ ...evidence, base: sound(now), last: BY_HAND })).toMatch(/^go: no rollout is remembered/);
  // A stack that is new since the review's older revision, and had its first documents from a rollout in between.
  const [asNew] = planOf({}, { "acme-prod": now }).stacks;
  const inBetween = { reviewed: asNew, last: { ...ROLLED, isSince: true } };
  expect(judged({ ...evidence, ...inBetween })).toBe("go");
  expect(judged({ ...evidence, ...inBetween, base: sound(now) })).toBe("already");
  // What nobody reviewed does not slip along with what somebody did.
  const also = { ...now, allow: AFTER["allow"] };
  const listAlone = { reviewed: reviewed(old, { ...old, allow: AFTER["allow"] }), target: sound(also) };
  expect(judged({ ...evidence, ...listAlone })).toMatch(/^moved: .*something else/);
});

test("of what was reviewed a part may be there already, from a rollout since then and no earlier one", () => {
  const part = allowing("9.9.9.9", "9.9.9.7", "9.9.9.8");
  const whole = allowing("9.9.9.7", "9.9.9.8");
  const evidence = {
    ...{ reviewed: reviewed(BEFORE, whole), target: sound(whole) },
    ...{ base: sound(part), read: readOf(hostWith(part)) },
  };
  const since = { ...ROLLED, isSince: true };
  expect(judged({ ...evidence, last: since })).toBe(
    "go: a part of what was reviewed is there from an earlier rollout, and the rest follows",
  );
  expect(judged(evidence)).toMatch(/^moved: .*something else/);
  expect(judged({ ...evidence, last: since, target: sound(AFTER) })).toMatch(/^moved/);
  expect(judged({ ...evidence, last: since, read: readOf(hostWith(AFTER)) })).toMatch(
    /^moved: its state is of no/,
  );
});

test("a new machine in a host's place has nothing yet, where that was reviewed", () => {
  const moved = { ...BEFORE, hosts: { "proxy-1": { ...HOST, address: "203.0.113.12", hostKey: ECDSA } } };
  const bare = { owner: null, lqptctl: "0.1.0", installed: null, deviations: [] };
  const kept = { ...hostWith(BEFORE).kept, tool: `lqptctl ${lqptctl().version}` } as HostKept;
  const findings = judge({ id: "acme-7f3a", host: "proxy-1" }, kept, bare, 0);
  const read = readOf(hostWith(BEFORE, { findings }));
  const evidence = { reviewed: reviewed(BEFORE, moved), target: sound(moved), read };
  expect(judged(evidence)).toBe("go");
  expect(judged({ ...evidence, base: sound(moved) })).toBe("go");
  // Once it was set up it has something.
  expect(judged({ ...evidence, last: { ...ROLLED, isThis: true } })).toMatch(/^drifted: proxy-1: /);
  expect(judged({ read })).toMatch(/^drifted: proxy-1: /);
});

test("what a commit in between has changed and another changed back goes back where it had come, and nowhere else", () => {
  const [back] = comparePlans(
    fleet({ "acme-prod": BEFORE }),
    fleet({ "acme-prod": BEFORE }),
    [],
    ["Pulumi.acme-prod.yaml"],
  ).stacks;
  const evidence = {
    reviewed: back,
    target: sound(BEFORE),
    base: sound(AFTER),
    last: { ...ROLLED, isSince: true },
  };
  expect(judged({ ...evidence, read: readOf(hostWith(AFTER)) })).toMatch(/^go: a part of what was reviewed/);
  expect(judged({ ...evidence, base: sound(BEFORE), read: readOf(hostWith(BEFORE)) })).toBe("already");
  expect(judged({ ...evidence, last: ROLLED, read: readOf(hostWith(AFTER)) })).toMatch(/^moved/);
});
