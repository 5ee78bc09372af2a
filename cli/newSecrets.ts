import { readFileSync } from "node:fs";
import type { LoginSecrets } from "../config/types";
import { hostName, type NewStack, type SecretName, secretsOf } from "../fleet/newStack";
import type { SecretsByName } from "../fleet/session";
import type { Asker } from "./asker";

/** Files of the command line that hold secrets: an argument could be read by everybody on this machine. */
export interface SecretFiles {
  readonly privateKey?: string;
  readonly passwordFile?: string;
  readonly sudoPasswordFile?: string;
}

/** What a file of the command line must hold, by the secret's name. */
const FROM: Readonly<Record<SecretName, readonly [keyof SecretFiles, string]>> = {
  privateKey: ["privateKey", "--private-key"],
  password: ["passwordFile", "--password-file"],
  sudoPassword: ["sudoPasswordFile", "--sudo-password-file"],
};

/** One secret of a stack. */
export interface Secret {
  /** The host's name. */
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
 * All secrets that the answers call for, each read or asked once, for all hosts.
 *
 * @throws Error where one is missing and nobody can be asked.
 */
export async function secretsFor(
  answers: NewStack,
  files: SecretFiles,
  ask: Asker | undefined,
): Promise<Secret[]> {
  const texts = new Map<SecretName, string>();
  const secrets: Secret[] = [];
  for (const [index, host] of answers.hosts.entries()) {
    for (const name of secretsOf(host)) {
      const text = texts.get(name) ?? (await secretText(name, files, ask));
      texts.set(name, text);
      secrets.push({ login: hostName(index), name, text });
    }
  }
  return secrets;
}

async function secretText(name: SecretName, files: SecretFiles, ask: Asker | undefined): Promise<string> {
  const [option, flag] = FROM[name];
  const file = files[option];
  if (file !== undefined) return readFileSync(file, "utf8").replace(/\r?\n$/, "");
  if (ask === undefined) throw new Error(`missing: ${flag}; expected a file with it. Nothing was written`);
  if (name === "privateKey") return readFileSync(await ask.text(ask.words.privateKey), "utf8");
  return ask.hidden(name === "password" ? ask.words.loginPassword : ask.words.sudoPassword);
}
