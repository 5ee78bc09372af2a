import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Asker } from "../../../cli/asker";
import { AnswerChecks } from "../../../cli/newChecks";
import type { NewOptions } from "../../../cli/newAnswers";
import { askFor } from "../../../cli/newQuestions";
import { secretsOfHosts } from "../../../cli/newSecrets";
import { ProjectFolder } from "../../../config/projectFolder";
import type { Language } from "../../../words/language";
import { QUESTION_WORDS, type QuestionWords } from "../../../words/questions";
import { HOST, SMALL } from "../config/stacks";
import { makeFolder, writeStack } from "../fleet/folder";
import { callIn } from "./inProcess";

let folder: string;
beforeAll(() => {
  folder = makeFolder();
  writeStack(folder, "acme-prod", { ...SMALL, hosts: { "proxy-1": { ...HOST, address: "203.0.113.10" } } });
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What each question is answered with, one after the other; what is left is answered with nothing. */
type Answers = Readonly<Partial<Record<keyof QuestionWords, readonly (string | readonly string[])[]>>>;

/** A person who answers again where the answer was refused; what was asked, and what was said against it. */
async function asked(answers: Answers, given: NewOptions = {}, language: Language = "en") {
  const words = QUESTION_WORDS[language];
  const left = new Map(Object.entries(answers).map(([key, some]) => [key, [...some]]));
  const told: string[] = [];
  const questions: string[] = [];
  const next = (question: string): unknown => {
    const key = Object.entries(words).find(([, text]) => text === question)?.[0] ?? "";
    questions.push(key);
    return left.get(key)?.shift();
  };
  const ask = {
    words,
    text: (question: string, check?: (answer: string) => string | undefined) => {
      for (;;) {
        const answer = (next(question) as string | undefined) ?? "";
        const reason = check?.(answer);
        if (reason === undefined) return Promise.resolve(answer);
        told.push(reason);
      }
    },
    hidden: (question: string) => Promise.resolve(next(question)),
    choice: (question: string, choices: object) => Promise.resolve(next(question) ?? Object.keys(choices)[0]),
    choices: (question: string) => Promise.resolve(next(question) ?? ["prod"]),
  } as unknown as Asker;
  const checks = new AnswerChecks(new ProjectFolder(folder), "new-prod", words);
  return { options: await askFor(given, ask, checks), told, questions, ask };
}

const SOUND: Answers = { leqiId: ["0012345"], host: ["203.0.113.12"] };

test("everything that a file needs is asked, the registered IP with it", async () => {
  const { options, told, questions } = await asked({ ...SOUND, registeredIp: ["203.0.113.12"] });
  expect(told).toEqual([]);
  expect(questions).toEqual([
    ...["environments", "topology", "leqiId", "customer", "registeredIp", "host", "delivery", "tls", "allow"],
    ...["user", "auth", "way"],
  ]);
  expect(options).toMatchObject({ registeredIp: "203.0.113.12", host: ["203.0.113.12"], user: "root" });
});

test("what is left empty is no key of the file, and the user is root as the question says", async () => {
  const { options } = await asked(SOUND);
  expect(options).not.toHaveProperty("customer");
  expect(options).not.toHaveProperty("registeredIp");
  expect(options.user).toBe("root");
  for (const { user } of Object.values(QUESTION_WORDS)) expect(user).toContain("root");
});

test.each<[string, Answers, string]>([
  ["no Leqi ID", { ...SOUND, leqiId: ["", "1"] }, "1 to 64 letters"],
  ["a registered IP that is none", { ...SOUND, registeredIp: ["203.0.113", ""] }, "not an IPv4 address"],
  ["no machine", { ...SOUND, host: ["", "203.0.113.12"] }, "an IPv4 address or a DNS name"],
  ["an address with a letter behind it", { ...SOUND, host: ["203.0.113.10x", "a.b"] }, "nearly an IPv4"],
  ["one machine twice", { ...SOUND, host: ["203.0.113.7 203.0.113.7", "a.b"] }, "one machine"],
  ["a machine of another stack", { ...SOUND, host: ["203.0.113.10", "a.b"] }, "Pulumi.acme-prod.yaml"],
  [
    "a source that is a private address in a public cloud",
    { ...SOUND, allow: ["10.8.0.5=ERP", ""] },
    "RFC 1918",
  ],
  ["a source for everyone", { ...SOUND, allow: ["0.0.0.0/0=all", ""] }, "this is everybody"],
  ["a source without an owner", { ...SOUND, allow: ["121.36.53.9", ""] }, "expected ADDRESS=OWNER"],
  ["a source twice", { ...SOUND, allow: ["121.36.53.9=A", "121.36.53.9=B", ""] }, "was named before"],
  [
    "nobody, in a private cloud",
    { ...SOUND, topology: ["private-cloud"], allow: ["", "10.8.0.5=ERP", ""] },
    "nobody would be allowed",
  ],
  ["a user with a blank", { ...SOUND, user: ["the admin", "ops"] }, "a user's name"],
  [
    "no bastion",
    { ...SOUND, way: ["bastion"], bastion: ["", "203.0.113.20"], bastionUser: ["j"] },
    "DNS name",
  ],
  ["nobody at the bastion", { ...SOUND, way: ["bastion"], bastion: ["a.b"], bastionUser: ["", "j"] }, "name"],
])("%s is told where it is answered, and asked again", async (_, answers, words) => {
  const { told } = await asked(answers);
  expect(told).toEqual([expect.stringContaining(words) as string]);
});

describe("what a Chinese input method types", () => {
  it("is understood where it can mean one thing only", async () => {
    const { options, told } = await asked({
      ...SOUND,
      host: ["203.0.113.12，203.0.113.13　203.0.113.14"],
      allow: ["121.36.53.9＝某某公司（财务）", ""],
    });
    expect(told).toEqual([]);
    expect(options.host).toEqual(["203.0.113.12", "203.0.113.13", "203.0.113.14"]);
    expect(options.allow).toEqual(["121.36.53.9＝某某公司（财务）"]);
  });

  it.each<[Language, Answers, string]>([
    ["en", { ...SOUND, host: ["２03.0.113.12", "a.b"] }, "it holds full-width digits: ２"],
    ["zh", { ...SOUND, host: ["203。0.113.12", "a.b"] }, "含有全角字符 。，请改用半角；应为"],
    ["zh", { ...SOUND, leqiId: ["００１", "1"] }, "请写 001"],
    ["zh", { ...SOUND, allow: ["121.36.53.9，121.36.53.10=某某（公司）", ""] }, "含有全角字符 ，，请"],
  ])("is named elsewhere, in %s: %j", async (language, answers, words) => {
    const { told } = await asked(answers, {}, language);
    expect(told).toEqual([expect.stringContaining(words) as string]);
  });
});

test("flags are looked at before anything is asked", async () => {
  const flags: NewOptions = { leqiId: "a b", host: ["203.0.113.10x"], registeredIp: "203.0.113.12" };
  await expect(asked(SOUND, flags)).rejects.toThrow(
    /2 mistakes[^]*lqpt:leqiId[^]*lqpt:hosts\.proxy-1\.address/,
  );
});

test("a file that holds no key is told where its path is given", async () => {
  writeFileSync(join(folder, "no-key"), "no key");
  const words = QUESTION_WORDS.en;
  const told: (string | undefined)[] = [];
  const ask = {
    words,
    text: (_: string, check: (answer: string) => string | undefined) => {
      for (const path of ["", join(folder, "nowhere"), join(folder, "no-key")]) told.push(check(path));
      return Promise.resolve(join(folder, "no-key"));
    },
  } as unknown as Asker;
  const login = { address: "a.b", port: 22, user: "root", sudo: "none", hostKey: undefined } as const;
  await secretsOfHosts([{ ...login, auth: "key", delivery: "ssh" }], {}, ask);
  expect(told).toEqual([
    expect.stringContaining("there is no such file"),
    expect.stringContaining("there is no such file"),
    expect.stringContaining("expected the file of a private key"),
  ]);
});

test("a stack's name in full-width is refused with the one to write", async () => {
  const { status, stderr } = await callIn(folder, ["new", "ａcme－test"]);
  expect(status).toBe(1);
  expect(stderr).toContain(
    "it holds full-width punctuation and letters: ａ －; write acme-test; expected 1 to 100",
  );
});
