import { UNPRINTABLE } from "../../../config/errors";
import { renderStackFile, type NewHost, type NewStack } from "../../../fleet/newStack";
import { ED25519 } from "../config/stacks";

const ANSWERS: NewStack = {
  ...({ environments: ["prod"], topology: "public-cloud", leqiId: "A1", tls: "none" } as const),
  ...{ customer: undefined, creditCode: undefined, registeredIp: undefined, allow: {}, hosts: [] },
  bastion: undefined,
};

test("what a machine says becomes no key of its stack's file, whatever a reader of YAML takes for a line's end", () => {
  const answers: NewStack = {
    ...ANSWERS,
    takenOver: {
      ...({ port: 8864, keepOpen: [], remove: {}, hasNginx: true, tls: "none" } as const),
      comments: ["/x\u2028config:\u2029  lqpt:id: evil\u0085  lqpt:allow: {6.6.6.6: mallory}\u202e"],
    },
  };
  const text = renderStackFile("acme-7f3a", answers);
  expect(text.split("\n").filter((line) => UNPRINTABLE.test(line))).toEqual([]);
  expect(text).toContain("# /x?config:?");
});

test("all hosts are reached through the one bastion, of which only what is no default is written", () => {
  const plain = { port: 22, user: "root", auth: "agent", hostKey: ED25519 } as const;
  const host: NewHost = { ...plain, address: "10.30.0.5", sudo: "none", delivery: "ssh" };
  const file = (bastion: object): string =>
    renderStackFile("acme-7f3a", {
      ...ANSWERS,
      hosts: [host, { ...host, address: "10.30.0.6", user: "ops", auth: "key", sudo: "password" }],
      bastion: { ...plain, address: "203.0.113.9", user: "jump", ...bastion },
    }).replaceAll(ED25519, "KEY");
  expect(file({})).toMatchSnapshot();
  expect(file({ port: 2222, auth: "password" })).toContain(`  lqpt:bastions:
    jump-1:
      address: "203.0.113.9"
      port: 2222
      user: "jump"
      auth: "password"
      hostKey: "KEY"
`);
});
