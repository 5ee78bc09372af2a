import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Asker } from "../../../cli/asker";
import { AnswerChecks } from "../../../cli/newChecks";
import { askFor } from "../../../cli/newQuestions";
import { secretsOfBastion } from "../../../cli/newSecrets";
import { ProjectFolder } from "../../../config/projectFolder";
import { fingerprint } from "../../../config/fingerprint";
import { QUESTION_WORDS } from "../../../words/questions";
import { ECDSA, ED25519 } from "../config/stacks";
import { makeFolder } from "../fleet/folder";
import { callIn } from "./inProcess";
import { PRIVATE_KEY } from "./privateKey";

const mockCalls: (readonly [words: string, text: string | undefined])[] = [];
jest.mock("../../../cli/pulumiReady", () => ({ refuseWithoutPulumi: () => undefined }));
jest.mock("../../../cli/pulumi", () => ({
  pulumi: (_: string, words: readonly string[], text?: string) => mockCalls.push([words.join(" "), text]),
}));
const mockThrough = jest.fn();
jest.mock("../../../fleet/hostKeyThrough", () => ({
  hostKeyThrough: (...asked: unknown[]) => mockThrough(...asked) as unknown,
}));

let folder: string;
beforeEach(() => {
  folder = makeFolder();
  writeFileSync(join(folder, "key"), `${PRIVATE_KEY.trimEnd()}\n`);
  writeFileSync(join(folder, "password"), "the bastion's\n");
  mockCalls.splice(0);
  mockThrough.mockReset().mockResolvedValue(ECDSA);
});
afterEach(() => rmSync(folder, { recursive: true }));

const CUSTOMER = ["--environment", "prod", "--topology", "public-cloud", "--leqi-id", "0012345"];
const HOST = ["--tls", "none", "--host", "10.30.0.5", "--auth", "key", "--private-key", "FOLDER/key"];
const BASTION = ["--bastion", "203.0.113.9", "--bastion-user", "jump"];
const BY_PASSWORD = ["--bastion-auth", "password", "--bastion-password-file", "FOLDER/password"];

const lqptNew = async (...words: readonly string[]) =>
  callIn(
    folder,
    ["new", "new-prod", ...CUSTOMER, ...HOST, ...words].map((word) => word.replace("FOLDER", folder)),
  );
const written = () => readFileSync(join(folder, "Pulumi.new-prod.yaml"), "utf8");

test("the flags become a bastion, the hosts' keys come through it, and its secrets have its name", async () => {
  const agreed = ["--bastion-host-key", ED25519, "--agreed", fingerprint(ECDSA)];
  const more = [...BASTION, ...BY_PASSWORD, "--bastion-port", "2222", ...agreed, "--json"];
  const { status, stdout } = await lqptNew(...more);
  expect({ status, answer: JSON.parse(stdout) as unknown }).toEqual({
    status: 0,
    answer: {
      ...{ format: 1, stack: "new-prod", file: "Pulumi.new-prod.yaml" },
      secrets: ["lqpt:secrets.jump-1.password", "lqpt:secrets.proxy-1.privateKey"],
    },
  });
  const bastion = { address: "203.0.113.9", port: 2222, user: "jump", auth: "password", hostKey: ED25519 };
  expect(mockThrough.mock.calls).toEqual([
    [
      { ...bastion, name: "jump-1" },
      { "jump-1": { password: "the bastion's" } },
      { address: "10.30.0.5", port: 22 },
    ],
  ]);
  const [, hosts = ""] = written().split("  lqpt:hosts:\n");
  expect(hosts).toBe(`    proxy-1:
      address: "10.30.0.5"
      user: "root"
      auth: "key"
      hostKey: "${ECDSA}"
      bastion: "jump-1"
  lqpt:bastions:
    jump-1:
      address: "203.0.113.9"
      port: 2222
      user: "jump"
      auth: "password"
      hostKey: "${ED25519}"
`);
  const set = (path: string) => `config set --secret --path ${path} --stack new-prod`;
  expect(mockCalls.slice(1)).toEqual([
    [set("lqpt:secrets.jump-1.password"), "the bastion's"],
    [set("lqpt:secrets.proxy-1.privateKey"), PRIVATE_KEY.trimEnd()],
  ]);
});

test("a key that came through the bastion is nobody's until it was agreed to: nothing is written", async () => {
  const { status, stderr } = await lqptNew(...BASTION, "--bastion-host-key", ED25519);
  expect(status).toBe(1);
  expect(stderr).toContain(
    `10.30.0.5 answers with the host key ${fingerprint(ECDSA)}, which nobody agreed to`,
  );
  expect(written).toThrow("no such file");
});

test("keys that were got by another way are enough, with a comment behind them too: nobody is dialled", async () => {
  const keys = ["--bastion-host-key", `${ED25519} root@jump`, "--host-key", `${ECDSA} root@proxy`];
  expect(await lqptNew(...BASTION, ...keys)).toMatchObject({ status: 0 });
  expect(written()).not.toContain("root@");
  expect(mockThrough).not.toHaveBeenCalled();
});

