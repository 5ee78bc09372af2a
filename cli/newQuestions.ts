import type { ProjectFolder } from "../config/projectFolder";
import type { Asker } from "./asker";
import type { NewOptions } from "./newAnswers";
import { AnswerChecks } from "./newChecks";
import { refuseWithoutPulumi } from "./pulumiReady";

/** Whom to log in as where nothing is said; the question says so. */
const USUAL_USER = "root";

/**
 * The same options, with what is missing asked of a person where there is one. Nobody is to answer a dozen questions for
 * nothing, so Pulumi is looked at before.
 *
 * @throws Error where Pulumi cannot be called, or for mistakes in the flags.
 */
export async function answered<T extends NewOptions>(
  folder: ProjectFolder,
  stack: string,
  options: T,
  ask: Asker | undefined,
): Promise<T> {
  if (ask === undefined) return options;
  await refuseWithoutPulumi(folder.path);
  return { ...options, ...(await askFor(options, ask, new AnswerChecks(folder, stack, ask.words))) };
}

/**
 * The same flags, with what is missing asked of a person. What has a default that fits is asked too: it is seldom right
 * unseen. Each flag and each answer is checked before the next is asked for.
 *
 * @throws ConfigError for mistakes in the flags.
 */
export async function askFor(options: NewOptions, ask: Asker, checks: AnswerChecks): Promise<NewOptions> {
  checks.refuseFlags(options);
  const { words } = ask;
  const environment =
    options.environment ??
    (await ask.choices(words.environments, { sandbox: words.sandbox, prod: words.prod }));
  const topology =
    options.topology ??
    (await ask.choice(words.topology, { "public-cloud": words.public, "private-cloud": words.private }));
  const leqiId =
    options.leqiId ??
    (await ask.text(
      words.leqiId,
      checks.of("leqiId", (text) => ({ leqiId: text })),
    ));
  const customer = await unlessGiven(options, "customer", words.customer, ask, checks);
  const registeredIp = await unlessGiven(options, "registeredIp", words.registeredIp, ask, checks);
  const host = options.host ?? (await askForHosts(ask, checks));
  const delivery =
    options.delivery ?? (await ask.choice(words.delivery, { ssh: words.ssh, bundle: words.bundle }));
  const tls =
    options.tls ?? (await ask.choice(words.tls, { "self-signed": words.selfSigned, none: words.http }));
  const allow = options.allow ?? (await askForSources({ environment, topology }, ask, checks));
  return {
    ...{
      ...options,
      ...customer,
      ...registeredIp,
      environment,
      topology,
      leqiId,
      host,
      delivery,
      tls,
      allow,
    },
    ...(delivery === "ssh" ? await askForLogin(options, ask, checks) : {}),
  };
}

/** What may be left empty, and is no key of the file then. */
async function unlessGiven(
  options: NewOptions,
  option: "customer" | "registeredIp",
  question: string,
  ask: Asker,
  checks: AnswerChecks,
): Promise<NewOptions> {
  const asOption = (text: string): NewOptions => (text === "" ? {} : { [option]: text });
  return options[option] !== undefined ? {} : asOption(await ask.text(question, checks.of(option, asOption)));
}

async function askForHosts(ask: Asker, checks: AnswerChecks): Promise<string[]> {
  // Commas of either keyboard: in an address they can mean nothing else.
  const hostsIn = (text: string): string[] => text.split(/[\s,，、;；]+/).filter((address) => address !== "");
  const check = checks.of("host", (text) => ({ host: hostsIn(text) }));
  return hostsIn(await ask.text(ask.words.host, check));
}

async function askForLogin(options: NewOptions, ask: Asker, checks: AnswerChecks): Promise<NewOptions> {
  const { words } = ask;
  const asUser = (text: string): string => (text === "" ? USUAL_USER : text);
  const checkUser = checks.of("user", (text) => ({ user: asUser(text) }));
  const user = options.user ?? asUser(await ask.text(words.user, checkUser));
  const auth =
    options.auth ??
    (await ask.choice(words.auth, { agent: words.agent, key: words.key, password: words.password }));
  const sudo =
    options.sudo ??
    (user === "root"
      ? undefined
      : await ask.choice(words.sudo, { nopasswd: words.nopasswd, password: words.withPassword }));
  const way = await askForBastion(options, ask, checks);
  return { user, auth, ...(sudo === undefined ? {} : { sudo }), ...way };
}

/** How its machines are reached: directly, where nothing comes of it. */
async function askForBastion(options: NewOptions, ask: Asker, checks: AnswerChecks): Promise<NewOptions> {
  const { words } = ask;
  const isThere =
    options.bastion !== undefined ||
    (await ask.choice(words.way, { directly: words.directly, bastion: words.throughBastion })) === "bastion";
  if (!isThere) return {};
  const checkBastion = checks.of("bastion", (text) => ({ bastion: text }));
  const bastion = options.bastion ?? (await ask.text(words.bastion, checkBastion));
  const checkUser = checks.of("bastionUser", (text) => ({ bastion, bastionUser: text }));
  const bastionUser = options.bastionUser ?? (await ask.text(words.bastionUser, checkUser));
  const bastionAuth =
    options.bastionAuth ??
    (await ask.choice(words.bastionAuth, { agent: words.agent, key: words.key, password: words.password }));
  return { bastion, bastionUser, bastionAuth };
}

/** One after the other, until nothing is said; in a private cloud at least one, since nothing is inherited there. */
async function askForSources(known: NewOptions, ask: Asker, checks: AnswerChecks): Promise<string[]> {
  const sources: string[] = [];
  const all = (text: string): string[] => (text === "" ? sources : [...sources, text]);
  const check = checks.of("allow", (text) => ({ ...known, allow: all(text) }));
  for (;;) {
    const text = await ask.text(ask.words.allow, check);
    if (text === "") return sources;
    sources.push(text);
  }
}
