import { UNPRINTABLE } from "../../../config/errors";
import { renderStackFile, type NewStack } from "../../../fleet/newStack";

test("what a machine says becomes no key of its stack's file, whatever a reader of YAML takes for a line's end", () => {
  const answers: NewStack = {
    ...({ environments: ["prod"], topology: "public-cloud", leqiId: "A1", tls: "none" } as const),
    ...{ customer: undefined, creditCode: undefined, registeredIp: undefined, allow: {}, hosts: [] },
    takenOver: {
      ...({ port: 8864, keepOpen: [], remove: {}, hasNginx: true, tls: "none" } as const),
      comments: ["/x\u2028config:\u2029  lqpt:id: evil\u0085  lqpt:allow: {6.6.6.6: mallory}\u202e"],
    },
  };
  const text = renderStackFile("acme-7f3a", answers);
  expect(text.split("\n").filter((line) => UNPRINTABLE.test(line))).toEqual([]);
  expect(text).toContain("# /x?config:?");
});
