import { ProjectFolder } from "../../../config/projectFolder";
import { toStackInput } from "../../../config/stackInput";
import { BAD_STACKS, host } from "./badStacks";
import { HOST, pathsIn, refusal, ROOT, SMALL, type Values } from "./stacks";

test.each(BAD_STACKS)("%s is refused", (_, values, paths) => {
  const message = refusal(values);
  expect(pathsIn(message)).toEqual(paths);
  expect(message).toMatchSnapshot();
});

test("a command that a message says names the stack, or it would meet the one that was selected last", () => {
  const messages = [...BAD_STACKS.map(([, values]) => refusal(values)), misplaced()];
  const commands = messages.flatMap((message) => message.match(/pulumi config .*/g) ?? []);
  expect(commands.length).toBeGreaterThan(10);
  expect(commands.filter((command) => !command.includes(" --stack acme-prod "))).toEqual([]);
  // On the command line everybody on the machine could read it.
  expect(commands.filter((command) => /config set --secret(?!.* < FILE$)/.test(command))).toEqual([]);
});

/** A key that is encrypted and is no secret. */
function misplaced(): string {
  const key = { key: "lqpt:leqiId", raw: "1", encrypted: true };
  const { findings } = toStackInput("acme-prod", new ProjectFolder(ROOT), [key]);
  return findings?.issues.map(({ next }) => next).join("\n") ?? "";
}

test("no two rows say the same", () => {
  expect(new Set(BAD_STACKS.map(([name]) => name)).size).toBe(BAD_STACKS.length);
});

test("all mistakes are told at once, whichever file they are in", () => {
  const values = {
    ...host({ auth: "key", state: "dead" }),
    id: "A",
    allow: { "::1": "ERP" },
    secrets: { x: {} },
  };
  const bases = (): { file: string; values: Values } => ({
    file: "Pulumi.prod.yaml",
    values: { environments: ["sandbox"], allow: { "1.2.3.4/8": "group" } },
  });
  expect(refusal(values, { bases })).toMatchSnapshot();
});

test("the list of another environment than the stack's own name is refused", () => {
  const values = { environments: ["sandbox"], allow: { "49.4.83.185": "group" } };
  expect(refusal(values, { stack: "prod", file: "Pulumi.prod.yaml" })).toMatchSnapshot();
});

test("no message repeats a secret, also where it stands in the wrong place", () => {
  const secrets = { "proxy-1": { password: 271828, privateKey: ["hunter2"] }, other: "hunter2" };
  const hosts = { "proxy-1": { ...HOST, password: "hunter2" } };
  expect(refusal({ ...SMALL, secrets, hosts })).not.toMatch(/271828|hunter2/);
  expect(refusal({ ...SMALL, hosts: [{ password: "hunter2" }] })).toContain('[{"password":"(not shown)"}]');
});

test("what was found is shown on one line of at most 80 characters, and cannot change how it reads", () => {
  const found = /found: {3}(.*)/.exec(refusal({ ...SMALL, id: `\u202e\n${"x".repeat(100)}` }))?.[1];
  expect(found).toMatch(/^"\\u202e\\nx+…$/);
  expect(found).toHaveLength(80);
});