test("two machines are one stack before their keys are known", async () => {
  mockThrough.mockResolvedValueOnce(ED25519);
  const agreed = ["--agreed", fingerprint(ECDSA), fingerprint(ED25519)];
  const more = ["--host", "10.30.0.6", "--bastion-host-key", ECDSA, ...agreed];
  const { status, stderr } = await lqptNew(...BASTION, ...more);
  expect({ status, stderr }).toMatchObject({ status: 0 });
  expect(written().match(/bastion: "jump-1"/g)).toHaveLength(2);
});

test.each<[string, readonly string[], string]>([
  ["no user", ["--bastion", "203.0.113.9"], "missing: --bastion-user"],
  [
    "no address",
    ["--bastion-user", "jump", "--bastion-private-key", "FOLDER/key"],
    "missing: --bastion; expected it beside --bastion-user, --bastion-private-key",
  ],
  [
    "no password",
    [...BASTION, "--bastion-auth", "password", "--bastion-host-key", ED25519],
    "missing: --bastion-password-file",
  ],
  [
    "no private key",
    [...BASTION, "--bastion-auth", "key", "--bastion-host-key", ED25519],
    "missing: --bastion-private-key",
  ],
  ["a host that nobody dials", [...BASTION, "--delivery", "bundle"], "nobody dials such a machine"],
  ["no port", [...BASTION, "--bastion-port", "0"], "--bastion-port 0: expected a number from 1 to 65535"],
  ["no port of the host's", ["--port", "22x"], "--port 22x: expected a number from 1 to 65535"],
  [
    "a port in full-width",
    ["--port", "２２"],
    "--port ２２: it holds full-width digits: ２; write 22; expected a number from 1 to 65535",
  ],
  ["an option for an address", [...BASTION, "--bastion=-oProxyCommand=x"], "lqpt:bastions.jump-1.address"],
])("%s: refused before anybody is dialled, and nothing is written", async (_, more, words) => {
  const { status, stderr } = await lqptNew(...more);
  expect(status).toBe(1);
  expect(stderr).toContain(words);
  expect(mockThrough).not.toHaveBeenCalled();
  expect(written).toThrow("no such file");
});

describe("a person", () => {
  const words = QUESTION_WORDS.en;
  /** Answers each question, and notes down what was asked. */
  function person(answers: Readonly<Record<string, string>>): { ask: Asker; asked: string[] } {
    const asked: string[] = [];
    const answer = async (question: string): Promise<string> => {
      asked.push(question);
      return Promise.resolve(answers[question] ?? "");
    };
    const ask = { words, text: answer, hidden: answer, choice: answer } as unknown as Asker;
    return { ask, asked };
  }
  const checks = (): AnswerChecks => new AnswerChecks(new ProjectFolder(folder), "new-prod", words);
  const known = {
    ...({ environment: ["prod"], topology: "public-cloud", leqiId: "1", tls: "none", host: ["h"] } as const),
    ...({
      customer: "c",
      registeredIp: "203.0.113.10",
      delivery: "ssh",
      allow: [],
      user: "root",
      auth: "agent",
    } as const),
  };

  it("is asked for the way after the login, and for nothing more where it is direct", async () => {
    const { ask, asked } = person({ [words.way]: "directly" });
    expect(await askFor(known, ask, checks())).toEqual(known);
    expect(asked).toEqual([words.way]);
  });

  it("is asked whom to log in to the bastion as, and with what", async () => {
    const { ask, asked } = person({
      ...{ [words.way]: "bastion", [words.bastion]: "203.0.113.9" },
      ...{ [words.bastionUser]: "jump", [words.bastionAuth]: "password" },
    });
    expect(await askFor(known, ask, checks())).toEqual({
      ...known,
      ...{ bastion: "203.0.113.9", bastionUser: "jump", bastionAuth: "password" },
    });
    expect(asked).toEqual([words.way, words.bastion, words.bastionUser, words.bastionAuth]);
  });

  it("who gave the address is not asked for the way", async () => {
    const { ask, asked } = person({ [words.bastionUser]: "jump", [words.bastionAuth]: "agent" });
    await askFor({ ...known, bastion: "203.0.113.9" }, ask, checks());
    expect(asked).toEqual([words.bastionUser, words.bastionAuth]);
  });

  it("types the bastion's password unseen, or names the file of its key", async () => {
    const login = { address: "203.0.113.9", port: 22, user: "jump", hostKey: ED25519 };
    const { ask, asked } = person({
      [words.bastionPassword]: "typed",
      [words.bastionPrivateKey]: join(folder, "key"),
    });
    expect(await secretsOfBastion({ ...login, auth: "password" }, {}, ask)).toEqual([
      { login: "jump-1", name: "password", text: "typed" },
    ]);
    expect(await secretsOfBastion({ ...login, auth: "key" }, {}, ask)).toMatchObject([
      { login: "jump-1", name: "privateKey", text: `${PRIVATE_KEY.trimEnd()}\n` },
    ]);
    expect(await secretsOfBastion({ ...login, auth: "agent" }, {}, ask)).toEqual([]);
    expect(asked).toEqual([words.bastionPassword, words.bastionPrivateKey]);
  });
});
