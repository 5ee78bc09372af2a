import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ProjectFolder } from "../../../config/projectFolder";
import { lint } from "../../../fleet/lint";
import { ECDSA, ED25519, HOST, SMALL, type Values } from "../config/stacks";
import { makeFolder, writeStack } from "./folder";

let folder: string;
beforeEach(() => {
  folder = makeFolder();
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(stack: string, values: Values): void {
  writeStack(folder, stack, { ...SMALL, ...values });
}

const linted = (...stacks: string[]) => lint(new ProjectFolder(folder), stacks);
const told = (...stacks: string[]) =>
  linted(...stacks).flatMap(({ issues }) => issues.map(({ file, path }) => `${file} ${path}`));

const other = (values: Values = {}): Values => ({
  id: "other-1a2b",
  hosts: { "proxy-1": { ...HOST, address: "203.0.113.11", hostKey: ECDSA, ...values } },
});

test("every stack of the folder is checked, the environments' own among them", () => {
  write("acme-prod", {});
  expect(linted().map(({ stack, issues }) => [stack, issues])).toEqual([
    ["acme-prod", []],
    ["prod", []],
    ["sandbox", []],
  ]);
});

test("all mistakes of all files are told at once, those of one that is no YAML too", () => {
  write("acme-prod", { leqiId: "", topology: "moon" });
  write("b-prod", { ...other(), listen: {} });
  writeFileSync(join(folder, "Pulumi.c-prod.yaml"), "config:\n\tlqpt:id: a\n");
  expect(told()).toEqual([
    "Pulumi.acme-prod.yaml lqpt:topology",
    "Pulumi.acme-prod.yaml lqpt:leqiId",
    "Pulumi.b-prod.yaml lqpt:listen.tls",
    "Pulumi.c-prod.yaml line 2",
  ]);
});

test("two stacks that reach one machine, or have one owner's mark, are told in the later file", () => {
  write("acme-prod", {});
  write("b-prod", { ...other({ address: "203.0.113.10" }) });
  write("c-prod", { ...other({ address: "203.0.113.12", hostKey: ED25519 }), id: "acme-7f3a" });
  expect(told()).toEqual([
    "Pulumi.b-prod.yaml lqpt:hosts.proxy-1.address",
    "Pulumi.c-prod.yaml lqpt:id",
    "Pulumi.c-prod.yaml lqpt:hosts.proxy-1.hostKey",
  ]);
  expect(told("acme-prod")).toEqual([
    "Pulumi.acme-prod.yaml lqpt:id",
    "Pulumi.acme-prod.yaml lqpt:hosts.proxy-1.address",
  ]);
  expect(told("b-prod")).toEqual(["Pulumi.b-prod.yaml lqpt:hosts.proxy-1.address"]);
});

test("an address that two files say otherwise of is told in both, and one that nobody knows since an import", () => {
  const NEW = "not known; in force on proxy-1 on 2026-11-26, never seen in nginx's log";
  write("acme-prod", { allow: { "121.36.99.7": "ACME", "121.36.99.8": NEW } });
  write("b-prod", { ...other(), allow: { "121.36.99.7": "Beta, once ACME" } });
  const warned = (stack: string) => linted(stack).flatMap(({ warnings }) => warnings);
  expect(warned("acme-prod")).toEqual([
    "Pulumi.acme-prod.yaml: 121.36.99.7 is ACME here and Beta, once ACME in Pulumi.b-prod.yaml: one of them has gone stale",
    "Pulumi.acme-prod.yaml: whose 121.36.99.8 is, nobody wrote down since the import: ask, write it, or move it to lqpt:remove",
  ]);
  expect(warned("b-prod")).toHaveLength(1);
});

test("a private address is another machine in each customer's network", () => {
  const frontend = (owner: string) => ({
    "10.8.0.5": { owner, kind: "frontend", filteredBy: "network team" },
  });
  write("acme-prod", { allow: frontend("ACME F5") });
  write("b-prod", { ...other(), allow: frontend("Beta F5") });
  expect(linted().flatMap(({ warnings }) => warnings.filter((text) => text.includes("stale")))).toEqual([]);
});

test("of hosts that nobody dials the addresses alone are compared: no key of theirs is pinned", () => {
  const bundled = (address: string) => ({ "proxy-1": { address, delivery: "bundle" } });
  const listen = { tls: "none" };
  write("acme-prod", { listen, hosts: bundled("203.0.113.10") });
  write("b-prod", { listen, id: "other-1a2b", hosts: bundled("203.0.113.11") });
  write("c-prod", { listen, id: "third-1a2b", hosts: bundled("203.0.113.11") });
  expect(told()).toEqual(["Pulumi.c-prod.yaml lqpt:hosts.proxy-1.address"]);
});

test("a third that shares something with the second alone is told too", () => {
  write("acme-prod", {});
  write("b-prod", other({ hostKey: ED25519 }));
  write("c-prod", { ...other(), id: "third-1a2b" });
  expect(told()).toEqual([
    "Pulumi.b-prod.yaml lqpt:hosts.proxy-1.hostKey",
    "Pulumi.c-prod.yaml lqpt:hosts.proxy-1.address",
  ]);
});

test("a record of a host that is dialled is told: it would count again one day", () => {
  write("acme-prod", {});
  mkdirSync(join(folder, "records/acme-prod"), { recursive: true });
  writeFileSync(join(folder, "records/acme-prod/proxy-1.json"), "{}");
  expect(linted("acme-prod")).toMatchObject([
    {
      issues: [
        {
          path: "lqpt:hosts.proxy-1.delivery",
          problem: expect.stringContaining("records/acme-prod/proxy-1.json") as unknown,
        },
      ],
    },
  ]);
  write("acme-prod", { hosts: { "proxy-1": { ...HOST, state: "out" } } });
  expect(told("acme-prod")).toEqual([]);
});

test.each([
  ["a quote that never ends", 'config:\n  lqpt:secrets: {proxy-1: {password: "hunter2\n'],
  ["a tag that there is none of", "config:\n  lqpt:secrets:\n    proxy-1: {password: !hunter2 x}\n"],
  ["an alias that there is none of", "config:\n  lqpt:secrets:\n    proxy-1: {password: *hunter2}\n"],
  ["a full-width colon", "config:\n  lqpt:secrets:\n    proxy-1：hunter2\n  a\n"],
])("of a file that has secrets no broken line is shown: %s", (_, text) => {
  writeFileSync(join(folder, "Pulumi.acme-prod.yaml"), text);
  const [one] = linted("acme-prod");
  expect(one?.issues).toHaveLength(1);
  expect(JSON.stringify(one)).not.toContain("hunter2");
});

test("the same address behind another customer's bastion is another machine", () => {
  const bastions = { "jump-1": { ...HOST, address: "192.0.2.1" } };
  write("acme-prod", {});
  write("b-prod", { ...other({ address: "203.0.113.10", bastion: "jump-1" }), bastions });
  expect(told()).toEqual([]);
});

test("what Pulumi would take for this program's keys, and a reviewer would not see, is told", () => {
  write("acme-prod", {});
  const text = readFileSync(join(folder, "Pulumi.acme-prod.yaml"), "utf8");
  writeFileSync(join(folder, "Pulumi.acme-prod.yaml"), text.replace('"lqpt:hosts"', '"hosts"'));
  writeFileSync(
    join(folder, "Pulumi.yaml"),
    "name: lqpt\nruntime: nodejs\nconfig: {lqpt:id: a, pulumi:tags: {}}\n",
  );
  expect(told("acme-prod")).toEqual(['Pulumi.acme-prod.yaml "hosts"', 'Pulumi.yaml config: "lqpt:id"']);
});

test("a secret is there or not, whatever is encrypted in it", () => {
  const secrets = { "proxy-1": { password: { secure: "v1:AAAA:BBBB" } } };
  write("acme-prod", { hosts: { "proxy-1": { ...HOST, auth: "password" } }, secrets });
  expect(linted("acme-prod")).toMatchObject([{ issues: [] }]);
  write("acme-prod", { hosts: { "proxy-1": { ...HOST, auth: "password" } } });
  expect(told("acme-prod")).toEqual(["Pulumi.acme-prod.yaml lqpt:secrets.proxy-1.password"]);
});

test("what is encrypted where a reviewer must read it, and a secret that is not, are told", () => {
  write("acme-prod", { allow: { secure: "v1:AAAA:BBBB" } });
  expect(told("acme-prod")).toEqual(["Pulumi.acme-prod.yaml lqpt:allow"]);
  const secrets = { "proxy-1": { password: "hunter2" } };
  write("acme-prod", { hosts: { "proxy-1": { ...HOST, auth: "password" } }, secrets });
  const [one] = linted("acme-prod");
  expect(one?.warnings).toEqual(expect.arrayContaining([expect.stringContaining("not encrypted")]));
  expect(JSON.stringify(one)).not.toContain("hunter2");
});

test("a stack without a file is told with those that have one", () => {
  write("acme-prod", {});
  writeFileSync(join(folder, "x.yaml"), "config: {}\n");
  mkdirSync(join(folder, "Pulumi.folder.yaml"));
  expect(linted("../x")).toMatchObject([{ issues: [{ path: "the file itself" }] }]);
  expect(linted("nope")).toMatchObject([{ issues: [{ allowed: "acme-prod, prod, sandbox" }] }]);
});
