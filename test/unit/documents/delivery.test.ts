import { isUntouched, remarkOfDelivery } from "../../../documents/delivery";
import type { HostRecord } from "../../../documents/record";
import { lqptctl } from "../../../documents/tool";
import { DELIVERY_WORDS } from "../../../words/delivery";
import { RECORD } from "./sampleRecord";

const HERE = { name: RECORD.host, address: RECORD.address };
const remark = (state: "in" | "out", record?: HostRecord) =>
  remarkOfDelivery(
    { stack: "acme-prod", id: RECORD.owner },
    { ...HERE, state },
    { digest: RECORD.digest },
    record && { ...record, lqptctl: record.lqptctl === RECORD.lqptctl ? lqptctl().version : record.lqptctl },
  );

test.each([
  ["ssh", "in", false],
  ["ssh", "out", true],
  ["bundle", "in", true],
  ["bundle", "out", true],
] as const)("delivery %s, state %s: no `up` reaches it is %s", (delivery, state, expected) => {
  expect(isUntouched({ delivery, state })).toBe(expected);
});

test.each(["en", "zh"] as const)("what is said of a host that no `up` reaches, in %s", (language) => {
  const other = `sha256:${"bb".repeat(32)}`;
  expect(
    [
      remark("out", RECORD),
      remark("in"),
      remark("in", RECORD),
      remark("in", { ...RECORD, digest: other }),
      remark("in", { ...RECORD, lqptctl: "0.0.9+00000000" }),
      remark("in", { ...RECORD, address: "203.0.113.99" }),
      remark("in", { ...RECORD, owner: "other-1a2b" }),
    ].map((one) => [DELIVERY_WORDS[language](one), one.outstanding]),
  ).toMatchSnapshot();
});
