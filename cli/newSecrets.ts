import { utils } from "ssh2";
import type { LoginSecrets } from "../config/types";
import type { SecretsByName } from "../fleet/line";
import {
  BASTION_NAME,
  hostName,
  type NewHost,
  type NewLogin,
  type SecretName,
  secretsOf,
} from "../fleet/newStack";
import type { QuestionWords } from "../words/questions";
import type { Asker } from "./asker";
import { fromHome, readGiven } from "./givenFiles";
import { flag } from "./newAnswers";
import type { AnswerCheck } from "./newChecks";

/** Files of the command line that hold secrets: an argument could be read by everybody on this machine. */
export interface SecretFiles {
  readonly privateKey?: string;
  readonly passwordFile?: string;
  readonly sudoPasswordFile?: string;
  readonly bastionPrivateKey?: string;
  readonly bastionPasswordFile?: string;
}

/** Where each secret comes from: the option that names its file, else the question. */
type Sources = Readonly<Record<SecretName, readonly [keyof SecretFiles, Question]>>;
type Question = "privateKey" | "loginPassword" | "sudoPassword" | "bastionPrivateKey" | "bastionPassword";

const OF_HOSTS: Sources = {
  privateKey: ["privateKey", "privateKey"],
  password: ["passwordFile", "loginPassword"],
  sudoPassword: ["sudoPasswordFile", "sudoPassword"],
};

/** Nobody becomes root there. */
const OF_BASTION: Sources = {
  ...OF_HOSTS,
  privateKey: ["bastionPrivateKey", "bastionPrivateKey"],
  password: ["bastionPasswordFile", "bastionPassword"],
};

/** One secret of a stack. */
export interface Secret {
  /** The host's or bastion's name. */
  readonly login: string;
  readonly name: SecretName;
  readonly text: string;
}

/** Where Pulumi is to keep it. */
export function pathOf({ login, name }: Secret): string {
  return `lqpt:secrets.${login}.${name}`;
}

/** The same as whoever dials takes them. */
export function byLogin(secrets: readonly Secret[]): SecretsByName {
  const logins = [...new Set(secrets.map(({ login }) => login))];
  const ofLogin = (login: string): LoginSecrets =>
    Object.fromEntries(secrets.filter((one) => one.login === login).map(({ name, text }) => [name, text]));
  return Object.fromEntries(logins.map((login) => [login, ofLogin(login)]));
}

/**
 * All secrets that the hosts call for, each read or asked once, for all of them.
 *
 * @throws Error where one is missing and nobody can be asked.
 */
export async function secretsOfHosts(
  hosts: readonly NewHost[],
  files: SecretFiles,
  ask: Asker | undefined,
): Promise<Secret[]> {
  const texts = new Map<SecretName, string>();
  const secrets: Secret[] = [];
  for (const [index, host] of hosts.entries()) {
    for (const name of secretsOf(host)) {
      const text = texts.get(name) ?? (await secretText(name, OF_HOSTS, files, ask));
      texts.set(name, text);
      secrets.push({ login: hostName(index), name, text });
    }
  }
  return secrets;
}

/** The same of the bastion. */
export async function secretsOfBastion(
  bastion: NewLogin,
  files: SecretFiles,
  ask: Asker | undefined,
): Promise<Secret[]> {
  const secrets: Secret[] = [];
  for (const name of secretsOf(bastion)) {
    secrets.push({ login: BASTION_NAME, name, text: await secretText(name, OF_BASTION, files, ask) });
  }
  return secrets;
}

async function secretText(
  name: SecretName,
  sources: Sources,
  files: SecretFiles,
  ask: Asker | undefined,
): Promise<string> {
  const [option, question] = sources[name];
  const file = files[option];
  if (file !== undefined) {
    const content = readGiven(file, `${flag(option)} `, "a file with it. Nothing was written");
    const refusal = name === "privateKey" ? refusalOfKey(content) : undefined;
    if (refusal !== undefined) {
      const expected =
        "an OpenSSH private key without a passphrase (ssh-keygen -p makes one of others). Nothing was written";
      throw new Error(`${flag(option)} ${file}: ${refusal}; expected ${expected}`);
    }
    return content.toString("utf8").replace(/\r?\n$/, "");
  }
  if (ask === undefined)
    throw new Error(`missing: ${flag(option)}; expected a file with it. Nothing was written`);
  if (name === "privateKey") {
    const path = fromHome(await ask.text(ask.words[question], keyCheck(ask.words)));
    return readGiven(path, "", "a private key. Nothing was written").toString("utf8");
  }
  return ask.hidden(ask.words[question]);
}

/** Why nobody can log in with it, if so: there is nobody to be asked for its passphrase later. */
function refusalOfKey(text: Buffer): string | undefined {
  const key = utils.parseKey(text);
  if (key instanceof Error) return key.message;
  return key.isPrivateKey() ? undefined : "this is a public key";
}

function keyCheck(words: QuestionWords): AnswerCheck {
  return (answer) => {
    try {
      const refusal = refusalOfKey(readGiven(fromHome(answer), "", "one that is there"));
      return refusal === undefined ? undefined : words.refused([], refusal, words.expected.privateKey);
    } catch (error) {
      return words.refused([], error instanceof Error ? error.message : "", words.expected.privateKey);
    }
  };
}
