import type { Asker } from "./asker";
import type { NewOptions } from "./newAnswers";

/** The same flags, with what is missing asked of a person. What has a default that fits is asked too: it is seldom right unseen. */
export async function askFor(options: NewOptions, ask: Asker): Promise<NewOptions> {
  const { words } = ask;
  const environment =
    options.environment ?? (await ask.choices(words.environments, { sandbox: "sandbox", prod: "prod" }));
  const topology =
    options.topology ??
    (await ask.choice(words.topology, { "public-cloud": words.public, "private-cloud": words.private }));
  const leqiId = options.leqiId ?? (await ask.text(words.leqiId));
  const customer = options.customer ?? (await ask.text(words.customer));
  const host = options.host ?? (await ask.text(words.host)).split(/\s+/).filter((address) => address !== "");
  const delivery =
    options.delivery ?? (await ask.choice(words.delivery, { ssh: words.ssh, bundle: words.bundle }));
  const tls =
    options.tls ?? (await ask.choice(words.tls, { "self-signed": words.selfSigned, none: words.http }));
  const allow = options.allow ?? (await askForSources(ask));
  return {
    ...{ ...options, environment, topology, leqiId, host, delivery, tls, allow },
    ...(customer === "" ? {} : { customer }),
    ...(delivery === "ssh" ? await askForLogin(options, ask) : {}),
  };
}

async function askForLogin(options: NewOptions, ask: Asker): Promise<NewOptions> {
  const { words } = ask;
  const user = options.user ?? (await ask.text(words.user));
  const auth =
    options.auth ??
    (await ask.choice(words.auth, { agent: words.agent, key: words.key, password: words.password }));
  const sudo =
    options.sudo ??
    (user === "root"
      ? undefined
      : await ask.choice(words.sudo, { nopasswd: words.nopasswd, password: words.withPassword }));
  return { user, auth, ...(sudo === undefined ? {} : { sudo }), ...(await askForBastion(options, ask)) };
}

/** How its machines are reached: directly, where nothing comes of it. */
async function askForBastion(options: NewOptions, ask: Asker): Promise<NewOptions> {
  const { words } = ask;
  const isThere =
    options.bastion !== undefined ||
    (await ask.choice(words.way, { directly: words.directly, bastion: words.throughBastion })) === "bastion";
  if (!isThere) return {};
  const bastion = options.bastion ?? (await ask.text(words.bastion));
  const bastionUser = options.bastionUser ?? (await ask.text(words.bastionUser));
  const bastionAuth =
    options.bastionAuth ??
    (await ask.choice(words.bastionAuth, { agent: words.agent, key: words.key, password: words.password }));
  return { bastion, bastionUser, bastionAuth };
}

async function askForSources(ask: Asker): Promise<string[]> {
  const sources: string[] = [];
  for (;;) {
    const text = await ask.text(ask.words.allow);
    if (text === "") return sources;
    sources.push(text);
  }
}
