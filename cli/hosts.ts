import { stackInputFromFile } from "../config/fromYaml";
import { stackFile } from "../config/input";
import { isEnvironment } from "../config/lists";
import { parseStack } from "../config/parse";
import type { ProjectFolder } from "../config/projectFolder";
import type { HostConfig, StackConfig } from "../config/types";
import { isUntouched } from "../documents/delivery";
import type { Answer } from "../fleet/askHosts";
import type { Language } from "../words/language";
import { SHARED_WORDS, type SharedWords } from "../words/shared";

/** A stack, and those of its hosts that a command is about. */
export interface Chosen {
  readonly config: StackConfig;
  /** Those that are dialled. */
  readonly dialled: readonly HostConfig[];
  /** Those that nobody dials: a person carries out what is to be done there, or they are out. */
  readonly untouched: readonly HostConfig[];
}

/**
 * @param names of hosts; none: all of the stack
 * @throws ConfigError for mistakes in the file; Error for a name that is no host's.
 */
export function chosenHosts(folder: ProjectFolder, stack: string, names: readonly string[]): Chosen {
  const config = parseStack(stackInputFromFile(folder, stack));
  const all = config.hosts.map(({ name }) => name);
  const unknown = names.filter((name) => !all.includes(name));
  if (unknown.length > 0) {
    throw new Error(
      `${stack} has no host ${unknown.join(", ")}; expected of ${all.join(", ") || "none: it has no hosts"}`,
    );
  }
  const hosts = config.hosts.filter(({ name }) => names.length === 0 || names.includes(name));
  return {
    config,
    dialled: hosts.filter((host) => !isUntouched(host)),
    untouched: hosts.filter(isUntouched),
  };
}

/** What is said of a stack that has no hosts to be asked; undefined where it has. */
export function saidOfNoHosts({ stack, hosts }: StackConfig, language: Language): string | undefined {
  if (hosts.length > 0) return undefined;
  const words = SHARED_WORDS[language];
  return isEnvironment(stack) ? words.isList(stack) : words.noHosts(stack, stackFile(stack));
}

/** Says on stderr which hosts are asked, and who answered: a dead one takes its time. */
export class Progress {
  private left: number;
  private readonly words: SharedWords;

  constructor(
    language: Language,
    private readonly what: string,
    private readonly hosts: number,
  ) {
    this.words = SHARED_WORDS[language];
    this.left = hosts;
  }

  start(): void {
    if (this.hosts > 0) this.say(this.words.asking(this.what, this.hosts));
  }

  readonly told = ({ host, problem }: Answer<unknown>): void => {
    this.left -= 1;
    const { answered, silent, left } = this.words;
    const told = (problem === undefined ? answered : silent)(host.name);
    if (this.hosts > 1) this.say(this.left === 0 ? told : left(told, this.left));
  };

  private say(text: string): void {
    if (process.stderr.isTTY) console.error(text);
  }
}
